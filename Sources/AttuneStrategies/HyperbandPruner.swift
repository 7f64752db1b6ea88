public import AttuneCore
import AttuneNumerics

/// Shares trials among brackets of successive halving that begin to stop at different rungs.
///
/// For: when it is not known how early a curve tells its end. L. Li et al., "Hyperband: a novel
/// bandit-based approach to hyperparameter optimization", JMLR 18 (2018), as Optuna does it: bracket b of
/// ⌊log(max_resource / min_resource)⌋ + 1, to the base `reduction_factor`, leaves out b rungs; it gets its
/// share of Hyperband's trials, each by a hash of its number, and only trials of one bracket are compared.
///
/// Options: `min_resource` = 1 or more (1); `max_resource` = 1 or more (one more than the largest step of
/// the first COMPLETE trial that reported; until then nothing is stopped); `reduction_factor` = 2 or more
/// (3); `bootstrap_count` = 0 or more (0); `resume` = true or false (false), whether those that do not go on
/// are paused, and go on when they are among the best of their bracket.
///
/// Looks at each report of the trial, and where it reaches a rung at all trials.
public struct HyperbandPruner: Pruner {
  public static let description = PrunerDescription(
    name: "hyperband",
    summary: "brackets of successive halving that begin to stop at different rungs",
    supportsSeveralObjectives: false,
    options: [
      OptionDescription(
        "min_resource", .int(low: 1, high: .max), default: .int(1), "the step of the first rung"),
      OptionDescription(
        "max_resource", .int(low: 1, high: .max), default: .null,
        "the steps of a whole trial; without, as the first COMPLETE trial tells"),
      HalvingOptions.factor(3), HalvingOptions.bootstrap, HalvingOptions.resume,
    ])

  private let direction: Direction
  private let minimum: Int64
  private let maximum: Int64?
  private let factor: Int64
  private let bootstrapCount: Int
  /// Whether the option `resume` is on.
  public let resumes: Bool

  public init(directions: [Direction], options: Options) throws(AttuneError) {
    direction = directions.first ?? .minimize
    minimum = Int64(options.int("min_resource") ?? 1)
    maximum = options.int("max_resource").map(Int64.init)
    factor = Int64(options.int("reduction_factor") ?? 3)
    bootstrapCount = options.int("bootstrap_count") ?? 0
    resumes = options.bool("resume") ?? false
    if let maximum, maximum < minimum {
      throw AttuneError(
        .invalidArgument,
        "pruner hyperband: max_resource is \(maximum), wanted at least min_resource, \(minimum)",
        subject: "options.max_resource")
    }
  }

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? {
    guard let shares = shares(study.finished) else { return nil }
    let bracket = Self.bracket(of: trial.number, shares)
    let reason = rule(bracket).reason(trial, resource: minimum, given: study) {
      Self.bracket(of: $0, shares) == bracket
    }
    return reason.map { "bracket \(bracket), \($0)" }
  }

  /// The highest step first; where brackets have it alike, the first bracket.
  public func promotion(among paused: [ReportingTrial], given study: StudyReports) -> Int? {
    guard !paused.isEmpty, let shares = shares(study.finished) else { return nil }
    var best: (trial: Int, goal: Int64)?
    for bracket in shares.indices {
      let found = rule(bracket).promotion(among: paused, resource: minimum, given: study) {
        Self.bracket(of: $0, shares) == bracket
      }
      if let found, found.goal > best?.goal ?? 0 { best = found }
    }
    return best?.trial
  }

  private func rule(_ bracket: Int) -> HalvingRule {
    HalvingRule(
      direction: direction, factor: factor, offset: bracket, bootstrapCount: bootstrapCount,
      start: .best)
  }

  /// The shares of the brackets, once it is known how many there are.
  private func shares(_ finished: FinishedReports) -> [Double]? {
    let found = maximum ?? finished.largestStep(ofFirst: 1).map { $0 == .max ? $0 : $0 + 1 }
    guard let maximum = found, maximum >= minimum else { return nil }
    return Self.shares(count: bracketCount(maximum), factor: factor)
  }

  /// How often the minimum can be multiplied by the factor within the maximum, and once more.
  private func bracketCount(_ maximum: Int64) -> Int {
    var (count, step) = (1, minimum)
    while step <= maximum / factor {
      step *= factor
      count += 1
    }
    return count
  }

  /// How many of Hyperband's trials each bracket gets.
  static func shares(count: Int, factor: Int64) -> [Double] {
    (0..<count).map { bracket in
      let halvings = count - 1 - bracket
      var trials = Double(count)
      for _ in 0..<halvings { trials *= Double(factor) }
      return (trials / Double(halvings + 1)).rounded(.up)
    }
  }

  /// The bracket of a trial: the same whoever asks, and as often as its share says.
  static func bracket(of number: Int, _ shares: [Double]) -> Int {
    let bits = splitMix64(UInt64(truncatingIfNeeded: number) ^ 0x4879_7065_7262_616E)
    var rest = Double(bits >> 11) * 0x1p-53 * shares.reduce(0, +)
    for (bracket, share) in shares.enumerated() {
      rest -= share
      if rest < 0 { return bracket }
    }
    return shares.count - 1
  }
}

/// Decides whether a running trial is given up.
///
/// Like a strategy it sees values only, and answers the same for the same arguments.
public protocol Pruner: Sendable {
  static var description: PrunerDescription { get }

  init(directions: [Direction], options: Options) throws(AttuneError)

  /// Why to stop a trial after its last report, in one line for people; `nil` where it goes on.
  func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String?

  /// Whether trials it gives up are paused, where they can be, and may go on later.
  var resumes: Bool { get }

  /// The one of some paused trials that is to go on first, as things are now; `nil` where none is.
  func promotion(among paused: [ReportingTrial], given study: StudyReports) -> Int?
}

extension Pruner {
  public var resumes: Bool { false }

  public func promotion(among paused: [ReportingTrial], given study: StudyReports) -> Int? { nil }
}

/// What a pruner says of itself.
public struct PrunerDescription: Sendable {
  public let name: String
  public let summary: String
  public let supportsSeveralObjectives: Bool
  public let options: [OptionDescription]

  public init(
    name: String, summary: String, supportsSeveralObjectives: Bool,
    options: [OptionDescription] = []
  ) {
    self.name = name
    self.summary = summary
    self.supportsSeveralObjectives = supportsSeveralObjectives
    self.options = options
  }
}

/// The intermediate values of one trial, in the order they came.
public struct Reports: Sendable, Hashable {
  /// What a trial reported at one step.
  public struct Report: Sendable, Hashable {
    public let step: Int64
    /// One per objective.
    public let values: [Double]

    public init(step: Int64, values: [Double]) {
      self.step = step
      self.values = values
    }
  }

  public private(set) var all: [Report] = []
  private var latestIndex: Int?

  public init() {}

  /// Adds a report; `false`, and nothing kept, when the step has one already.
  @discardableResult
  public mutating func add(step: Int64, values: [Double]) -> Bool {
    // Steps nearly always rise, so only a step that does not is searched for.
    if let latest, step <= latest.step, all.contains(where: { $0.step == step }) { return false }
    if latest.map({ step > $0.step }) ?? true { latestIndex = all.count }
    all.append(Report(step: step, values: values))
    return true
  }

  /// The report with the largest step.
  public var latest: Report? { latestIndex.map { all[$0] } }

  /// The report at exactly a step.
  public func report(at step: Int64) -> Report? {
    // Mostly steps count up by one from the first.
    if let first = all.first, step >= first.step {
      let (place, overflow) = step.subtractingReportingOverflow(first.step)
      if !overflow, place < Int64(all.count), all[Int(place)].step == step {
        return all[Int(place)]
      }
    }
    return all.first { $0.step == step }
  }
}

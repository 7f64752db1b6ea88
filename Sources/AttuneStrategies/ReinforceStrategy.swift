public import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  /// The draws of `ReinforceStrategy`.
  static let policy: UInt32 = 0x4556_4F03
}

/// Learns by reinforcement which choices pay: a policy over the space, moved towards better rewards.
///
/// For: architectures and other spaces of choices, with a thousand evaluations or more; below that
/// `evolution` finds better sooner. The policy gradient of R. Williams ("Simple statistical
/// gradient-following algorithms for connectionist reinforcement learning", Machine Learning 8, 1992)
/// as B. Zoph and Q. Le use it ("Neural architecture search with reinforcement learning", ICLR 2017),
/// with a controller that has one distribution a parameter (`ChoicePolicy`); numbers are drawn from
/// `bins` parts of their range. A parameter's distribution is the same whatever its parents are.
///
/// A reward is how far a value is better than the mean so far, in standard deviations, within ±3; a
/// failed trial has −3, and so has one that breaks constraints; a pruned one has its last value's, at
/// most 0. The baseline is a moving average of rewards. Whenever `batch_size` rewards have come, the
/// policy takes one step; trials that an older policy proposed, or others, are weighed by how much
/// likelier they are now, within 0.8 to 1.2 (the clipping of J. Schulman et al., "Proximal policy
/// optimization", 2017). A bonus for entropy that falls to a tenth over a thousand trials keeps the policy
/// from settling early. A point that was evaluated is drawn again, up to twenty times (unless `noisy`).
/// The policy is rebuilt from the log alone, bit by bit. One objective.
///
/// Options: `learning_rate` = above 0 to 10 (0.05); `batch_size` = 1 or more (8); `entropy` = 0 or more
/// (0.01); `baseline_decay` = 0 to 1 (0.95); `bins` = 2 to 1,000 (10); `noisy` (false).
///
/// An ask and a tell together take 5 µs with ten parameters.
public struct ReinforceStrategy: Strategy {
  public static let description = StrategyDescription(
    name: "reinforce",
    summary: "a policy over the choices, learned by reinforcement; for long architecture searches",
    supportsSeveralObjectives: false, supportsConditions: true, supportsDefineByRun: true,
    options: [
      OptionDescription(
        "learning_rate", .float(low: 1e-9, high: 10), default: .float(0.05),
        "the size of a step of the policy"),
      OptionDescription(
        "batch_size", .int(low: 1, high: 1 << 20), default: .int(8),
        "rewards from one step of the policy to the next"),
      OptionDescription(
        "entropy", .float(low: 0, high: 1000), default: .float(0.01),
        "how much an undecided policy is worth at first; a tenth of it after 1,000 trials"),
      OptionDescription(
        "baseline_decay", .float(low: 0, high: 1), default: .float(0.95),
        "how much of the mean reward so far stays with each new one"),
      OptionDescription(
        "bins", .int(low: 2, high: 1000), default: .int(10),
        "parts of a number's range that have a probability each"),
      OptionDescription(
        "noisy", .bool, default: .bool(false),
        "values differ when repeated: points may come again"),
    ])

  private let genes: Genes
  private let direction: Direction
  private let rate: Double
  private let batchSize: Int
  private let entropy: Double
  private let baselineDecay: Double
  private let isNoisy: Bool
  private let untaught: ChoicePolicy
  private var learner: Learner

  /// What the log has taught so far.
  private struct Learner: Sendable {
    var policy: ChoicePolicy
    var seen = SeenPoints()
    var eventCount = 0
    var rewards = RunningRewards()
    /// What each trial's policy thought of it; `nil` for one that was never asked.
    var logProbabilities: [Double?] = []
    var batch: [(actions: [Int], reward: Double, logProbability: Double)] = []

    init(_ policy: ChoicePolicy) { self.policy = policy }
  }

  private static let retryLimit = 20
  private static let entropyTrials = 1000.0

  public init(space: Space, directions: [Direction], options: Options) throws(AttuneError) {
    genes = Genes(space)
    direction = directions.first ?? .minimize
    rate = options.float("learning_rate") ?? 0.05
    batchSize = options.int("batch_size") ?? 8
    entropy = options.float("entropy") ?? 0.01
    baselineDecay = options.float("baseline_decay") ?? 0.95
    isNoisy = options.bool("noisy") ?? false
    untaught = ChoicePolicy(genes, binCount: options.int("bins") ?? 10)
    learner = Learner(untaught)
  }

  public mutating func propose(_ request: Request, given history: History) -> Point? {
    read(history)
    var stream = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.policy, salt: UInt64(request.attempt))
    var point = drawn(request, &stream)
    for _ in 0..<Genes.allowedLimit where !genes.space.allows(point) {
      point = drawn(request, &stream)
    }
    for _ in 0..<Self.retryLimit where !isNoisy && learner.seen.contains(point) {
      let next = drawn(request, &stream)
      if genes.space.allows(next) { point = next }
    }
    return point
  }

  private func drawn(_ request: Request, _ stream: inout RandomStream) -> Point {
    genes.point(request) { learner.policy.drawn($0, &stream) }
  }

  private mutating func read(_ history: History) {
    // An earlier moment than the last: what is known since must be forgotten.
    if history.eventCount < learner.eventCount { learner = Learner(untaught) }
    while learner.eventCount < history.eventCount {
      let event = history.event(learner.eventCount)
      learner.seen.follow(event, in: history)
      switch event {
      case .asked(let trial): note(trial, history)
      case .finished(let trial): learn(trial, history)
      }
      learner.eventCount += 1
    }
  }

  private mutating func note(_ trial: Int, _ history: History) {
    while learner.logProbabilities.count <= trial { learner.logProbabilities.append(nil) }
    learner.logProbabilities[trial] = learner.policy.logProbability(
      learner.policy.actions(of: history.askedPoint(trial)))
  }

  private mutating func learn(_ trial: Int, _ history: History) {
    guard trial < learner.logProbabilities.count, let asked = learner.logProbabilities[trial],
      let reward = reward(trial, history)
    else { return }
    let actions = learner.policy.actions(of: history.point(trial))
    // What a define-by-run objective asked for in the end may not be what the policy chose.
    let isChosen = actions == learner.policy.actions(of: history.askedPoint(trial))
    let logProbability = isChosen ? asked : learner.policy.logProbability(actions)
    learner.batch.append((actions, reward, logProbability))
    guard learner.batch.count >= batchSize else { return }
    let samples = learner.batch.map { sample in
      let gain = learner.policy.logProbability(sample.actions) - sample.logProbability
      let ratio = min(max(Elementary.exp(min(gain, 1)), 0.8), 1.2)
      return (
        actions: sample.actions, weight: ratio * (sample.reward - learner.rewards.baseline)
      )
    }
    for sample in learner.batch { learner.rewards.follow(sample.reward, decay: baselineDecay) }
    let progress = min(Double(learner.rewards.count) / Self.entropyTrials, 1)
    learner.policy.step(samples, entropy: entropy * (1 - 0.9 * progress), rate: rate)
    learner.batch.removeAll(keepingCapacity: true)
  }

  /// How well a trial did; `nil` for one that tells nothing.
  private mutating func reward(_ trial: Int, _ history: History) -> Double? {
    let raw = history.value(trial)
    let value = direction == .minimize ? -raw : raw
    let state = history.state(trial)
    if state == .pruned, value.isNaN { return nil }
    guard state != .fail, !value.isNaN, value > -.infinity, history.violation(trial) <= 0 else {
      return -RunningRewards.limit
    }
    let reward = learner.rewards.reward(value)
    return state == .pruned ? min(reward, 0) : reward
  }
}

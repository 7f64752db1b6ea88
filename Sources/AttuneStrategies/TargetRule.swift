public import AttuneCore

/// Ends a search when a value is good enough.
///
/// For: searches of which is known what suffices. Holds from the first COMPLETE trial on that violates no
/// constraint and whose value is `value` or better: no larger where it is minimized, no smaller where it is
/// maximized.
///
/// Options: `value`, a number; must be given.
///
/// O(1) a trial.
public struct TargetRule: StopRule {
  public static let description = StopRuleDescription(
    name: "target", summary: "a value as good as this, or better", needsSpace: false,
    endsEveryRun: false,
    options: [
      OptionDescription(
        "value", .float(low: -.infinity, high: .infinity), default: .null, "the value to reach")
    ])

  private let direction: Direction
  private let target: Double
  /// The first trial that reached the target.
  private var reached: (trial: Int, value: Double)?

  public init(space: Space, direction: Direction, options: Options) throws(AttuneError) {
    self.direction = direction
    guard let target = options.float("value") else {
      throw AttuneError(
        .invalidArgument, "stop rule target: no value is given, wanted a number, as in target=0.01",
        subject: "options.value")
    }
    self.target = target
  }

  public mutating func follow(_ trial: Int, in history: History) {
    guard reached == nil, history.state(trial) == .complete, history.violation(trial) == 0 else {
      return
    }
    let value = history.value(trial)
    if value == target || direction.isBetter(value, than: target) { reached = (trial, value) }
  }

  public func reasonToStop() -> String? {
    reached.map { "trial \($0.trial) has \($0.value), the target is \(target)" }
  }
}

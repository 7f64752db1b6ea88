public import AttuneCore

/// Ends a search that has found nothing better for some trials.
///
/// For: any search that should not go on for nothing; needs no model and no idea of the values. Every
/// finished trial counts, whatever became of it; COMPLETE ones can be better. One that violates its
/// constraints less is better than any that violates them more; among equal ones the value counts, and
/// must be better than the best by more than `min_delta`, so that small steps count once they add up.
/// (Optuna's BestValueStagnationEvaluator counts COMPLETE trials alone.)
///
/// Options: `patience` = 1 or more (30); `min_delta` = 0 or more (0), in units of the value.
///
/// O(1) a trial.
public struct NoImprovementRule: StopRule {
  public static let description = StopRuleDescription(
    name: "no_improvement", summary: "nothing better for so many trials", needsSpace: false,
    endsEveryRun: true,
    options: [
      OptionDescription(
        "patience", .int(low: 1, high: 1 << 40), default: .int(30),
        "how many trials may end without a better value"),
      OptionDescription(
        "min_delta", .float(low: 0, high: .infinity), default: .float(0),
        "a value better by no more than this is not better"),
    ])

  private let direction: Direction
  private let patience: Int
  private let margin: Double
  private var best: (trial: Int, value: Double, violation: Double)?
  /// Trials that ended since the best one.
  private var staleCount = 0

  public init(space: Space, direction: Direction, options: Options) throws(AttuneError) {
    self.direction = direction
    patience = options.int("patience") ?? 30
    margin = options.float("min_delta") ?? 0
  }

  public mutating func follow(_ trial: Int, in history: History) {
    staleCount += 1
    guard history.state(trial) == .complete else { return }
    let (value, violation) = (history.value(trial), history.violation(trial))
    guard isBetter(value, violation) else { return }
    best = (trial, value, violation)
    staleCount = 0
  }

  private func isBetter(_ value: Double, _ violation: Double) -> Bool {
    guard let best else { return true }
    guard violation == best.violation else { return violation < best.violation }
    let limit = direction == .minimize ? best.value - margin : best.value + margin
    return direction.isBetter(value, than: limit)
  }

  public func reasonToStop() -> String? {
    guard staleCount >= patience else { return nil }
    guard let best else { return "none of \(staleCount) trials is complete" }
    let wanted = margin > 0 ? "nothing better by more than \(margin)" : "nothing better"
    return "\(wanted) in \(staleCount) trials than \(best.value) of trial \(best.trial)"
  }
}

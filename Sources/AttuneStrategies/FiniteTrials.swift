import AttuneCore

/// The COMPLETE trials whose values are all finite: what importances are computed from.
struct FiniteTrials {
  /// Ascending.
  private(set) var numbers: [Int] = []
  /// Row-major, trials x objectives, as if all were to be minimised.
  private(set) var values: [Double] = []

  init(_ history: History, _ directions: [Direction]) {
    var isComplete = [Bool](repeating: false, count: history.trialCount)
    for index in 0..<history.eventCount {
      guard case .finished(let number) = history.event(index) else { continue }
      isComplete[number] = history.state(number) == .complete
    }
    for number in 0..<history.trialCount where isComplete[number] {
      let own = directions.enumerated().map { objective, direction in
        let value = history.value(number, objective: objective)
        return direction == .minimize ? value : -value
      }
      guard own.allSatisfy(\.isFinite) else { continue }
      numbers.append(number)
      values += own
    }
  }
}

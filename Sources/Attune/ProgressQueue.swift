import Synchronization

/// Hands finished trials to the progress callback, one at a time and without a lock.
final class ProgressQueue: Sendable {
  private let study: Study
  private let callback: (@Sendable (Study, TrialRecord) -> Bool)?
  private let state = Mutex(State())

  private struct State {
    var waiting: [Int] = []
    var isDraining = false
  }

  init(_ study: Study, _ callback: (@Sendable (Study, TrialRecord) -> Bool)?) {
    self.study = study
    self.callback = callback
  }

  /// Reports a finished trial, here or on the thread that is reporting already; calls `end` as soon
  /// as the callback asks for it. Trials that are finished by then are still reported.
  func add(_ number: Int, end: () -> Void) {
    guard let callback else { return }
    let drains = state.withLock { state in
      state.waiting.append(number)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    while drains {
      let batch = state.withLock { state -> [Int]? in
        guard !state.waiting.isEmpty else {
          state.isDraining = false
          return nil
        }
        defer { state.waiting = [] }
        return state.waiting
      }
      guard let batch else { break }
      for number in batch where !callback(study, study.record(number)) { end() }
    }
  }
}

import Attune
import AttuneCore
import Glibc
import Synchronization

/// One line with a bar, the best value and the time left, drawn again at most ten times a second.
///
/// `Best trial: 3. Best value: 0.08: 42%|████▏     | 42/100 [00:10<00:14, 4.2/s]`
final class BarProgress: ProgressReporter {
  private struct State {
    var run: RunFacts?
    var start = 0.0
    var drawn = 0.0
    var isDrawn = false
    var isOver = false
    var best: BestSoFar.Trial?
    var counts = TrialCounts()
  }

  private static let interval = 0.1
  private let state = Mutex(State())
  /// Block characters where the terminal's encoding has them.
  private let usesBlocks: Bool

  init() {
    let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
    let values = names.compactMap { name in getenv(name).map { String(cString: $0) } }
    let locale = values.first { !$0.isEmpty }
    usesBlocks = (locale ?? "").lowercased().replacing("-", with: "").contains("utf8")
  }

  func began(_ run: RunFacts) {
    state.withLock { state in
      state.run = run
      state.start = TimeText.monotonic
      draw(&state, at: state.start)
    }
    startTicking()
  }

  func finished(_ trial: TrialRecord, best: BestSoFar, counts: TrialCounts) {
    let now = TimeText.monotonic
    state.withLock { state in
      state.best = best.trial
      state.counts = counts
      if now - state.drawn >= Self.interval { draw(&state, at: now) }
    }
    if trial.state == .fail && counts.failed <= 3 {
      let reason = TextTable.oneLine(trial.failure?.reason ?? "no reason given")
      log("trial \(trial.number) failed: \(reason)")
    }
  }

  func log(_ line: String) {
    state.withLock { state in
      let wasDrawn = state.isDrawn
      StandardStream.error.write((wasDrawn ? "\r\u{1b}[K" : "") + line + "\n")
      if wasDrawn { draw(&state, at: TimeText.monotonic) }
    }
  }

  func ended() {
    state.withLock { state in
      guard !state.isOver else { return }
      draw(&state, at: TimeText.monotonic)
      StandardStream.error.write("\n")
      state.isDrawn = false
      state.isOver = true
    }
  }

  /// Draws once a second while a long trial runs, so that the clock goes on.
  private func startTicking() {
    let context = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<BarProgress>.fromOpaque(argument).takeRetainedValue().tick()
        return nil
      }, context.toOpaque())
    // Without the thread the bar moves with the trials alone.
    if code == 0 { pthread_detach(thread) } else { context.release() }
  }

  private func tick() {
    while true {
      usleep(500_000)
      let isOver = state.withLock { state in
        let now = TimeText.monotonic
        if !state.isOver && now - state.drawn >= 0.5 { draw(&state, at: now) }
        return state.isOver
      }
      if isOver { return }
    }
  }

  private func draw(_ state: inout State, at now: Double) {
    guard let run = state.run, !state.isOver else { return }
    let line = BarLine(
      run: run, best: state.best, counts: state.counts, elapsed: now - state.start,
      usesBlocks: usesBlocks)
    // One column stays free: some terminals wrap after the last.
    let text = line.text(columns: StandardStream.error.columns - 1)
    StandardStream.error.write("\r\(text)\u{1b}[K")
    state.drawn = now
    state.isDrawn = true
  }
}

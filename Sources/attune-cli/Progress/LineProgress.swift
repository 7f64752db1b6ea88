import Attune
import AttuneCore

/// A line for each trial in the words of Optuna's log, which scripts look for.
final class LineProgress: ProgressReporter {
  func began(_ run: RunFacts) {
    let place = run.storage.map { "in \(StorageOptions.shown($0))" } ?? "in memory"
    let sentence =
      run.isContinued
      ? "Using an existing study with name '\(run.studyName)' instead of creating a new one."
      : "A new study created \(place) with name: \(run.studyName)"
    log("[I \(TimeText.logStamp(TimeText.microseconds))] \(sentence)")
  }

  func finished(_ trial: TrialRecord, best: BestSoFar, counts: TrialCounts) {
    log(Self.line(trial, best: best))
  }

  func log(_ line: String) { StandardStream.error.writeLine(line) }

  func ended() {}

  static func line(_ trial: TrialRecord, best: BestSoFar) -> String {
    let time = trial.finished > 0 ? trial.finished : TimeText.microseconds
    let stamp = TimeText.logStamp(time)
    let params = PythonLiteral.text(trial.params)
    switch trial.state {
    case .pruned:
      return "[I \(stamp)] Trial \(trial.number) pruned."
    case .complete:
      var line = "[I \(stamp)] Trial \(trial.number) finished with "
      if trial.values.count == 1 {
        line += "value: \(PythonLiteral.text(trial.values[0])) and parameters: \(params)."
      } else {
        let values = trial.values.map(PythonLiteral.text).joined(separator: ", ")
        line += "values: [\(values)] and parameters: \(params)."
      }
      if let best = best.trial {
        line += " Best is trial \(best.number) with value: \(PythonLiteral.text(best.value))."
      }
      return line
    case .fail, .running, .waiting:
      let reason = TextTable.oneLine(trial.failure?.reason ?? "no reason given")
      return "[W \(stamp)] Trial \(trial.number) failed with parameters: \(params) because of the "
        + "following error: \(reason)"
    }
  }
}

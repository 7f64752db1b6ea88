import Attune
import AttuneCore

/// A JSON object for each event of a run, one a line, for programs that watch.
final class JSONProgress: ProgressReporter {
  private let start = TimeText.monotonic

  func began(_ run: RunFacts) {
    write([
      "event": "start", "study": .string(run.studyName),
      "storage": run.storage.map { .string(StorageOptions.shown($0)) } ?? .null,
      "strategy": .string(run.strategy), "seed": JSON(run.seed),
      "continued": .bool(run.isContinued), "trials_before": .int(Int64(run.trialCount)),
      "n_trials": run.limit.map { .int(Int64($0)) } ?? .null,
    ])
  }

  func finished(_ trial: TrialRecord, best: BestSoFar, counts: TrialCounts) {
    var params = JSON.Object()
    for param in trial.params { params[param.name] = param.value.json }
    var event: JSON.Object = [
      "event": "trial", "number": .int(Int64(trial.number)), "state": .string(trial.state.name),
      "values": .array(trial.values.map(JSON.float)), "params": .object(params),
    ]
    if let failure = trial.failure { event["reason"] = .string(failure.reason) }
    if let best = best.trial {
      event["best"] = ["number": .int(Int64(best.number)), "value": .float(best.value)]
    }
    event["complete"] = .int(Int64(counts.complete))
    event["pruned"] = .int(Int64(counts.pruned))
    event["failed"] = .int(Int64(counts.failed))
    event["elapsed"] = .float(TimeText.monotonic - start)
    write(event)
  }

  func log(_ line: String) { write(["event": "log", "message": .string(line)]) }

  func ended() {
    write(["event": "end", "elapsed": .float(TimeText.monotonic - start)])
  }

  private func write(_ event: JSON.Object) {
    StandardStream.error.writeLine(JSON.object(event).text(.spaced))
  }
}

import Attune
import AttuneCore

/// What a run prints at its end: the result on standard output, what to do next on standard error.
struct RunSummary {
  let study: Study
  let settings: RunSettings
  let counts: TrialCounts
  let failures: FailureCounts
  let elapsed: Double
  let signal: Int32?
  let limit: Int?

  /// Prints and gives the exit status. `reason` is `nil` when failures ended the run.
  func print(reason: StopReason?, format: OutputFormat) throws -> ExitStatus {
    let best = try BestText(study)
    switch format {
    case .table: StandardStream.output.write(text(best, reason: reason))
    case .csv: best.print(.csv)
    case .json, .yaml: Listing(document: document(best, reason: reason)).print(format)
    }
    if settings.progress != ProgressMode.none && format == .table {
      StandardStream.error.write(nextSteps(best))
    }
    if let signal { return ExitStatus(signal: signal) }
    return best.best.isEmpty ? .noResult : .success
  }

  private func text(_ best: BestText, reason: StopReason?) -> String {
    let place = settings.storage.map { " in \(StorageOptions.shown($0))" } ?? ""
    var text = "Study \(study.name)\(place): \(counts.text) in \(TimeText.duration(elapsed))"
    switch reason {
    case .timeout: text += ", ended by the time limit"
    case .stopped: text += signal == nil ? ", ended by the objective" : ", interrupted"
    case .exhausted: text += ", every point is tried"
    case .rule(let verdict): text += ", ended by \(verdict.rule): \(verdict.reason)"
    case .nTrials: break
    case nil: text += ", ended by failures"
    }
    text += "\n"
    if failures.total > 0 { text += "\n" + failures.text }
    text += "\n"
    return text + (best.best.isEmpty ? "No trial is complete.\n" : best.text)
  }

  private func document(_ best: BestText, reason: StopReason?) -> JSON {
    var verdict: StopVerdict?
    if case .rule(let given) = reason { verdict = given }
    var object: JSON.Object = [
      "study": .string(study.name),
      "storage": settings.storage.map { .string(StorageOptions.shown($0)) } ?? .null,
      "strategy": .string(study.strategyName), "seed": JSON(study.seed),
      "directions": .array(study.directions.map { .string($0.name) }),
      "stop_reason": .string(
        signal == nil ? reason?.name ?? "failures" : "interrupted"),
      "stop_text": verdict.map { .string($0.reason) } ?? .null,
      "elapsed": .float(elapsed),
      "trials": [
        "complete": .int(Int64(counts.complete)), "pruned": .int(Int64(counts.pruned)),
        "failed": .int(Int64(counts.failed)),
      ],
      "failures": .array(
        failures.kinds.map {
          [
            "reason": .string($0.reason), "count": .int(Int64($0.count)),
            "first_trial": .int(Int64($0.firstTrial)),
          ]
        }),
    ]
    object[study.directions.count == 1 ? "best" : "best_trials"] = best.document
    return .object(object)
  }

  /// Commands to try now, with what this run was given.
  private func nextSteps(_ best: BestText) -> String {
    // A study in memory is gone.
    guard let storage = settings.storage else { return "" }
    let arguments = CommandLine.arguments.dropFirst().map(withoutPassword)
    let place =
      "\(StorageOptions.option(for: storage)) --study-name \(Shell.quoted(study.name))"
    let steps: [(command: String, what: String)] = [
      (Self.adding(missing(arguments), to: arguments), "go on"),
      best.best.isEmpty && counts.failed > 0
        ? ("attune trials\(place) --state fail", "see what failed")
        : ("attune trials\(place) --sort value", "see all trials"),
      ("attune export\(place) -O trials.csv", "take them to a notebook"),
    ]
    let width = steps.map(\.command.count).filter { $0 <= 72 }.max() ?? 0
    var text = "\nNext:\n"
    for step in steps {
      let space = String(repeating: " ", count: max(0, width - step.command.count))
      text += "  \(step.command)\(space)  # \(step.what)\n"
    }
    return text
  }

  /// An argument with the storage in it as people may see it.
  private func withoutPassword(_ argument: String) -> String {
    guard let storage = settings.storage, let range = argument.firstRange(of: storage) else {
      return argument
    }
    return argument[..<range.lowerBound] + StorageOptions.shown(storage)
      + argument[range.upperBound...]
  }

  /// What the arguments lack to go on with this study.
  private func missing(_ arguments: [String]) -> [String] {
    var more: [String] = []
    if settings.loadIfExists != true { more.append("--load-if-exists") }
    if settings.studyName == nil { more += ["--study-name", study.name] }
    return more
  }

  /// The command line again with options more, which stand before a `--`.
  private static func adding(_ options: [String], to arguments: [String]) -> String {
    let place = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return "attune "
      + Shell.joined(Array(arguments[..<place]) + options + Array(arguments[place...]))
  }
}

import Attune
import AttuneCore
import AttuneStrategies

/// One `attune run`: objective, study, progress, signals, result.
struct TuningRun {
  let settings: RunSettings
  let format: OutputFormat
  private let objective: any Objective
  /// What a study without a name is called.
  private let standardName: String

  init(_ given: RunSettings, format: OutputFormat) throws {
    var settings = given
    // A command of a study file runs in the file's folder, which this process then enters.
    if case .command? = settings.source, let storage = settings.storage,
      !storage.contains("://"), settings.workingDirectory ?? "." != "."
    {
      settings.storage = FilePath.absolute(storage)
    }
    objective = try ObjectiveMaker(settings).make()
    standardName = StudyMaker.name(for: Self.subject(of: objective, settings.source))
    // Not the only study of the storage, which may be another objective's.
    if settings.loadIfExists == true, settings.studyName == nil {
      settings.studyName = standardName
    }
    self.settings = settings
    self.format = format
  }

  func run() throws -> ExitStatus {
    for note in settings.notes { StandardStream.error.writeLine("attune: note: \(note)") }
    let made = try openStudy()
    let study = made.study
    defer { study.close() }
    if settings.studyName == nil, study.name != standardName, settings.progress != ProgressMode.none
    {
      StandardStream.error.writeLine(
        "attune: note: there is a study \"\(standardName)\" already; --load-if-exists goes on with it, "
          + "this is \"\(study.name)\"")
    }
    let before = study.trialCount
    do {
      if made.isNew {
        for point in settings.enqueue { try study.enqueue(point) }
      }
      if let pruner = settings.pruner {
        try study.setPruner(pruner, options: settings.prunerOptions)
      }
      return try optimize(study, isNew: made.isNew)
    } catch {
      // A run that could not begin leaves no empty study behind, which would stand in the way.
      if made.isNew, before == 0, try study.trials([.waiting]).count == study.trialCount,
        let storage = settings.storage
      {
        let name = study.name
        study.close()
        try Study.delete(storage: storage, name: name)
      }
      throw error
    }
  }

  private func openStudy() throws -> StudyMaker.Made {
    let maker = StudyMaker(settings)
    if settings.loadIfExists == true, let made = try maker.existing() { return made }
    let description = objective.description
    let own = try description.spaceJSON.map { json throws(AttuneError) in try Space(json: json) }
    guard let space = settings.space ?? own else {
      throw CommandError.usage(
        "\(description.kind) objective \"\(description.id)\" has no space of its own, wanted one",
        hint: "--space '{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}', or a file")
    }
    let directions =
      settings.directions.isEmpty
      ? description.directions ?? ObjectiveMaker.directions(of: objective) : settings.directions
    if description.kind != "plugin" {
      // Cheap, and finds a misspelt name before there is a study. A plugin may load data here.
      _ = try objective.makeEvaluator(for: space, valueCount: directions.count)
    }
    do {
      return try maker.create(space, directions: directions, standardName: standardName)
    } catch let error as CommandError where error.isNameTaken && settings.loadIfExists == true {
      // Another process made it at this moment.
      guard let made = try maker.existing() else { throw error }
      return made
    }
  }

  /// What a study without a name is called after: a command's script, or the objective.
  private static func subject(
    of objective: any Objective, _ source: RunSettings.Source?
  ) -> String {
    if case .command(let arguments, false)? = source {
      return arguments.first { $0.hasSuffix(".py") || $0.hasSuffix(".sh") } ?? arguments[0]
    }
    return objective.description.kind == "command" ? "command" : objective.description.id
  }

  private func optimize(_ study: Study, isNew: Bool) throws -> ExitStatus {
    let limit = try limit(study)
    let reporter = reporter()
    let outcome = RunOutcome(best: try BestSoFar(study))
    let watch = try InterruptWatch(
      onFirst: { signal in
        study.stop()
        reporter.log("attune: ending after the running trials; once more ends at once")
      },
      onSecond: {
        PatientObjective.endAll()
        reporter.ended()
      })
    LogSink.route(through: reporter)
    reporter.began(
      RunFacts(
        studyName: study.name, storage: settings.storage, isContinued: !isNew,
        trialCount: study.trialCount, limit: expected(study, limit: limit),
        timeout: settings.timeout,
        strategy: study.strategyName, seed: study.seed))
    var options = RunOptions()
    options.nTrials = limit ?? (settings.isEndless ? .max : nil)
    options.totalTrials = settings.totalTrials
    options.timeout = settings.timeout
    options.stopWhen = settings.stopWhen
    options.nJobs = settings.nJobs.map(\.number) ?? 1
    if let policy = settings.onFailure { _ = options.setFailurePolicy(policy) }
    options.maxFailures = settings.maxFailures
    options.progress = { _, record in
      let (best, counts) = outcome.take(record)
      reporter.finished(record, best: best, counts: counts)
      return watch.signal == nil
    }
    let start = TimeText.monotonic
    let result = Result { () throws(AttuneError) -> StopReason in
      try study.optimize(objective, options)
    }
    reporter.ended()
    LogSink.route(through: nil)
    let summary = RunSummary(
      study: study, settings: settings, counts: outcome.counts, failures: outcome.failures,
      elapsed: TimeText.monotonic - start, signal: watch.signal, limit: limit)
    switch result {
    case .success(let reason):
      return try summary.print(reason: reason, format: format)
    case .failure(let error) where error.code == .objective && outcome.counts.total > 0:
      // The failure policy ended the run: what it found still counts.
      _ = try summary.print(reason: nil, format: format)
      throw error
    case .failure(let error):
      throw error
    }
  }

  /// How many trials this run makes; `nil` where time, a stop rule or the strategy ends it.
  private func limit(_ study: Study) throws -> Int? {
    let endsByRule = try settings.stopWhen.flatMap { try StopRuleText.rules(parsing: $0) }
      .contains(where: \.description.endsEveryRun)
    let hasLimit =
      settings.nTrials != nil || settings.timeout != nil || settings.totalTrials != nil
      || endsByRule
    if hasLimit || settings.isEndless { return settings.nTrials }
    return pointCount(study) == nil ? LimitOptions.standardTrialCount : nil
  }

  /// The points of a strategy that ends by itself.
  private func pointCount(_ study: Study) -> UInt64? {
    // The study has made this strategy already: its own error would have come before.
    let strategy = try? StrategyCatalog.make(
      named: study.strategyName, space: study.space, directions: study.directions,
      options: study.definition.strategyOptions)
    return strategy?.pointCount
  }

  /// The trials that the progress may count on; `nil` when nobody knows.
  private func expected(_ study: Study, limit: Int?) -> Int? {
    let left = pointCount(study).map { max(0, Int(clamping: $0) - study.trialCount) }
    return [limit, left].compactMap(\.self).min()
  }

  private func reporter() -> any ProgressReporter {
    switch settings.progress ?? ProgressMode.standard {
    case .bar: BarProgress()
    case .lines: LineProgress()
    case .json: JSONProgress()
    case .none: SilentProgress()
    }
  }
}

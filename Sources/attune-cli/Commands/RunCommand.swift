import ArgumentParser
import Attune
import AttuneCore

/// Tunes an objective.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Tune a plugin, a native function or a command.",
    usage: """
      attune run PLUGIN [OPTIONS]
      attune run --native LIBRARY --call SIGNATURE --space SPACE [OPTIONS]
      attune run --space SPACE [OPTIONS] -- PROGRAM ARGUMENTS...
      attune run STUDY.yaml [OPTIONS]
      """,
    discussion: """
      A PLUGIN is a file (./svm.attune.so) or an id that `attune plugin list` shows.

      A PROGRAM runs once a trial. {name} in its arguments is replaced by a parameter; parameters \
      also come as ATTUNE_PARAM_NAME in the environment and as JSON on standard input. The last \
      line it prints is the value: 0.5, cost=0.5 or {"value": 0.5}. A status other than 0 makes \
      the trial FAIL.

      A STUDY.yaml (or .json) holds any of the long options below as keys:
        plugin: ./svm.attune.so
        storage: svm.jsonl
        study_name: svm
        space: {C: {type: float, low: 0.01, high: 100, log: true}}
        strategy: tpe
        n_trials: 50
      and objective, config, native, call, command (a line, or a list of arguments), \
      strategy_options, pruner_options, enqueue (a list of points), ... Its paths count from its own folder, where its command runs too; options \
      on the command line win. W&B sweep files are read as they are.

      Ctrl-C ends after the running trials and keeps everything; a second one ends at once.

      A plugin or native function runs in this process: nothing can end it when it hangs, and a \
      crash of it is a crash of attune. Until isolation in a process of its own comes, write such \
      an objective as a program: --trial-timeout ends it.
      """)

  @Argument(
    help: ArgumentHelp("A plugin's file or id, or a study file.", valueName: "plugin|study"),
    completion: .file(extensions: ["so", "yaml", "yml", "json"]))
  var target: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --: a program with its arguments.", valueName: "program"))
  var command: [String] = []

  @OptionGroup(title: "Objective") var objective: ObjectiveOptions
  @OptionGroup(title: "Study") var study: StudyOptions
  @OptionGroup(title: "Storage") var storage: StorageOptions

  @OptionGroup(title: "Storage") var existing: ExistingOptions

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Pruning") var pruner: PrunerOptions

  @OptionGroup(title: "Output") var progress: ProgressOptions
  @OptionGroup(title: "Output") var format: FormatOptions

  func run() throws {
    let settings = try settings()
    let run = try TuningRun(settings, format: format.format)
    let status = try run.run()
    if status != .success { throw status }
  }

  /// What the command line, the study file and the environment say, in this order of weight.
  private func settings() throws -> RunSettings {
    let file = target.flatMap { StudyFile.isNamed($0) ? $0 : nil }
    var settings = RunSettings()
    try objective.apply(to: &settings, target: file == nil ? target : nil, command: command)
    try study.apply(to: &settings)
    settings.storage = storage.storage.map { StorageOptions.resolved($0, in: ".") }
    settings.studyName = storage.studyName
    if existing.loadIfExists { settings.loadIfExists = true }
    try limits.apply(to: &settings)
    try pruner.apply(to: &settings)
    settings.progress = progress.progress
    if let file { settings = settings.over(try StudyFile(file).settings) }
    if settings.storage == nil { settings.storage = storage.chosenStorage }
    if settings.studyName == nil { settings.studyName = storage.chosenName }
    return settings
  }
}

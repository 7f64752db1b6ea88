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
        storage: svm.db
        study_name: svm
        space: {C: {type: float, low: 0.01, high: 100, log: true}}
        strategy: tpe
        n_trials: 50
      and objective, config, native, call, command (a line, or a list of arguments), \
      strategy_options, pruner_options, enqueue (a list of points), ... Its paths count from its own folder, where its command runs too; options \
      on the command line win. W&B sweep files are read as they are.

      The study is kept in study.db in this folder, or where --storage says; `attune best`, `attune trials` \
      and the others look there too. A study without a name is called after its objective; one more run \
      makes another study, and with --load-if-exists goes on with the first. --storage memory: keeps nothing.

      Ctrl-C ends after the running trials and keeps everything; a second one ends at once.

      A plugin or native function runs in this process: nothing can end it when it hangs, and a \
      crash of it is a crash of attune. With --isolate process it runs in worker processes: a \
      crash, a hang beyond --trial-timeout, or too much memory is a failed trial with its reason, \
      and the study goes on. It costs some microseconds a trial; results are the same.
      """)

  @Argument(
    help: ArgumentHelp("A plugin's file or id, or a study file.", valueName: "plugin|study"),
    completion: .file(extensions: ["so", "yaml", "yml", "json"]))
  var target: String?

  @OptionGroup var tuning: TuningOptions
  @OptionGroup(title: "Storage") var existing: ExistingOptions

  func run() throws {
    let run = try TuningRun(try settings(), format: tuning.format.format)
    let status = try run.run()
    if status != .success { throw status }
  }

  /// What the command line, the study file and the environment say, in this order of weight.
  private func settings() throws -> RunSettings {
    let file = target.flatMap { StudyFile.isNamed($0) ? $0 : nil }
    var settings = try tuning.settings(plugin: file == nil ? target : nil)
    if existing.loadIfExists { settings.loadIfExists = true }
    if let file { settings = settings.over(try StudyFile(file).settings) }
    settings.storage = settings.storage ?? tuning.storage.given ?? StorageOptions.standard
    if settings.storage == "memory:" { settings.storage = nil }
    if settings.studyName == nil { settings.studyName = tuning.storage.chosenName }
    return settings
  }
}

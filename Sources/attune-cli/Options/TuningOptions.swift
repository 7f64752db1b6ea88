import ArgumentParser

/// What `attune run` and `attune worker` have in common: all but what a study file may say.
struct TuningOptions: ParsableArguments {
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("After --: a program with its arguments.", valueName: "program"))
  var command: [String] = []

  @OptionGroup(title: "Objective") var objective: ObjectiveOptions
  @OptionGroup(title: "Isolation") var isolation: IsolationOptions
  @OptionGroup(title: "Study") var study: StudyOptions
  @OptionGroup(title: "Storage") var storage: StorageOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Pruning") var pruner: PrunerOptions
  @OptionGroup(title: "Output") var progress: ProgressOptions
  @OptionGroup(title: "Output") var format: FormatOptions

  /// What is said on the command line; `plugin` is its positional argument, if that names one.
  func settings(plugin: String?) throws(CommandError) -> RunSettings {
    var settings = RunSettings()
    try objective.apply(to: &settings, target: plugin, command: command)
    try isolation.apply(to: &settings)
    try study.apply(to: &settings)
    settings.storage = storage.storage.map { StorageOptions.resolved($0, in: ".") }
    settings.studyName = storage.studyName
    try limits.apply(to: &settings)
    try pruner.apply(to: &settings)
    settings.progress = progress.progress
    return settings
  }
}

import ArgumentParser

/// Works on a study together with others.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Work on a study together with other processes and machines.",
    usage: """
      attune worker PLUGIN --storage URL --study NAME [OPTIONS]
      attune worker --storage URL --study NAME [OPTIONS] -- PROGRAM ARGUMENTS...
      """,
    discussion: """
      Start as many as you like, wherever the storage can be reached: postgresql://HOST/DATABASE from many \
      machines, a file from the processes of one. The first one makes the study, with the plugin's own space \
      or --space; the others join it.

      Every trial is evaluated by one worker. Trials of a worker that dies become FAIL with the reason \
      "worker lost", and are tried again by another, at most three times. With --total-trials all end when \
      the study has so many; without a limit a worker goes on until it is stopped.

      On a Slurm cluster, as a job array, and on Kubernetes, as an indexed Job: see worker.sbatch and \
      worker.yaml in share/attune/workers.
      """)

  @Argument(
    help: ArgumentHelp("A plugin's file or id.", valueName: "plugin"),
    completion: .file(extensions: ["so"]))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "End when the study has this many trials, whoever made them.", valueName: "n"))
  var totalTrials: Int?

  @OptionGroup var tuning: TuningOptions

  func run() throws {
    var settings = try tuning.settings(plugin: target)
    // A worker that found another storage than the others would work alone.
    guard let storage = tuning.storage.given, storage != "memory:" else {
      throw CommandError.usage(
        "no storage is given, wanted the one that all workers reach",
        hint: "--storage postgresql://HOST/DATABASE, or a file on one machine")
    }
    guard let name = tuning.storage.chosenName else {
      throw CommandError.usage("no study is named, wanted the one to work on", hint: "--study NAME")
    }
    settings.storage = storage
    settings.studyName = name
    settings.loadIfExists = true
    settings.totalTrials = try LimitOptions.counted(totalTrials, low: 0, option: "--total-trials")
    settings.isEndless = true
    let status = try TuningRun(settings, format: tuning.format.format).run()
    if status != .success { throw status }
  }
}

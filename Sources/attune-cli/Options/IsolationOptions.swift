import ArgumentParser
import AttuneObjectives

/// Whether a plugin or native function runs in processes of its own, and under which limits.
struct IsolationOptions: ParsableArguments {
  static let kinds = ["none", "process"]

  @Option(
    help: ArgumentHelp(
      "process: a plugin or native function runs in worker processes, one per job; a crash of it is a "
        + "failed trial. Default: none.", valueName: "kind"),
    completion: .list(IsolationOptions.kinds))
  var isolate: String?

  @Option(
    help: ArgumentHelp(
      "End a trial that takes longer, as a failed one: seconds, or 90s, 15m. For programs and with "
        + "--isolate process.", valueName: "time"))
  var trialTimeout: String?

  @Option(
    help: ArgumentHelp(
      "With --isolate process: end a trial that has used so much processor time.",
      valueName: "time"))
  var trialCpu: String?

  @Option(
    help: ArgumentHelp(
      "With --isolate process: memory that a worker may use: 512M, 4G, or bytes.",
      valueName: "size"))
  var trialMemory: String?

  @Option(
    help: ArgumentHelp(
      "With --isolate process: files that a worker may have open.", valueName: "n"))
  var trialFiles: String?

  @Option(
    help: ArgumentHelp(
      "With --isolate process: stack of an evaluation: 8M, or bytes.", valueName: "size"))
  var trialStack: String?

  @Option(
    help: ArgumentHelp(
      "With --isolate process: time from asking a trial to stop to SIGTERM, and on to SIGKILL. "
        + "Default: 1 s.", valueName: "time"))
  var trialGrace: String?

  @Flag(
    help: ArgumentHelp(
      "With --isolate process: keep time, processor time and peak memory of each trial as the "
        + "attribute attune:worker."))
  var trialUsage = false

  @Flag(
    help: ArgumentHelp(
      "With --isolate process, on Linux: no network, no programs, and writing in a private folder "
        + "only."))
  var sandbox = false

  @Option(
    help: ArgumentHelp(
      "The program attune-worker, where it does not lie beside this one.", valueName: "path"),
    completion: .file())
  var worker: String?

  func apply(to settings: inout RunSettings) throws(CommandError) {
    var isolation = IsolationSettings()
    if let isolate {
      isolation.isolate =
        try OptionValue.choice(isolate, of: Self.kinds, option: "--isolate") == "process"
    }
    for (key, text) in [
      ("trial_timeout", trialTimeout), ("trial_cpu", trialCpu), ("trial_memory", trialMemory),
      ("trial_files", trialFiles), ("trial_stack", trialStack), ("trial_grace", trialGrace),
    ] {
      if let text {
        try isolation.set(key, text, of: "--" + key.replacing("_", with: "-"))
      }
    }
    if trialUsage { isolation.usage = true }
    if sandbox { isolation.sandbox = true }
    isolation.worker = worker
    settings.isolation = isolation
  }
}

/// What is said of isolation, on the command line or in a study file; `nil` is "not said".
struct IsolationSettings {
  var isolate: Bool?
  var worker: String?
  var sandbox: Bool?
  var usage: Bool?
  /// Seconds, also for programs.
  var timeout: Double?
  var cpuTime: Double?
  var grace: Double?
  var memory: UInt64?
  var files: UInt64?
  var stack: UInt64?

  /// The keys of a study file that `set` reads.
  static let limitKeys = [
    "trial_timeout", "trial_cpu", "trial_memory", "trial_files", "trial_stack", "trial_grace",
  ]

  /// Reads a limit by its key.
  mutating func set(_ key: String, _ text: String, of option: String) throws(CommandError) {
    switch key {
    case "trial_timeout": timeout = try OptionValue.seconds(text, of: option)
    case "trial_cpu": cpuTime = try OptionValue.seconds(text, of: option)
    case "trial_grace": grace = try OptionValue.seconds(text, of: option)
    case "trial_memory": memory = try OptionValue.bytes(text, of: option)
    case "trial_stack": stack = try OptionValue.bytes(text, of: option)
    default:
      guard let count = UInt64(text) else {
        throw .usage("\(option) is \"\(text)\", wanted a whole number")
      }
      files = count
    }
  }

  /// These settings, with those of `file` where these say nothing.
  func over(_ file: IsolationSettings) -> IsolationSettings {
    var merged = self
    merged.isolate = isolate ?? file.isolate
    merged.worker = worker ?? file.worker
    merged.sandbox = sandbox ?? file.sandbox
    merged.usage = usage ?? file.usage
    merged.timeout = timeout ?? file.timeout
    merged.cpuTime = cpuTime ?? file.cpuTime
    merged.grace = grace ?? file.grace
    merged.memory = memory ?? file.memory
    merged.files = files ?? file.files
    merged.stack = stack ?? file.stack
    return merged
  }

  /// An option that only a worker process can keep, if one is given.
  var needsWorker: String? {
    let given: [(String, Bool)] = [
      ("--trial-cpu", cpuTime != nil), ("--trial-memory", memory != nil),
      ("--trial-files", files != nil), ("--trial-stack", stack != nil),
      ("--trial-grace", grace != nil), ("--trial-usage", usage == true),
      ("--sandbox", sandbox == true), ("--worker", worker != nil),
    ]
    return given.first { $0.1 }?.0
  }

  /// The isolation asked for; `nil` for none.
  var isolation: Isolation? {
    guard isolate == true else { return nil }
    var isolation = Isolation()
    isolation.worker = worker
    isolation.timeout = timeout ?? .infinity
    isolation.cpuTime = cpuTime ?? .infinity
    isolation.grace = grace ?? isolation.grace
    isolation.memory = memory
    isolation.openFiles = files
    isolation.stack = stack
    isolation.sandbox = sandbox ?? false
    isolation.usage = usage ?? false
    return isolation
  }
}

import AttuneCore

/// Reads the keys of a study file one after another.
struct StudyFileReader {
  let document: Document
  let folder: String
  var settings = RunSettings()
  private var seen: [String: Int?] = [:]
  private var command: [String]?
  private var shell: Bool?
  private var sources: [String] = []

  static let keys = [
    "plugin", "objective", "config", "allow_unsafe_path", "native", "call", "command", "shell",
    "trial_timeout", "trial_cpu", "trial_memory", "trial_files", "trial_stack", "trial_grace",
    "trial_usage", "isolate", "sandbox", "worker", "storage", "study_name", "load_if_exists",
    "durability",
    "space", "direction", "directions", "strategy",
    "strategy_options", "pruner", "pruner_options", "seed", "duplicates", "deterministic",
    "window", "enqueue", "n_trials",
    "timeout", "stop_when", "n_jobs", "on_failure", "max_failures", "progress",
  ]
  private static let aliases = [
    "sampler": "strategy", "sampler_options": "strategy_options", "study": "study_name",
    "name": "study_name", "search_space": "space",
  ]

  init(_ document: Document, folder: String) {
    self.document = document
    self.folder = folder
    settings.workingDirectory = folder
  }

  mutating func read(_ member: DocumentNode.Member) throws(CommandError) {
    let written = member.key.replacing("-", with: "_")
    let key = Self.aliases[written] ?? written
    guard Self.keys.contains(key) else {
      let near = suggestion(for: written, among: Self.keys + Self.aliases.keys.sorted())
      throw document.error(
        "unknown key \"\(member.key)\"\(near)", at: member.line,
        hint: "attune help run lists them: every long option is a key")
    }
    guard seen.updateValue(member.line, forKey: key) == nil else {
      throw document.error("\(key) stands twice, wanted once", at: member.line)
    }
    if case .scalar(.null) = member.value.content { return }
    try readObjective(key, member.value)
    try readStudy(key, member.value)
    try readRun(key, member.value)
  }

  private mutating func readObjective(_ key: String, _ node: DocumentNode) throws(CommandError) {
    switch key {
    case "plugin":
      sources.append(key)
      settings.source = .plugin(FilePath.resolved(try text(key, node), in: folder))
    case "native":
      sources.append(key)
      settings.source = .native(library: FilePath.resolved(try text(key, node), in: folder))
    case "objective": settings.objectiveID = try text(key, node)
    case "config": settings.config = try config(node)
    case "allow_unsafe_path": settings.allowsUnsafePath = try bool(key, node)
    case "call": settings.call = try text(key, node)
    case "command":
      sources.append(key)
      (command, shell) = try arguments(node, shell: shell)
    case "shell": shell = try bool(key, node)
    case "isolate":
      settings.isolation.isolate = try choice(key, node, IsolationOptions.kinds) == "process"
    case "sandbox": settings.isolation.sandbox = try bool(key, node)
    case "trial_usage": settings.isolation.usage = try bool(key, node)
    case "worker":
      settings.isolation.worker = FilePath.joined(try text(key, node), in: folder)
    case _ where IsolationSettings.limitKeys.contains(key):
      try readLimit(key, node)
    default: break
    }
  }

  private mutating func readStudy(_ key: String, _ node: DocumentNode) throws(CommandError) {
    switch key {
    case "storage":
      settings.storage = StorageOptions.resolved(try text(key, node), in: folder)
    case "study_name": settings.studyName = try text(key, node)
    case "load_if_exists": settings.loadIfExists = try bool(key, node)
    case "durability":
      settings.durability = Durability(
        rawValue: try choice(key, node, Durability.allCases.map(\.rawValue)))
    case "space":
      let reading: SpaceReading
      if case .scalar(.string(let path)) = node.content {
        reading = try SpaceReading(FilePath.joined(path, in: folder))
      } else {
        reading = try SpaceReading(node, in: document)
      }
      settings.space = reading.space
      settings.notes += reading.notes
    case "direction": settings.directions = try directions(key, node)
    case "directions": settings.directions = try directions(key, node)
    case "strategy": settings.strategy = try text(key, node)
    case "strategy_options": settings.strategyOptions = try options(key, node)
    case "pruner": settings.pruner = try text(key, node)
    case "pruner_options": settings.prunerOptions = try options(key, node)
    case "seed":
      guard let seed = node.json.uint64Value else {
        throw document.wanted("a whole number of 0 or more", for: key, at: node)
      }
      settings.seed = seed
    case "duplicates":
      settings.duplicates = try choice(key, node, StudyOptions.duplicatePolicies)
    case "deterministic": settings.isDeterministic = try bool(key, node)
    case "window": settings.window = try count(key, node, low: 1)
    case "enqueue": settings.enqueue = try points(node)
    default: break
    }
  }

  private mutating func readRun(_ key: String, _ node: DocumentNode) throws(CommandError) {
    switch key {
    case "n_trials": settings.nTrials = try count(key, node, low: 0)
    case "timeout": settings.timeout = try seconds(key, node)
    case "stop_when": settings.stopWhen = try stopRules(key, node)
    case "n_jobs":
      if case .scalar(.string("auto")) = node.content {
        settings.nJobs = .automatic
      } else {
        settings.nJobs = .count(try count(key, node, low: 1))
      }
    case "on_failure": settings.onFailure = try failurePolicy(key, node)
    case "max_failures": settings.maxFailures = try count(key, node, low: 0)
    case "progress":
      let name = try choice(key, node, ProgressMode.allCases.map(\.rawValue))
      settings.progress = ProgressMode(rawValue: name)
    default: break
    }
  }

  /// The settings, once all keys are read.
  mutating func finish() throws(CommandError) -> RunSettings {
    if sources.count > 1 {
      throw document.error(
        "\(sources.joined(separator: " and ")) are given, wanted one objective",
        at: seen[sources[1]] ?? nil)
    }
    if let command { settings.source = .command(command, shell: shell ?? false) }
    if case .native? = settings.source, settings.call == nil {
      throw document.error(
        "native lacks call, wanted a signature such as call: \"f64 cos(f64 x)\"",
        at: seen["native"] ?? nil)
    }
    return settings
  }
}

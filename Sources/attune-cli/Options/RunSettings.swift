import AttuneCore

/// Everything a run needs, from a study file, from the command line, or both.
///
/// `nil` and empty mean "not said": what the command line says stands over what the file says.
struct RunSettings {
  /// Which objective.
  enum Source: Equatable {
    case plugin(String)
    case native(library: String)
    case command([String], shell: Bool)
  }

  /// How many trials run at once.
  enum JobCount {
    case automatic
    case count(Int)

    /// What the run options want.
    var number: Int? {
      switch self {
      case .automatic: nil
      case .count(let count): count
      }
    }
  }

  var source: Source?
  /// Of a plugin with several objectives, its id.
  var objectiveID: String?
  /// Of a plugin, JSON text.
  var config: String?
  /// Of a plugin, whether a file that others could have changed may be opened.
  var allowsUnsafePath: Bool?
  /// Of a native function, its signature.
  var call: String?
  /// Of a plugin or native function, but for the time limit of trials, which commands have too.
  var isolation = IsolationSettings()
  /// Where commands run and their paths begin: the study file's folder.
  var workingDirectory: String?

  var storage: String?
  var studyName: String?
  var loadIfExists: Bool?
  var durability: Durability?
  /// Whether trials belong to this process, which finishes them, or to whoever asked for them.
  var ownsTrials = true
  var space: Space?
  var directions: [Direction] = []
  var strategy: String?
  var strategyOptions: [(key: String, value: Value)] = []
  var pruner: String?
  var prunerOptions: [(key: String, value: Value)] = []
  var seed: UInt64?
  var duplicates: String?
  var isDeterministic: Bool?
  var window: Int?
  var enqueue: [[(name: String, value: Value)]] = []

  var nTrials: Int?
  /// How many trials the study is to have in all.
  var totalTrials: Int?
  /// Whether the run goes on until it is stopped, where no limit is said.
  var isEndless = false
  var timeout: Double?
  /// Stop rules.
  var stopWhen: [String] = []
  var nJobs: JobCount?
  var onFailure: String?
  var maxFailures: Int?
  var progress: ProgressMode?
  /// What is not done exactly as the file says.
  var notes: [String] = []

  /// These settings, with those of `file` where these say nothing.
  func over(_ file: RunSettings) -> RunSettings {
    var merged = self
    if source == nil {
      merged.source = file.source
      merged.workingDirectory = file.workingDirectory
    }
    // An id, a configuration or a signature may be said for the file's objective.
    merged.objectiveID = objectiveID ?? file.objectiveID
    merged.config = config ?? file.config
    merged.call = call ?? file.call
    merged.allowsUnsafePath = allowsUnsafePath ?? file.allowsUnsafePath
    merged.isolation = isolation.over(file.isolation)
    merged.storage = storage ?? file.storage
    merged.studyName = studyName ?? file.studyName
    merged.loadIfExists = loadIfExists ?? file.loadIfExists
    merged.durability = durability ?? file.durability
    merged.space = space ?? file.space
    if directions.isEmpty { merged.directions = file.directions }
    if strategy == nil {
      merged.strategy = file.strategy
      let said = Set(strategyOptions.map(\.key))
      merged.strategyOptions =
        file.strategyOptions.filter { !said.contains($0.key) }
        + strategyOptions
    }
    if pruner == nil {
      merged.pruner = file.pruner
      let said = Set(prunerOptions.map(\.key))
      merged.prunerOptions = file.prunerOptions.filter { !said.contains($0.key) } + prunerOptions
    }
    merged.seed = seed ?? file.seed
    merged.duplicates = duplicates ?? file.duplicates
    merged.isDeterministic = isDeterministic ?? file.isDeterministic
    merged.window = window ?? file.window
    merged.enqueue = file.enqueue + enqueue
    // A limit on the command line stands for all limits of the file.
    if nTrials == nil && timeout == nil {
      merged.nTrials = file.nTrials
      merged.timeout = file.timeout
    }
    if stopWhen.isEmpty { merged.stopWhen = file.stopWhen }
    merged.nJobs = nJobs ?? file.nJobs
    merged.onFailure = onFailure ?? file.onFailure
    merged.maxFailures = maxFailures ?? file.maxFailures
    merged.progress = progress ?? file.progress
    merged.notes = file.notes + notes
    return merged
  }
}

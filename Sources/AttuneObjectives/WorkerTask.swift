import AttuneCore

/// What a worker process opens: the same that a host would open in itself.
public enum WorkerTask: Sendable {
  /// An objective of a plugin: the path of its file, its id, its configuration.
  case plugin(path: String, id: String?, config: String?, trust: PluginTrust)
  /// A symbol of a shared object, called by its signature.
  case native(library: String, symbol: String?, signature: String, threadSafe: Bool)

  /// Opens it in this process.
  func open() throws(AttuneError) -> any Objective {
    switch self {
    case .plugin(let path, let id, let config, let trust):
      try PluginObjective(path: path, id: id, config: config, trust: trust)
    case .native(let library, let symbol, let signature, let threadSafe):
      try NativeObjective(
        library: library, symbol: symbol, signature: signature, threadSafe: threadSafe)
    }
  }

  /// What does not need the objective's own code to be found wrong.
  func check() throws(AttuneError) {
    switch self {
    case .plugin(let path, _, _, let trust): _ = try PluginFile.checked(path, trust)
    case .native(_, _, let signature, _): _ = try NativeSignature(signature)
    }
  }

  /// How many values one evaluation gives, where the task itself says so.
  var valueCount: Int? {
    guard case .native(_, _, let text, _) = self else { return nil }
    // A text that is no signature was refused when the objective was made.
    return (try? NativeSignature(text))?.valueCount
  }
}

/// The first message to a worker: its task and the limits it lives under.
struct WorkerOrder {
  var task: WorkerTask
  var memory: UInt64?
  var openFiles: UInt64?
  var stack: UInt64?
  /// The one folder to write in; `nil` without a sandbox.
  var sandboxFolder: String?

  init(_ task: WorkerTask, _ isolation: Isolation, folder: String?) {
    self.task = task
    memory = isolation.memory
    openFiles = isolation.openFiles
    stack = isolation.stack
    sandboxFolder = folder
  }

  var json: String {
    var object = JSON.Object()
    switch task {
    case .plugin(let path, let id, let config, let trust):
      object["plugin"] = .string(path)
      object["id"] = id.map(JSON.string)
      object["config"] = config.map(JSON.string)
      object["allow_unsafe_path"] = .bool(trust.allowsUnsafePath)
      object["sha256"] = trust.sha256.map(JSON.string)
    case .native(let library, let symbol, let signature, let threadSafe):
      object["library"] = .string(library)
      object["symbol"] = symbol.map(JSON.string)
      object["signature"] = .string(signature)
      object["thread_safe"] = .bool(threadSafe)
    }
    object["memory"] = memory.map { JSON($0) }
    object["open_files"] = openFiles.map { JSON($0) }
    object["stack"] = stack.map { JSON($0) }
    object["sandbox"] = sandboxFolder.map(JSON.string)
    return JSON.object(object).text()
  }

  init(json source: String) throws(AttuneError) {
    let object = try JSON.object(parsing: source, what: "the worker's order")
    func text(_ key: String) -> String? { object[key]?.stringValue }
    if let path = text("plugin") {
      task = .plugin(
        path: path, id: text("id"), config: text("config"),
        trust: PluginTrust(
          allowsUnsafePath: object["allow_unsafe_path"]?.boolValue ?? false,
          sha256: text("sha256")))
    } else if let library = text("library"), let signature = text("signature") {
      task = .native(
        library: library, symbol: text("symbol"), signature: signature,
        threadSafe: object["thread_safe"]?.boolValue ?? true)
    } else {
      throw AttuneError(
        .invalidArgument, "the worker's order is \(source), wanted a plugin or a library")
    }
    memory = object["memory"]?.uint64Value
    openFiles = object["open_files"]?.uint64Value
    stack = object["stack"]?.uint64Value
    sandboxFolder = text("sandbox")
  }
}

/// What a worker is told of the study.
struct WorkerStudy: Equatable {
  var spaceJSON: String
  var valueCount: Int

  var json: String {
    let object: JSON.Object = ["space": .string(spaceJSON), "values": .int(Int64(valueCount))]
    return JSON.object(object).text()
  }

  init(spaceJSON: String, valueCount: Int) {
    self.spaceJSON = spaceJSON
    self.valueCount = valueCount
  }

  init(json source: String) throws(AttuneError) {
    let object = try JSON.object(parsing: source, what: "the worker's study")
    guard let space = object["space"]?.stringValue,
      let count = object["values"]?.int64Value.flatMap({ Int(exactly: $0) })
    else {
      throw AttuneError(
        .invalidArgument, "the worker's study is \(source), wanted a space and a number of values")
    }
    self.init(spaceJSON: space, valueCount: count)
  }
}

/// An objective's description on its way from a worker.
extension ObjectiveDescription {
  var wireJSON: String {
    var object: JSON.Object = [
      "kind": .string(kind), "id": .string(id), "name": .string(name),
      "version": .string(version), "summary": .string(summary), "path": .string(path),
      "capabilities": .int(Int64(capabilities.rawValue)),
    ]
    object["space"] = spaceJSON.map(JSON.string)
    object["config_schema"] = configSchemaJSON.map(JSON.string)
    object["directions"] = directions.map { .array($0.map { .int(Int64($0.rawValue)) }) }
    return JSON.object(object).text()
  }

  init(wireJSON source: String) throws(AttuneError) {
    let object = try JSON.object(parsing: source, what: "the worker's description")
    func text(_ key: String) -> String { object[key]?.stringValue ?? "" }
    self.init(
      kind: text("kind"), id: text("id"), name: text("name"), version: text("version"),
      summary: text("summary"), path: text("path"), spaceJSON: object["space"]?.stringValue,
      configSchemaJSON: object["config_schema"]?.stringValue,
      directions: object["directions"]?.arrayValue?.compactMap {
        $0.int64Value.flatMap { Int32(exactly: $0) }.flatMap { Direction(rawValue: $0) }
      },
      capabilities: Capabilities(
        rawValue: UInt32(truncatingIfNeeded: object["capabilities"]?.int64Value ?? 0)))
  }
}

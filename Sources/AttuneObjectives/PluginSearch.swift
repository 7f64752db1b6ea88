public import AttuneCore

/// Finds plugins by id in a few folders, none of which is the current one.
///
/// In this order: the folders given, those of `ATTUNE_PLUGIN_PATH` (separated by `:`),
/// `~/.local/lib/attune/plugins`, and `lib/attune/plugins` of the prefix that the running library
/// or program is installed in. The first plugin with an id wins. Each is looked at in a child
/// process.
public struct PluginSearch: Sendable {
  /// A plugin file that was found, with what it offers or the reason why it cannot be used.
  public struct Listing: Sendable {
    public let path: String
    /// As `PluginLibrary.json` writes it; `nil` with an error.
    public let plugin: JSON.Object?
    public let error: AttuneError?
    /// The file whose plugin of the same id stands before.
    public let shadowedBy: String?

    public var id: String? { plugin?["id"]?.stringValue }

    public var objectiveIDs: [String] {
      plugin?["objectives"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    /// The listing as a JSON object with `path` and either the description or `error`.
    public var json: JSON.Object {
      var object = plugin ?? [:]
      object["path"] = .string(path)
      if let error { object["error"] = .string(error.message) }
      if let shadowedBy { object["shadowed_by"] = .string(shadowedBy) }
      return object
    }
  }

  /// Where plugins are looked for, in order.
  public let folders: [String]
  private let worker: String?
  private let cacheFolder: String?
  private let scanTimeout: Double

  /// `extraPath` is searched first; `worker` is the path of `attune-worker` where it is not found;
  /// `cacheFolder` stands for the user's own; `scanTimeout` is in seconds, for each plugin.
  public init(
    extraPath: String? = nil, worker: String? = nil, cacheFolder: String? = nil,
    scanTimeout: Double = 10
  ) {
    var folders: [String] = []
    func add(_ folder: String) {
      if !folders.contains(folder) { folders.append(folder) }
    }
    for path in [extraPath, Surroundings.variable("ATTUNE_PLUGIN_PATH")] {
      for folder in (path ?? "").split(separator: ":") {
        guard folder.hasPrefix("/") || path == extraPath else {
          Logger.log(
            .warning, component: "plugins",
            "ATTUNE_PLUGIN_PATH has \"\(folder)\", wanted full paths only; it is left out")
          continue
        }
        add(String(folder))
      }
    }
    if let home = Surroundings.variable("HOME"), home.hasPrefix("/") {
      add("\(home)/.local/lib/attune/plugins")
    }
    for folder in Surroundings.programFolders {
      add("\(folder)/attune/plugins")
      add("\(File.folder(of: folder))/lib/attune/plugins")
    }
    self.folders = folders
    self.worker = worker
    self.cacheFolder = cacheFolder ?? PluginScan.standardCacheFolder
    self.scanTimeout = scanTimeout
  }

  /// All plugin files in the folders, each with its description or error.
  ///
  /// Throws only when nothing can be looked at: loading is turned off, or the helper is missing.
  public func scan() throws(AttuneError) -> [Listing] {
    if Surroundings.variable("ATTUNE_PLUGINS") == "off" {
      throw AttuneError(
        .notSupported, "plugins: loading is turned off by ATTUNE_PLUGINS=off",
        subject: "ATTUNE_PLUGINS")
    }
    var files: [String] = []
    for folder in folders {
      for name in File.names(in: folder) where name.hasSuffix(PluginFile.suffix) {
        files.append("\(folder)/\(name)")
      }
    }
    guard !files.isEmpty else { return [] }
    let scan = PluginScan(
      worker: try WorkerProgram.find(worker), cacheFolder: cacheFolder, timeout: scanTimeout)
    var winners: [String: String] = [:]
    var listings: [Listing] = []
    for file in files {
      do {
        let plugin = try scan.describe(file)
        let path = plugin["path"]?.stringValue ?? file
        let id = plugin["id"]?.stringValue ?? ""
        let winner = winners[id]
        if winner == path { continue }  // one file, reached by two ways
        if let winner {
          Logger.log(
            .info, component: "plugins",
            "\(path) is shadowed by \(winner), which has the same id \(id)")
        }
        winners[id] = winner ?? path
        listings.append(Listing(path: path, plugin: plugin, error: nil, shadowedBy: winner))
      } catch {
        listings.append(Listing(path: file, plugin: nil, error: error, shadowedBy: nil))
      }
    }
    return listings
  }

  /// The file of a plugin, and the objective that is meant, if the reference says so.
  ///
  /// A reference with `/` is a path; another one is the id of a plugin or of an objective.
  public func find(_ reference: String) throws(AttuneError) -> (path: String, objective: String?) {
    if reference.utf8.contains(UInt8(ascii: "/")) { return (reference, nil) }
    let listings = try scan().filter { $0.shadowedBy == nil }
    if let listing = listings.first(where: { $0.id == reference }) { return (listing.path, nil) }
    if let listing = listings.first(where: { $0.objectiveIDs.contains(reference) }) {
      return (listing.path, reference)
    }
    let known = listings.flatMap { [$0.id].compactMap(\.self) + $0.objectiveIDs }
    var message =
      "no plugin \"\(reference)\"\(suggestion(for: reference, among: known)); looked in "
    message += folders.joined(separator: ", ")
    for listing in listings {
      if let error = listing.error { message += "; \(error.message)" }
    }
    let isFile = reference.hasSuffix(PluginFile.suffix)
    if isFile { message += "; for a file write ./\(reference)" }
    throw AttuneError(.notFound, message, subject: reference)
  }
}

extension PluginObjective {
  /// An objective by a path with `/`, or by the id of a plugin or objective that `search` finds.
  public convenience init(
    reference: String, id: String? = nil, config: String? = nil,
    trust: PluginTrust = PluginTrust(), search: PluginSearch = PluginSearch()
  ) throws(AttuneError) {
    let found = try search.find(reference)
    try self.init(path: found.path, id: id ?? found.objective, config: config, trust: trust)
  }
}

extension IsolatedObjective {
  /// A plugin's objective in worker processes, by a path with `/` or an id that `search` finds.
  public convenience init(
    reference: String, id: String? = nil, config: String? = nil,
    trust: PluginTrust = PluginTrust(), _ isolation: Isolation,
    search: PluginSearch? = nil
  ) throws(AttuneError) {
    let found = try (search ?? PluginSearch(worker: isolation.worker)).find(reference)
    try self.init(
      .plugin(path: found.path, id: id ?? found.objective, config: config, trust: trust),
      isolation)
  }
}

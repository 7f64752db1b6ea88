import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Asks a child process what a plugin file offers, so that no foreign code runs in this one.
///
/// Answers are kept in the folder `attune/plugins-1` of the cache until the file changes.
struct PluginScan {
  /// The path of `attune-worker`.
  let worker: String
  /// The user's folder for caches, or `nil` to keep nothing.
  let cacheFolder: String?
  /// Seconds a plugin may take to describe itself.
  let timeout: Double

  /// The description of a plugin, as `PluginLibrary.json` writes it.
  func describe(_ path: String) throws(AttuneError) -> JSON.Object {
    let file = try PluginFile.checked(path, PluginTrust())
    let key = Self.key(of: try File.facts(file))
    let cache = cacheFile(for: file)
    if let cache, let kept = Self.kept(cache, key: key) { return kept }
    let object = try ask(file)
    if let cache {
      File.makeFolder(File.folder(of: cache))
      let entry: JSON.Object = [
        "key": .string(key), "version": .string(PluginHost.version), "plugin": .object(object),
      ]
      // A cache that cannot be written only costs time.
      _ = File.replace(cache, with: JSON.object(entry).utf8())
    }
    return object
  }

  private static func key(of facts: attune_file_facts) -> String {
    "\(facts.device):\(facts.inode):\(facts.size):\(facts.modified_ns)"
  }

  /// `$XDG_CACHE_HOME`, or `~/.cache`.
  static var standardCacheFolder: String? {
    if let folder = Surroundings.variable("XDG_CACHE_HOME") { return folder }
    return Surroundings.variable("HOME").map { "\($0)/.cache" }
  }

  private func cacheFile(for path: String) -> String? {
    guard let folder = cacheFolder, folder.hasPrefix("/") else { return nil }
    var digest = SHA256()
    digest.update(path.utf8)
    return "\(folder)/attune/plugins-1/\(digest.finish().prefix(32)).json"
  }

  /// What is kept of an unchanged plugin; a cache that cannot be read counts as none, and the
  /// plugin is asked again.
  private static func kept(_ cache: String, key: String) -> JSON.Object? {
    guard let bytes = try? File.start(cache, limit: 1 << 24), let entry = try? JSON(parsing: bytes),
      entry["key"]?.stringValue == key,
      entry["version"]?.stringValue == PluginHost.version
    else { return nil }
    return entry["plugin"]?.objectValue
  }

  private func ask(_ file: String) throws(AttuneError) -> JSON.Object {
    var output = CommandOutput()
    let process = ChildProcess(
      program: worker, arguments: [worker, "--scan", file],
      environment: Surroundings.inheritedVariables + ["SWIFT_BACKTRACE=enable=no"],
      timeout: timeout, grace: 0.2)
    let result = try process.run(
      shouldStop: { false },
      read: { bytes in
        output.append(bytes) { _ in }
        return true
      })
    output.endLine { _ in }
    func refuse(_ what: String) -> AttuneError {
      let tail = result.errorTail.isEmpty ? "" : "; standard error ends: \(result.errorTail)"
      return AttuneError(.plugin, "plugin \(file): \(what)\(tail)", subject: file)
    }
    if result.stop != nil { throw refuse("no description after \(timeout) s") }
    if case .killed(let signal) = result.ending {
      let name = attune_signal_name(signal).map { String(cString: $0) } ?? "signal \(signal)"
      throw refuse("it crashed while describing itself: \(name)")
    }
    let json: JSON
    do { json = try JSON(parsing: output.last) } catch {
      throw refuse("attune-worker gave no description: \(error)")
    }
    guard let object = json.objectValue else {
      throw refuse("attune-worker described it as \(json.text()), wanted an object")
    }
    if let error = object["error"]?.stringValue {
      throw AttuneError(.plugin, error, subject: file)
    }
    return object
  }
}

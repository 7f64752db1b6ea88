import AttuneCore
import CGuard

/// Which plugin files may be opened.
public struct PluginTrust: Sendable {
  /// Opens files that others could have changed.
  public var allowsUnsafePath: Bool
  /// The SHA-256 the file must have, as 64 hexadecimal digits.
  public var sha256: String?

  public init(allowsUnsafePath: Bool = false, sha256: String? = nil) {
    self.allowsUnsafePath = allowsUnsafePath
    self.sha256 = sha256
  }
}

/// A plugin's file, looked at from outside: nothing of it has run.
enum PluginFile {
  /// What the names of plugins end with, so that searching folders opens nothing else.
  static var suffix: String {
    #if canImport(Darwin)
      ".attune.dylib"
    #else
      ".attune.so"
    #endif
  }

  /// The canonical path of a file that may be opened; errors name file, found and wanted.
  static func checked(_ path: String, _ trust: PluginTrust) throws(AttuneError) -> String {
    if Surroundings.variable("ATTUNE_PLUGINS") == "off" {
      throw AttuneError(
        .notSupported, "plugin \(path): loading is turned off by ATTUNE_PLUGINS=off", subject: path)
    }
    func refuse(_ message: String) -> AttuneError {
      AttuneError(.plugin, "plugin \(path): \(message)", subject: path)
    }
    guard path.utf8.contains(UInt8(ascii: "/")) else {
      throw refuse("the path has no /, wanted one such as ./\(path)")
    }
    let file: String
    do { file = try File.canonical(path) } catch {
      throw AttuneError(error.code, "plugin \(error.message)", subject: path)
    }
    guard path.hasSuffix(suffix) else {
      throw refuse("the name does not end in \(suffix), wanted NAME\(suffix)")
    }
    let facts = try File.facts(file)
    guard facts.is_regular != 0 else { throw refuse("\(file) is no regular file, wanted one") }
    if !trust.allowsUnsafePath { try checkOwner(file, facts.owner, facts.mode) }
    try ObjectFile.check(file)
    if let wanted = trust.sha256 {
      guard wanted.utf8.count == 64, wanted.allSatisfy(\.isHexDigit) else {
        throw AttuneError(
          .invalidArgument, "option \"sha256\" is \"\(wanted)\", wanted 64 hexadecimal digits",
          subject: "options.sha256")
      }
      let found = try File.sha256(file)
      guard found == wanted.lowercased() else {
        throw refuse("the SHA-256 of \(file) is \(found), wanted \(wanted.lowercased())")
      }
    }
    return file
  }

  /// Refuses what another user could have put there.
  private static func checkOwner(
    _ file: String, _ owner: UInt32, _ mode: UInt32
  ) throws(AttuneError) {
    let allowed = "or allow_unsafe_path"
    func refuse(_ what: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .plugin, "plugin \(file): \(what) \(found), wanted \(wanted), \(allowed)", subject: file)
    }
    let folder = File.folder(of: file)
    let folderFacts = try File.facts(folder)
    for (what, owner) in [("the file", owner), ("its folder", folderFacts.owner)]
    where owner != 0 && owner != File.currentUser {
      throw refuse(what, "belongs to user \(owner)", "root or user \(File.currentUser)")
    }
    guard mode & 0o002 == 0 else {
      throw refuse("the file", "can be written by everyone", "a file only its owner writes")
    }
    // In a sticky folder such as /tmp others cannot replace a file, and its owner is checked above.
    guard folderFacts.mode & 0o002 == 0 || folderFacts.mode & 0o1000 != 0 else {
      throw refuse("its folder", "can be written by everyone", "a folder only its owner writes")
    }
  }
}

public import AttuneCore

/// Where studies are kept, as a user says it.
///
/// `memory:`; a path ending in `.db`, `.sqlite` or `.sqlite3`; or a URL in SQLAlchemy's notation, so
/// that what works in Optuna works here: `sqlite:///file.db`, `postgresql://user@host/database`.
public struct StorageAddress: Sendable {
  enum Place: Sendable {
    case memory
    case sqlite(SQLiteLocation)
    /// The URL as libpq takes it, with the password.
    case postgresql(String)
  }

  let place: Place
  /// The address without a password, for people to see.
  public let shown: String

  /// What an address may be, for error texts.
  public static let wanted =
    "memory:, a file ending in .db, .sqlite or .sqlite3, sqlite:///FILE or postgresql://HOST/DATABASE"

  public init(_ text: String) throws(AttuneError) {
    shown = Self.withoutPassword(text)
    func refuse(_ why: String) -> AttuneError {
      AttuneError(.invalidArgument, why, subject: "storage")
    }
    guard !text.utf8.contains(0) else {
      throw refuse("storage has a NUL byte, wanted \(Self.wanted)")
    }
    if text == "memory:" {
      place = .memory
    } else if let mark = text.firstRange(ofText: "://") {
      // SQLAlchemy names a driver behind "+": which one makes no difference here.
      let scheme = text[..<mark.lowerBound].prefix { $0 != "+" }
      switch scheme {
      case "sqlite": place = .sqlite(try SQLiteLocation(url: text, rest: text[mark.upperBound...]))
      case "postgresql", "postgres": place = .postgresql("postgresql" + text[mark.lowerBound...])
      default: throw refuse("storage \"\(shown)\" is a URL of \(scheme), wanted \(Self.wanted)")
      }
    } else if [".db", ".sqlite", ".sqlite3"].contains(where: text.hasSuffix) {
      place = .sqlite(SQLiteLocation(path: text))
    } else if [".jsonl", ".log", ".journal"].contains(where: text.hasSuffix) {
      throw refuse(
        "storage \"\(text)\" is a journal, wanted \(Self.wanted); attune import reads journals")
    } else {
      throw refuse("storage is \"\(text)\", wanted \(Self.wanted)")
    }
  }

  public var isMemory: Bool {
    if case .memory = place { true } else { false }
  }

  /// The file that keeps the studies, if it is one.
  public var file: String? {
    if case .sqlite(let location) = place { location.path } else { nil }
  }

  /// A URL without its password: credentials never appear in texts.
  private static func withoutPassword(_ url: String) -> String {
    guard let mark = url.firstRange(ofText: "://") else { return url }
    var shown = url
    let rest = url[mark.upperBound...]
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    // The last "@" before the path: a password may hold one.
    let at = rest[..<end].lastIndex(of: "@") ?? rest.prefix { $0 != "?" }.lastIndex(of: "@")
    if let at, let colon = rest[..<at].firstIndex(of: ":") {
      shown = url[..<colon] + ":***" + url[at...]
    }
    guard let query = shown.firstIndex(of: "?") else { return shown }
    let settings = shown[shown.index(after: query)...].split(
      separator: "&", omittingEmptySubsequences: false)
    let safe = settings.map { setting in
      setting.lowercased().hasPrefix("password=") || setting.lowercased().hasPrefix("sslpassword=")
        ? setting.prefix { $0 != "=" } + "=***" : setting
    }
    return shown[...query] + safe.joined(separator: "&")
  }
}

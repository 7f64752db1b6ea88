import AttuneCore
import Synchronization

/// What an `attune_options` handle stands for: settings in the order they came, each key once.
final class OptionsList: Handled, Sendable {
  static let kind = HandleKind.options
  private let entries: Mutex<[(key: String, value: Value)]>

  init(_ entries: [(key: String, value: Value)] = []) { self.entries = Mutex(entries) }

  /// The settings as they stand.
  var all: [(key: String, value: Value)] { entries.withLock { $0 } }

  func set(_ key: String, _ value: Value) {
    entries.withLock { entries in
      if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value = value
      } else {
        entries.append((key, value))
      }
    }
  }

  /// Reads a JSON object of scalars.
  convenience init(json: String) throws(AttuneError) {
    var entries: [(key: String, value: Value)] = []
    for (key, json) in try JSON.object(parsing: json, what: "options") {
      entries.append((key, try Self.value(json, key)))
    }
    self.init(entries)
  }

  private static func value(_ json: JSON, _ key: String) throws(AttuneError) -> Value {
    let wanted: String
    switch json {
    // Seeds are 64 bits without a sign; a seed that was read from a study must be accepted again.
    case .uint(let seed) where key == "seed": return .int(Int64(bitPattern: seed))
    case .uint(let number): wanted = "is \(number), wanted at most \(Int64.max)"
    case .float(let number) where !number.isFinite: wanted = "is \(number), wanted a finite number"
    // Several rules in one text are separated so.
    case .array(let rules) where key == "stop_when":
      let texts = rules.compactMap(\.stringValue)
      if texts.count == rules.count, !texts.isEmpty {
        return .string(texts.joined(separator: ";"))
      }
      wanted = "is \(json.shown), wanted stop rules such as \"target=0.01\""
    default:
      if let value = Value(json) { return value }
      wanted = "is \(json.kindName), wanted null, a bool, a number or a string"
    }
    throw AttuneError(
      .invalidArgument, "options: \"\(key)\" \(wanted)", subject: "options.\(key)")
  }
}

/// The settings of an options argument, none where it is NULL.
func settings(_ options: OpaquePointer?) throws(AttuneError) -> [(key: String, value: Value)] {
  guard options != nil else { return [] }
  let options = try borrow(options, "options", as: OptionsList.self)
  return options.object.all
}

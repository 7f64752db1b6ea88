public import AttuneCore
import Synchronization

/// The whole study as text.
extension Study {
  /// The version of the JSON document, raised when a reader of the old one would go wrong.
  static let exportVersion = 1

  /// One JSON document with definition, facts, trials and the order of events.
  public func exportJSON() throws(AttuneError) -> String {
    let table = try trials()
    let attributes = ledger.withLock { $0.attributes }
    var definition = definition
    if !isDefineByRun { definition.space = table.space }
    var writer = JSONWriter(.spaced, capacity: 256 * (table.count + 4))
    writer.object { document in
      document.member("format", "attune-study")
      document.member("version", Self.exportVersion)
      document.member("study", definition.json(attributes: attributes, space: table.space))
      document.key("trials")
      document.array { array in
        for index in 0..<table.count {
          array.write(table[index].json)
        }
      }
      // Asks as n, ends as -n - 1: what a strategy needs to go on as if nothing had happened.
      document.key("events")
      document.array { array in
        for index in 0..<table.history.eventCount {
          switch table.history.event(index) {
          case .asked(let number): array.write(number)
          case .finished(let number): array.write(-number - 1)
          }
        }
      }
    }
    return writer.text + "\n"
  }
}

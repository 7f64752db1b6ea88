public import AttuneCore
import AttuneStorage
import AttuneStrategies

/// Journal files of Optuna's `JournalFileBackend`.
extension Study {
  /// The whole study as such a file. What Optuna has no word for comes back with `importOptunaJournal`.
  public func exportOptunaJournal() throws(AttuneError) -> String {
    let study = try OptunaStudy(try currentDefinition(), try events())
    return String(decoding: OptunaJournalWriter.bytes(study), as: UTF8.self)
  }

  /// Whether a text is such a file.
  public static func isOptunaJournal(_ text: String) -> Bool {
    OptunaJournalReader.matches(Array(text.utf8.prefix { $0 != 0x0A }) + [0x0A])
  }

  /// The studies of such a file, in a storage, as define-by-run studies unless Attune wrote them.
  ///
  /// With `name`, the one of that name, or the only one under that name. `naiveTime` gives the UTC time
  /// of a local one, as Optuna 4 wrote them. Studies are made one after another: when one cannot be,
  /// those before it stay.
  public static func importOptunaJournal(
    _ text: String, path: String, storage: String?, name: String? = nil,
    naiveTime: @escaping (Int64) -> Int64
  ) throws(AttuneError) -> [Study] {
    defer { Logger.flush() }
    var found = try OptunaJournalReader(Array(text.utf8), path: path, naiveTime: naiveTime).studies
    guard !found.isEmpty else {
      throw AttuneError(.notFound, "no study in \(path)", subject: path)
    }
    if let name {
      if let named = found.first(where: { $0.name == name }) {
        found = [named]
      } else if found.count == 1 {
        found[0].name = name
      } else {
        let names = found.map(\.name)
        throw AttuneError(
          .notFound,
          "no study \"\(name)\" in \(path)\(suggestion(for: name, among: names)), which has "
            + names.map { "\"\($0)\"" }.joined(separator: ", "), subject: name)
      }
    }
    let now = currentMicroseconds()
    return try found.map { study throws(AttuneError) in
      let definition = try study.definition(
        strategy: StrategyCatalog.standardName, seed: UInt64.random(in: 0..<(1 << 53)), created: now
      )
      return try create(
        definition, events: try study.events(of: definition, now: now), storage: storage)
    }
  }
}

import AttuneCore

/// One study of a journal.
///
/// `@unchecked Sendable`: a study calls its store under its own lock, as `StudyStore` promises.
final class JournalStore: StudyStore, @unchecked Sendable {
  private let identifier: Int
  private let name: String
  private let file: JournalFile
  /// Why nothing more can be read: an event that contradicts those before it.
  private var broken: AttuneError?

  init(_ file: JournalFile, identifier: Int, name: String) {
    self.identifier = identifier
    self.name = name
    self.file = file
  }

  func transact(
    keeps: Bool, take: (StudyEvent) throws(AttuneError) -> Void,
    _ body: () throws(AttuneError) -> [StudyEvent]
  ) throws(AttuneError) {
    if let broken { throw broken }
    try file.transact(keeps: keeps) { lines throws(AttuneError) in
      for (number, line) in lines {
        if number == 1 { continue }
        do throws(AttuneError) {
          if let event = try event(line, number) { try take(event) }
        } catch {
          // What came before is taken in, and must not be again.
          let error = JournalIndex.located(error, number, in: name, file.path)
          broken = error
          throw error
        }
      }
    } _: { () throws(AttuneError) in
      var writer = JSONWriter(.compact)
      for event in try body() { event.write(journal: &writer, study: identifier) }
      return writer.takeBytes()
    }
  }

  /// The event of a line; `nil` for one of another study or of none.
  private func event(
    _ line: ArraySlice<UInt8>, _ number: Int
  ) throws(AttuneError) -> StudyEvent? {
    let json = try JournalIndex.parse(line, number, file.path)
    guard json["study"]?.int64Value == Int64(identifier) else { return nil }
    return try JournalIndex.event(json, of: name, file.path)
  }
}

public import AttuneCore

/// Studies in an append-only file of JSON lines, one event a line.
///
/// The first line is `{"journal": "attune", "version": 1}`. Every other begins with the number of its
/// study. Processes share the file under its lock.
public enum JournalStorage {
  static let version: Int64 = 1

  /// Creates a study; `alreadyExists` when the file has one of that name.
  public static func create(
    _ definition: StudyDefinition, path: String
  ) throws(AttuneError) -> any StudyStore {
    let file = try JournalFile(path: path, creates: true)
    var identifier = 0
    try file.transact { lines throws(AttuneError) in
      let index = try JournalIndex(lines, path: path)
      if index.study(named: definition.name) != nil {
        throw AttuneError(
          .alreadyExists, "study \"\(definition.name)\" exists in \(path)",
          subject: definition.name)
      }
      identifier = index.nextIdentifier
      var writer = JSONWriter(.compact)
      if lines.isEmpty {
        writer.object { header in
          header.member("journal", "attune")
          header.member("version", version)
        }
        writer.newline()
      }
      writer.object { line in
        line.member("study", identifier)
        line.member("create", definition.json())
      }
      writer.newline()
      return writer.takeBytes()
    }
    return JournalStore(file, identifier: identifier, name: definition.name)
  }

  /// Opens a study by name, or the only one; `notFound` names those there are.
  public static func open(
    path: String, name: String?
  ) throws(AttuneError) -> (definition: StudyDefinition, store: any StudyStore) {
    let studies = try index(path).studies
    let found: JournalIndex.Study?
    if let name {
      found = studies.first { $0.definition.name == name }
    } else {
      guard studies.count <= 1 else {
        let names = studies.map { "\"\($0.definition.name)\"" }.joined(separator: ", ")
        throw AttuneError(
          .invalidArgument, "\(path) has \(studies.count) studies, wanted a name: \(names)",
          subject: path)
      }
      found = studies.first
    }
    guard let found else {
      let names = studies.map(\.definition.name)
      let near = name.map { suggestion(for: $0, among: names) } ?? ""
      throw AttuneError(
        .notFound, "no study \(name.map { "\"\($0)\" " } ?? "")in \(path)\(near)", subject: name ?? "")
    }
    let file = try JournalFile(path: path, creates: false)
    return (found.definition, JournalStore(file, identifier: found.identifier, name: found.definition.name))
  }

  /// The definitions of the studies in a file.
  public static func definitions(path: String) throws(AttuneError) -> [StudyDefinition] {
    try index(path).studies.map(\.definition)
  }

  /// Deletes a study; its lines stay in the file, marked.
  public static func delete(path: String, name: String) throws(AttuneError) {
    let file = try JournalFile(path: path, creates: false)
    try file.transact { lines throws(AttuneError) in
      let index = try JournalIndex(lines, path: path)
      guard let study = index.study(named: name) else {
        let near = suggestion(for: name, among: index.studies.map(\.definition.name))
        throw AttuneError(.notFound, "no study \"\(name)\" in \(path)\(near)", subject: name)
      }
      var writer = JSONWriter(.compact)
      writer.object { line in
        line.member("study", study.identifier)
        line.member("delete", true)
      }
      writer.newline()
      return writer.takeBytes()
    }
  }

  private static func index(_ path: String) throws(AttuneError) -> JournalIndex {
    let file = try JournalFile(path: path, creates: false)
    var index: JournalIndex?
    try file.transact { lines throws(AttuneError) in
      index = try JournalIndex(lines, path: path)
      return []
    }
    guard let index else { throw AttuneError(.internal, "\(path): no transaction ran") }
    return index
  }
}

/// The studies that the lines of a whole journal create and do not delete.
struct JournalIndex {
  struct Study {
    let identifier: Int
    let definition: StudyDefinition
  }

  private(set) var studies: [Study] = []
  private(set) var nextIdentifier = 0

  init(
    _ lines: [(number: Int, line: ArraySlice<UInt8>)], path: String
  ) throws(AttuneError) {
    for (number, line) in lines {
      if number == 1 {
        try Self.checkHeader(line, path: path)
        continue
      }
      // Only lines that create or delete matter here, and only they need parsing.
      guard line.contains(subsequence: "\"create\":") || line.contains(subsequence: "\"delete\":")
      else { continue }
      let json = try Self.parse(line, number, path)
      guard let identifier = json["study"]?.int64Value.flatMap({ Int(exactly: $0) }) else {
        continue
      }
      if let definition = json["create"]?.objectValue {
        studies.append(Study(identifier: identifier, definition: try .init(json: definition)))
        nextIdentifier = max(nextIdentifier, identifier + 1)
      } else if json["delete"]?.boolValue == true {
        studies.removeAll { $0.identifier == identifier }
      }
    }
  }

  func study(named name: String) -> Study? { studies.first { $0.definition.name == name } }

  static func parse(
    _ line: ArraySlice<UInt8>, _ number: Int, _ path: String
  ) throws(AttuneError) -> JSON {
    do {
      return try JSON(parsing: line, firstLine: number)
    } catch {
      throw AttuneError(.storage, "\(path): \(error.description)", subject: path)
    }
  }

  private static func checkHeader(_ line: ArraySlice<UInt8>, path: String) throws(AttuneError) {
    let header: JSON
    do {
      header = try JSON(parsing: line)
    } catch {
      throw AttuneError(
        .storage, "\(path): is no Attune journal: its first line is no JSON", subject: path)
    }
    guard header["journal"]?.stringValue == "attune" else {
      throw AttuneError(
        .storage,
        "\(path): is no Attune journal: its first line is \(header.text()), wanted "
          + "{\"journal\":\"attune\",\"version\":\(JournalStorage.version)}", subject: path)
    }
    guard let version = header["version"]?.int64Value, version <= JournalStorage.version else {
      throw AttuneError(
        .storage,
        "\(path): was written by a newer Attune: version \(header["version"]?.text() ?? "missing"), "
          + "wanted at most \(JournalStorage.version)", subject: path)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func contains(subsequence: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(
      start: subsequence.utf8Start, count: subsequence.utf8CodeUnitCount)
    guard let first = wanted.first, count >= wanted.count else { return false }
    return withUnsafeBufferPointer { bytes in
      for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
        if bytes[start..<start + wanted.count].elementsEqual(wanted) { return true }
      }
      return false
    }
  }
}

/// One study of a journal.
///
/// `@unchecked Sendable`: a study calls its store under its own lock, as `StudyStore` promises.
final class JournalStore: StudyStore, @unchecked Sendable {
  private let identifier: Int
  private let name: String
  private let file: JournalFile

  init(_ file: JournalFile, identifier: Int, name: String) {
    self.identifier = identifier
    self.name = name
    self.file = file
  }

  func transact(
    _ body: (_ others: [StudyEvent]) throws(AttuneError) -> [StudyEvent]
  ) throws(AttuneError) {
    try file.transact { lines throws(AttuneError) in
      var events: [StudyEvent] = []
      for (number, line) in lines {
        if number == 1 { continue }
        let json = try JournalIndex.parse(line, number, file.path)
        guard json["study"]?.int64Value == Int64(identifier) else { continue }
        if json["delete"]?.boolValue == true {
          throw AttuneError(
            .notFound, "study \"\(name)\" was deleted from \(file.path)", subject: name)
        }
        if json["create"] != nil { continue }
        do throws(AttuneError) {
          events.append(try StudyEvent(journal: json))
        } catch {
          throw AttuneError(
            .storage, "\(file.path): line \(number): \(error.message)", subject: file.path)
        }
      }
      var writer = JSONWriter(.compact)
      for event in try body(events) { event.write(journal: &writer, study: identifier) }
      return writer.takeBytes()
    }
  }
}

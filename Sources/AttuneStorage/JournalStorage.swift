public import AttuneCore

/// Studies in an append-only file of JSON lines, one event a line.
///
/// The first line is `{"journal": "attune", "version": 1}`. Every other begins with the number of its
/// study. Processes share the file under its lock.
public enum JournalStorage {
  /// Creates a study; `alreadyExists` when the file has one of that name.
  public static func create(
    _ definition: StudyDefinition, path: String
  ) throws(AttuneError) -> any StudyStore {
    let file = try JournalFile(path: path, creates: true)
    defer { Logger.flush() }
    var index: JournalIndex?
    var identifier = 0
    try file.transact(keeps: false) { lines throws(AttuneError) in
      index = lines.isEmpty ? nil : try JournalIndex(lines, path: path)
    } _: { () throws(AttuneError) in
      if index?.study(named: definition.name) != nil {
        throw AttuneError(
          .alreadyExists, "study \"\(definition.name)\" exists in \(path)",
          subject: definition.name)
      }
      identifier = index?.nextIdentifier ?? 0
      var writer = JSONWriter(.compact)
      writer.object { line in
        line.member("study", identifier)
        line.member("create", definition.json())
      }
      writer.newline()
      return (index == nil ? JournalHeader.line : []) + writer.takeBytes()
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
        .notFound, "no study \(name.map { "\"\($0)\" " } ?? "")in \(path)\(near)",
        subject: name ?? "")
    }
    let file = try JournalFile(path: path, creates: false)
    let store = JournalStore(file, identifier: found.identifier, name: found.definition.name)
    return (found.definition, store)
  }

  /// The definitions of the studies in a file.
  public static func definitions(path: String) throws(AttuneError) -> [StudyDefinition] {
    try index(path).studies.map(\.definition)
  }

  /// Deletes a study; its lines stay in the file, marked.
  public static func delete(path: String, name: String) throws(AttuneError) {
    let file = try JournalFile(path: path, creates: false)
    defer { Logger.flush() }
    var found: JournalIndex.Study?
    try file.transact(keeps: false) { lines throws(AttuneError) in
      let index = try JournalIndex(lines, path: path)
      found = index.study(named: name)
      guard found == nil else { return }
      let near = suggestion(for: name, among: index.studies.map(\.definition.name))
      throw AttuneError(.notFound, "no study \"\(name)\" in \(path)\(near)", subject: name)
    } _: { () throws(AttuneError) in
      var writer = JSONWriter(.compact)
      guard let found else { return [] }
      writer.object { line in
        line.member("study", found.identifier)
        line.member("delete", true)
      }
      writer.newline()
      return writer.takeBytes()
    }
  }

  private static func index(_ path: String) throws(AttuneError) -> JournalIndex {
    let file = try JournalFile(path: path, creates: false)
    defer { Logger.flush() }
    var index: JournalIndex?
    try file.transact(keeps: false) { lines throws(AttuneError) in
      index = try JournalIndex(lines, path: path)
    } _: {
      []
    }
    guard let index else { throw AttuneError(.internal, "\(path): no transaction ran") }
    return index
  }
}

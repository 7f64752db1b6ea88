import AttuneCore

/// Writes of one transaction, gathered so that they reach the database in as few statements as it can take.
struct WriteBatch {
  let connection: any SQLConnection
  private var writes: [SQLWrite] = []
  /// The number of the trial that the first write makes.
  private(set) var newTrial: Int?

  init(_ connection: any SQLConnection) { self.connection = connection }

  /// Whether a write must wait until those before it are done: one of their table does not see them.
  func mustFlush(before table: String) -> Bool {
    writes.contains { $0.table == table }
  }

  mutating func add(_ write: SQLWrite, newTrial: Int? = nil) {
    writes.append(write)
    if newTrial != nil { self.newTrial = newTrial }
  }

  /// Writes what was gathered; the id of the new trial if there is one.
  mutating func flush() throws(AttuneError) -> Int64? {
    defer {
      writes.removeAll(keepingCapacity: true)
      newTrial = nil
    }
    guard !writes.isEmpty else { return nil }
    let results = try connection.runAll(writes)
    for (write, result) in zip(writes, results) {
      if let conflict = write.conflict, result == 0 { throw conflict }
    }
    return newTrial == nil ? nil : results.first
  }
}

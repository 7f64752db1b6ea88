import AttuneCore

/// Several writes in one statement.
extension PostgresConnection {
  /// As parts of one query, which all run to their end and all see what was there before it.
  func runAll(_ writes: [SQLWrite]) throws(AttuneError) -> [Int64] {
    guard !writes.isEmpty else { return [] }
    var parameters: [SQLValue] = []
    let parts = writes.enumerated().map { index, write in
      let text = Self.numbered(write, after: &parameters)
      return "w\(index) AS (\(text) RETURNING \(write.returning ?? "1"))"
    }
    let results = writes.enumerated().map { index, write in
      "(SELECT \(write.returning ?? "count(*)") FROM w\(index))"
    }
    var found: [Int64] = []
    try run(
      "WITH \(parts.joined(separator: ", ")) SELECT \(results.joined(separator: ", "))", parameters
    ) { row in
      found = writes.indices.map { row.int($0) ?? 0 }
    }
    return found
  }

  /// The text of a write with its parameters counted on from those before; a new id is asked of the first.
  private static func numbered(_ write: SQLWrite, after parameters: inout [SQLValue]) -> String {
    var places: [String] = []
    for value in write.parameters {
      guard value != .newID else {
        places.append("(SELECT * FROM w0)")
        continue
      }
      parameters.append(value)
      places.append("$\(parameters.count)")
    }
    let pieces = write.text.split(separator: "$", omittingEmptySubsequences: false)
    return pieces.dropFirst().reduce(into: String(pieces[0])) { text, piece in
      let number = piece.prefix { $0.isNumber }
      text += (Int(number).map { places[$0 - 1] } ?? "") + piece.dropFirst(number.count)
    }
  }
}

import AttuneCore

/// An INSERT statement for any number of rows, its text made once for each number.
struct RowInsert {
  let table: String
  let columns: [String]
  /// What follows the rows, such as ON CONFLICT.
  var ending = ""
  private var texts: [Int: String] = [:]

  init(_ table: String, _ columns: [String], ending: String = "") {
    self.table = table
    self.columns = columns
    self.ending = ending
  }

  /// More rows than this go into several statements: databases limit parameters.
  static let rowLimit = 200

  mutating func text(rows: Int) -> String {
    if let text = texts[rows] { return text }
    var next = 0
    let values = (0..<rows).map { _ in
      "("
        + columns.map { _ in
          next += 1
          return "$\(next)"
        }.joined(separator: ", ") + ")"
    }
    let text =
      "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
      + values.joined(separator: ", ") + (ending.isEmpty ? "" : " " + ending)
    texts[rows] = text
    return text
  }
}

extension RowInsert {
  /// The writes for rows, whose values stand one after another.
  mutating func writes(_ values: [SQLValue]) -> [SQLWrite] {
    let limit = Self.rowLimit * columns.count
    return stride(from: 0, to: values.count, by: limit).map { start in
      let part = Array(values[start..<min(start + limit, values.count)])
      return SQLWrite(table: table, text: text(rows: part.count / columns.count), parameters: part)
    }
  }
}

import AttuneCore

/// Rows as RFC 4180 has them, lines ended by \n.
struct CSVText {
  let columns: [String]
  let rows: [[JSON]]

  var text: String {
    var text = Self.line(columns)
    for row in rows { text += Self.line(row.map(Self.field)) }
    return text
  }

  /// Numbers and truth values as Python's pandas writes them.
  private static func field(_ cell: JSON) -> String {
    switch cell {
    case .bool(let value): value ? "True" : "False"
    case .float(let value) where !value.isFinite:
      value.isNaN ? "" : value < 0 ? "-inf" : "inf"
    default: cell.cell
    }
  }

  private static func line(_ fields: [String]) -> String {
    // A line that is empty would be skipped by readers: one empty field is quoted.
    if fields == [""] { return "\"\"\n" }
    return fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    let special = field.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
        || $0 == UInt8(ascii: "\r")
    }
    guard special else { return field }
    var quoted = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}

import AttuneCore

/// Columns of text under a heading and a rule; numbers stand to the right.
struct TextTable {
  let columns: [String]
  let rows: [[JSON]]
  var showsHeading = true
  var indent = ""

  var text: String {
    let cells = rows.map { $0.map { Self.oneLine($0.cell) } }
    let toRight = columns.indices.map { column in
      let values = rows.map { $0[column] }.filter { !$0.isNull }
      return !values.isEmpty && values.allSatisfy(\.isNumber)
    }
    let widths = columns.indices.map { column in
      max(
        showsHeading ? columns[column].count : 0, cells.map { $0[column].count }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      var line = indent
      for (column, cell) in cells.enumerated() {
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        if column > 0 { line += "  " }
        line += toRight[column] ? space + cell : cell + space
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    var text = ""
    if showsHeading {
      text += line(columns)
      text += line(widths.map { String(repeating: "-", count: $0) })
    }
    for row in cells { text += line(row) }
    return text
  }

  /// The text with control characters, which would break the table or the terminal, written out.
  static func oneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.properties.generalCategory == .control {
          result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}

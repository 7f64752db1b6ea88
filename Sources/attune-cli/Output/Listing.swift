import AttuneCore

/// A result in all forms: rows for people and spreadsheets, a document for programs.
struct Listing {
  /// The columns of the table.
  var columns: [String] = []
  /// One cell a column; null is an empty cell.
  var rows: [[JSON]] = []
  /// What json and yaml write.
  var document: JSON
  /// Columns and rows of CSV where they differ from the table's.
  var csv: (columns: [String], rows: [[JSON]])?

  /// The text in a form, ending in a line end.
  func text(_ format: OutputFormat) -> String {
    switch format {
    case .table: TextTable(columns: columns, rows: rows).text
    case .json: document.text(.pretty) + "\n"
    case .csv: CSVText(columns: csv?.columns ?? columns, rows: csv?.rows ?? rows).text
    case .yaml: YAMLText(document).text
    }
  }

  func print(_ format: OutputFormat) {
    StandardStream.output.write(text(format))
  }
}

extension Listing {
  /// One object, as a table of keys and values.
  init(object: JSON.Object) {
    columns = ["key", "value"]
    rows = object.map { [.string($0.key), $0.value] }
    csv = (object.keys, [object.values])
    document = .object(object)
  }

  /// Objects of the same keys, one a row.
  init(objects: [JSON.Object], columns: [String]) {
    self.columns = columns
    rows = objects.map { object in columns.map { object[$0] ?? .null } }
    document = .array(objects.map(JSON.object))
  }
}

extension JSON {
  /// The value as a cell: texts bare, null empty, arrays and objects as JSON.
  var cell: String {
    switch self {
    case .null: ""
    case .string(let text): text
    default: text(.spaced)
    }
  }

  /// Whether the cell is a number, which tables align to the right.
  var isNumber: Bool { doubleValue != nil }
}

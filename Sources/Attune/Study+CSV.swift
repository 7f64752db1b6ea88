public import AttuneCore

extension Study {
  /// The trials as CSV in the columns of Optuna's `trials_dataframe`.
  ///
  /// number, value (or values_0...), datetime_start, datetime_complete, duration, params_NAME,
  /// user_attrs_KEY, system_attrs_KEY (constraints and failure reasons), state; names sorted, absent
  /// values empty, lines ended as pandas ends them.
  public func exportCSV() throws(AttuneError) -> String {
    let table = try trials()
    let records = (0..<table.count).map { table[$0] }
    // Another program's trials may have parameters that the space has not.
    let params = Set(table.space.parameters.map(\.name)).union(
      records.flatMap { $0.params.map(\.name) }
    ).sorted()
    let attributes = Set(records.flatMap { $0.attributes.map(\.key) }).sorted()
    let constraints = Set(records.flatMap { $0.constraints.map(\.name) }).sorted()
    let hasFailures = records.contains { $0.failure != nil }
    let values =
      directions.count == 1 ? ["value"] : directions.indices.map { "values_\($0)" }
    var header = ["number"] + values + ["datetime_start", "datetime_complete", "duration"]
    header += params.map { "params_" + $0 } + attributes.map { "user_attrs_" + $0 }
    header += constraints.map { "system_attrs_constraints:" + $0 }
    if hasFailures { header.append("system_attrs_attune:reason") }
    header.append("state")
    var text = Self.line(header)
    for record in records {
      var row = ["\(record.number)"]
      for index in values.indices {
        row.append(index < record.values.count ? Self.number(record.values[index]) : "")
      }
      row.append(Timestamp.text(record.started))
      row.append(record.finished == 0 ? "" : Timestamp.text(record.finished))
      row.append(
        record.finished == 0 ? "" : Self.duration(record.finished - record.started))
      row += params.map { name in
        record.params.first { $0.name == name }.map { Self.cell($0.value) } ?? ""
      }
      row += attributes.map { key in
        record.attributes.first { $0.key == key }.map { Self.cell(json: $0.json) } ?? ""
      }
      row += constraints.map { name in
        record.constraints.first { $0.name == name }.map { Self.number($0.value) } ?? ""
      }
      if hasFailures { row.append(record.failure?.reason ?? "") }
      row.append(record.state.name)
      text += Self.line(row)
    }
    return text
  }

  private static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
    var text = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { text += "\"\"" } else { text.unicodeScalars.append(scalar) }
    }
    return text + "\""
  }

  private static func cell(_ value: Value) -> String {
    switch value {
    case .null: ""
    case .bool(let value): value ? "True" : "False"
    case .int, .string: value.text
    case .float(let number): Self.number(number)
    }
  }

  /// An attribute: a string without its quotes, anything else as JSON.
  private static func cell(json text: String) -> String {
    // Attributes were checked when they were set: what is no string is shown as it is.
    (try? JSON(parsing: text))?.stringValue ?? text
  }

  /// A number as pandas reads it.
  private static func number(_ value: Double) -> String {
    value.isInfinite ? (value < 0 ? "-inf" : "inf") : value.isNaN ? "" : "\(value)"
  }

  /// A time span as pandas writes one: `0 days 00:00:01.250000`.
  static func duration(_ microseconds: Int64) -> String {
    let span = max(0, microseconds)
    let clock = Timestamp.text(span % 86_400_000_000).dropFirst("1970-01-01 ".count)
    return "\(span / 86_400_000_000) days \(clock)"
  }
}

import Attune
import AttuneCore

/// Trials as listings: short for people, in Optuna's dataframe columns as CSV.
struct TrialText {
  let records: [TrialRecord]
  let directions: [Direction]
  let space: Space

  /// One row a trial.
  var listing: Listing {
    let hasFailures = records.contains { $0.failure != nil }
    let valueColumns = directions.count == 1 ? ["value"] : directions.indices.map { "value_\($0)" }
    let names = paramNames
    var columns = ["number", "state"] + valueColumns + names + ["duration"]
    if hasFailures { columns.append("reason") }
    let rows = records.map { record in
      var row: [JSON] = [.int(Int64(record.number)), .string(record.state.name)]
      row += valueCells(record)
      row += paramCells(record, names)
      row.append(.string(duration(record)))
      if hasFailures { row.append(record.failure.map { .string($0.reason) } ?? .null) }
      return row
    }
    var listing = Listing(document: .array(records.map(\.json)))
    listing.columns = columns
    listing.rows = rows
    listing.csv = frame
    return listing
  }

  /// The columns of Optuna's `trials_dataframe`.
  private var frame: (columns: [String], rows: [[JSON]]) {
    let names = paramNames.sorted()
    let keys = Set(records.flatMap { $0.attributes.map(\.key) }).sorted()
    let constraints = Set(records.flatMap { $0.constraints.map(\.name) }).sorted()
    let hasFailures = records.contains { $0.failure != nil }
    let valueColumns = directions.count == 1 ? ["value"] : directions.indices.map { "values_\($0)" }
    var columns = ["number"] + valueColumns + ["datetime_start", "datetime_complete", "duration"]
    columns += names.map { "params_\($0)" } + keys.map { "user_attrs_\($0)" }
    columns += constraints.map { "system_attrs_constraints:\($0)" }
    columns += hasFailures ? ["system_attrs_attune:reason", "state"] : ["state"]
    let rows = records.map { record in
      var row: [JSON] = [.int(Int64(record.number))]
      row += valueCells(record)
      row.append(.string(Timestamp.text(record.started)))
      row.append(record.finished > 0 ? .string(Timestamp.text(record.finished)) : .null)
      row.append(
        record.finished > 0
          ? .string(TimeText.pandasDuration(record.finished - record.started)) : .null)
      row += paramCells(record, names)
      for key in keys {
        // Attributes were checked when they were set; one damaged since is left out.
        let text = record.attributes.first { $0.key == key }?.json
        row.append(text.flatMap { try? JSON(parsing: $0) } ?? .null)
      }
      row += constraints.map { name in
        record.constraints.first { $0.name == name }.map { .float($0.value) } ?? .null
      }
      if hasFailures { row.append(record.failure.map { .string($0.reason) } ?? .null) }
      row.append(.string(record.state.name))
      return row
    }
    return (columns, rows)
  }

  private var paramNames: [String] { space.parameters.map(\.name) }

  private func valueCells(_ record: TrialRecord) -> [JSON] {
    directions.indices.map { index in
      index < record.values.count && !record.values[index].isNaN
        ? .float(record.values[index]) : .null
    }
  }

  private func paramCells(_ record: TrialRecord, _ names: [String]) -> [JSON] {
    var cells: [String: JSON] = [:]
    for param in record.params { cells[param.name] = param.value.json }
    return names.map { cells[$0] ?? .null }
  }

  private func duration(_ record: TrialRecord) -> String {
    record.duration.map(TimeText.duration) ?? ""
  }
}

extension TrialRecord {
  /// "trial 3" with its value or values: "Best trial 3, value 0.12".
  var valueText: String {
    values.count == 1
      ? "value \(values[0])"
      : "values " + values.map { "\($0)" }.joined(separator: ", ")
  }

  /// The parameters in two columns.
  var paramText: String {
    TextTable(
      columns: ["", ""], rows: params.map { [.string($0.name), .string($0.value.text)] },
      showsHeading: false, indent: "  "
    ).text
  }
}

extension TrialTable {
  var records: [TrialRecord] { (0..<count).map { self[$0] } }
}

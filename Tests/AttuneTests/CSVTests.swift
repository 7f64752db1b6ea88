import Attune
import AttuneCore
import Testing

@Suite("CSV")
struct CSVTests {
  /// The cells of CSV text, as pandas writes it.
  static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let next = scalars.popFirst() {
      if isQuoted {
        if next != "\"" {
          cell.unicodeScalars.append(next)
        } else if scalars.first == "\"" {
          scalars.removeFirst()
          cell += "\""
        } else {
          isQuoted = false
        }
      } else if next == "\"" {
        isQuoted = true
      } else if next == "," {
        row.append(cell)
        cell = ""
      } else if next == "\n" {
        rows.append(row + [cell])
        (row, cell) = ([], "")
      } else {
        cell.unicodeScalars.append(next)
      }
    }
    #expect(row.isEmpty && cell.isEmpty && !isQuoted, "the last line is whole")
    return rows
  }

  @Test("the columns are those of Optuna's dataframe, and every cell reads back")
  func cells() throws {
    let study = try ExportTests.busy()
    let rows = Self.parse(try study.exportCSV())
    let records = try study.trials().records
    #expect(
      rows[0] == [
        "number", "value", "datetime_start", "datetime_complete", "duration", "params_coef",
        "params_degree", "params_drop", "params_kernel", "params_lr", "params_n", "params_seed",
        "params_x", "user_attrs_k", "system_attrs_constraints:c", "system_attrs_attune:reason",
        "state",
      ])
    #expect(rows.count == records.count + 1)
    for (record, row) in zip(records, rows.dropFirst()) {
      #expect(row.count == rows[0].count)
      let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], row))
      #expect(cells["number"] == "\(record.number)")
      #expect(cells["state"] == record.state.name)
      #expect(Double(cells["value"] ?? "") == record.values.first)
      #expect(cells["datetime_start"].flatMap(Timestamp.microseconds) == record.started)
      for name in ["coef", "drop", "lr", "x"] {
        #expect(Double(cells["params_\(name)"] ?? "") == record[name]?.number)
      }
      #expect(cells["system_attrs_attune:reason"] == record.failure?.reason ?? "")
      if record.finished == 0 {
        #expect(cells["datetime_complete"] == "" && cells["duration"] == "")
      } else {
        #expect(cells["datetime_complete"].flatMap(Timestamp.microseconds) == record.finished)
        #expect(cells["duration"]?.hasPrefix("0 days 00:00:0") == true)
      }
    }
    #expect(rows[4][1] == "inf")
  }

  @Test("several directions have a column each; names that need quotes are quoted")
  func columns() throws {
    let study = try Samples.study(
      #"{"a,b": {"type": "fixed", "value": "say \"hi\"\r\nthere"}, "z": {"type": "fixed", "value": true}}"#,
      directions: [.minimize, .maximize])
    try study.tell(study.ask(), values: [-.infinity, 1e-7])
    let rows = Self.parse(try study.exportCSV())
    #expect(
      rows[0] == [
        "number", "values_0", "values_1", "datetime_start", "datetime_complete", "duration",
        "params_a,b", "params_z", "state",
      ])
    #expect(rows[1][1] == "-inf" && rows[1][2] == "1e-07")
    #expect(rows[1][6] == "say \"hi\"\r\nthere" && rows[1][7] == "True")
  }

  @Test("a study without trials has its header")
  func empty() throws {
    let rows = Self.parse(try Samples.study().exportCSV())
    #expect(
      rows == [
        ["number", "value", "datetime_start", "datetime_complete", "duration", "params_x", "state"]
      ])
  }

  @Test("long durations count days")
  func days() throws {
    let study = try Samples.study()
    try study.addTrial(
      json:
        #"{"params": {"x": 0}, "value": 1, "datetime_start": "2026-01-01 00:00:00", "datetime_complete": "2026-01-03 01:02:03.000004"}"#
    )
    #expect(Self.parse(try study.exportCSV())[1][4] == "2 days 01:02:03.000004")
  }
}

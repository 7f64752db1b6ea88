import Attune
import AttuneCore

/// The best trial with its parameters, or the trials of the Pareto front.
struct BestTable {
  private static let (rowLimit, columnLimit, parameterLimit) = (50, 12, 1000)
  let study: ReportStudy

  func write(to page: inout Markup) {
    guard let first = study.best.first else {
      page.note("No trial is COMPLETE.")
      return
    }
    if !first.constraints.allSatisfy({ $0.value <= 0 }) {
      page.note("No trial is feasible: each has a constraint above 0.")
    }
    if study.directions.count == 1 { writeOne(&page, first) } else { writeFront(&page) }
  }

  private func writeOne(_ page: inout Markup, _ trial: TrialRecord) {
    page.element("p") { line in
      line.addText("Trial \(trial.number): value ")
      line.element("strong", text: "\(trial.values.first ?? .nan)")
    }
    var rows = trial.params.prefix(Self.parameterLimit).map { [$0.name, $0.value.text] }
    rows += trial.constraints.prefix(100).map { ["constraint \($0.name)", "\($0.value)"] }
    page.table(heading: ["parameter", "value"], rows: rows)
    if trial.params.count > Self.parameterLimit {
      page.note("The first \(Self.parameterLimit) of \(trial.params.count) parameters.")
    }
  }

  private func writeFront(_ page: inout Markup) {
    let shown = TrialSample.spread(study.best, Self.rowLimit)
    let parameters = study.ranked.prefix(Self.columnLimit).sorted().map {
      study.space.parameters[$0].name
    }
    let heading = ["trial"] + study.directions.indices.map(study.valueName) + parameters
    let rows = shown.map { trial in
      ["\(trial.number)"] + trial.values.map { NumberText.short($0, digits: 6) }
        + parameters.map { name in
          trial.params.first { $0.name == name }.map { Self.text($0.value) } ?? ""
        }
    }
    page.table(heading: heading, rows: rows)
    page.note(
      shown.count < study.best.count
        ? "\(shown.count) of \(study.best.count) trials of the Pareto front."
        : "\(counted(study.best.count, "trial")) on the Pareto front.")
  }

  private static func text(_ value: Value) -> String {
    if case .float(let number) = value { return NumberText.short(number, digits: 6) }
    return value.text
  }
}

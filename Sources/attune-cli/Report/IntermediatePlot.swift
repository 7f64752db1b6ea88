import Attune
import AttuneCore

/// What trials reported while they ran, step by step.
struct IntermediatePlot {
  private static let (curveLimit, pointLimit) = (240, 80)

  let study: ReportStudy
  let objective: Int

  /// The trials that are drawn, the best one last.
  static func records(_ study: ReportStudy) -> [TrialRecord] {
    let reporting = study.trials.indices.filter { study.trials[$0].hasReports }
    var chosen = TrialSample.spread(reporting, curveLimit)
    if let best = study.best.first, study.directions.count == 1,
      let place = reporting.first(where: { study.trials[$0].number == best.number })
    {
      chosen.removeAll { $0 == place }
      chosen.append(place)
    }
    return chosen.map { study.table[$0] }
  }

  func write(to page: inout Markup, _ records: [TrialRecord]) {
    let reports = records.flatMap { $0.reports.all }
    let values = reports.map { $0.values.indices.contains(objective) ? $0.values[objective] : .nan }
    guard let last = reports.map(\.step).max(), values.contains(where: \.isFinite) else {
      page.note("No finite \(study.valueName(objective)) was reported.")
      return
    }
    let first = reports.map(\.step).min() ?? 0
    var figure = Figure(
      width: 1080, height: 320,
      title: "\(study.valueName(objective)) reported by \(counted(records.count, "trial"))",
      x: PlotScale(Double(first), Double(last), isWhole: true), xTitle: "step",
      y: PlotScale(values: values, direction: study.directions[objective]),
      yTitle: "\(study.valueName(objective)) (\(study.directions[objective].name))")
    let frame = figure
    figure.draw { svg in
      var ends = Marks()
      for (index, record) in records.enumerated() {
        let isBest =
          index + 1 == records.count && study.best.first?.number == record.number
          && study.directions.count == 1
        write(&svg, record, frame, isBest: isBest, ends: &ends)
      }
      ends.write(to: &svg)
    }
    figure.write(to: &page)
    if figure.y.isCut { page.note("Values far from the others are drawn at the end of the axis.") }
  }

  private func write(
    _ svg: inout Markup, _ record: TrialRecord, _ figure: Figure, isBest: Bool, ends: inout Marks
  ) {
    let steps = record.reports.all.sorted { $0.step < $1.step }
    var line = PolyLine()
    var end: (x: Double, y: Double)?
    for report in TrialSample.spread(steps, Self.pointLimit) {
      guard report.values.indices.contains(objective), report.values[objective].isFinite else {
        line.lift()
        continue
      }
      let place = (figure.across(Double(report.step)), figure.down(report.values[objective]))
      line.add(place.0, place.1)
      end = place
    }
    line.write(
      to: &svg, isBest ? "curve best-curve" : "curve \(record.state.name.lowercased())",
      trial: record.number)
    guard let end else { return }
    // A single report is no line; where a trial was given up is to be seen.
    if record.state == .pruned || record.state == .fail || steps.count == 1 {
      ends.add("point \(record.state.name.lowercased())", end.x, end.y, trial: record.number)
    }
  }
}

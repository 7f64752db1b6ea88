import AttuneCore

/// Values over trials, and the best so far.
struct HistoryPlot {
  let study: ReportStudy
  let objective: Int

  func write(to page: inout Markup) {
    let complete = study.trials.filter { $0.state == .complete }
    let finite = complete.filter { $0.value(objective).isFinite }
    guard let last = study.trials.last, !finite.isEmpty else {
      page.note(
        complete.isEmpty
          ? "No trial is COMPLETE."
          : "All \(counted(complete.count, "COMPLETE trial")) have an infinite \(study.valueName(objective))."
      )
      return
    }
    let direction = study.directions[objective]
    let scale = PlotScale(values: finite.map { $0.value(objective) }, direction: direction)
    var figure = Figure(
      width: 1080, height: 320,
      title:
        "\(study.valueName(objective)) of \(counted(finite.count, "trial")) and the best so far",
      x: PlotScale(0, Double(max(last.number, 1)), isWhole: true), xTitle: "trial", y: scale,
      yTitle: "\(study.valueName(objective)) (\(direction.name))")
    let marks = marks(figure)
    let line = bestLine(figure, end: last.number)
    figure.draw { svg in
      marks.write(to: &svg)
      line.write(to: &svg, "best-line")
    }
    figure.write(to: &page)
    writeLegend(&page, complete: complete.count, finite: finite)
    if scale.isCut {
      let far = finite.count { scale.isBeyond($0.value(objective)) }
      page.note("\(counted(far, "value")) beyond the axis, drawn as triangles at its end.")
    }
  }

  private func marks(_ figure: Figure) -> Marks {
    var marks = Marks()
    for place in study.drawn {
      let trial = study.trials[place]
      let value = trial.value(objective)
      guard value.isFinite else { continue }
      let name =
        figure.y.isCut && figure.y.isBeyond(value)
        ? "far" : trial.isFeasible ? "point complete" : "point infeasible"
      marks.add(name, figure.across(Double(trial.number)), figure.down(value), trial: trial.number)
    }
    return marks
  }

  /// Steps, of which those that fall in one pixel are one.
  private func bestLine(_ figure: Figure, end: Int) -> PolyLine {
    let records = BestLine.records(
      study.trials, objective: objective, direction: study.directions[objective])
    var line = PolyLine()
    var level: Double?
    for (index, place) in records.enumerated() {
      let trial = study.trials[place]
      let across = figure.across(Double(trial.number))
      let isLast = index + 1 == records.count
      if !isLast {
        let next = figure.across(Double(study.trials[records[index + 1]].number))
        if next - across < 0.5 { continue }
      }
      let down = figure.down(trial.value(objective))
      if let level { line.add(across, level) }
      line.add(across, down)
      level = down
    }
    if let level { line.add(figure.across(Double(end)), level) }
    return line
  }

  private func writeLegend(_ page: inout Markup, complete: Int, finite: [ReportStudy.Trial]) {
    var keys = [("complete", "COMPLETE"), ("best-key", "best so far")]
    if finite.contains(where: { !$0.isFeasible }) {
      keys.insert(("infeasible", "COMPLETE, a constraint above 0"), at: 1)
    }
    page.legend(keys)
    if complete > finite.count {
      page.note("\(counted(complete - finite.count, "trial")) with an infinite value not drawn.")
    }
  }
}

import AttuneCore

/// Trials as lines across an axis for each value and parameter, coloured by how good they are.
struct ParallelPlot {
  private static let (axisLimit, lineLimit) = (12, 400)
  private static let (width, top, bottom, height) = (1080.0, 52.0, 330.0, 372.0)
  /// Where trials cross the axis of a parameter that they do not have.
  private static let absent = 352.0

  private struct Axis {
    let name: String
    let scale: PlotScale
    /// The number of a trial by its place; NaN where it has none.
    let number: (Int) -> Double
  }

  let study: ReportStudy

  func write(to page: inout Markup) {
    let finite = study.drawn.filter {
      !study.trials[$0].values.isEmpty && study.trials[$0].values.allSatisfy(\.isFinite)
    }
    let ranked = study.ranked
    guard !ranked.isEmpty, !finite.isEmpty else {
      page.note(
        finite.isEmpty ? "No COMPLETE trial has finite values." : "No parameter has a choice.")
      return
    }
    let ordered = fromWorst(finite)
    // The best quarter of the lines are the best trials, the others are spread.
    let top = ordered.suffix(Self.lineLimit / 4)
    let lines =
      TrialSample.spread(Array(ordered.dropLast(top.count)), Self.lineLimit - top.count) + top
    let axes = axes(finite, ranked)
    var ranks: [Int: Int] = [:]
    for (rank, place) in ordered.enumerated() { ranks[place] = rank }
    page.element(
      "svg",
      [
        "class": "plot", "role": "img",
        "aria-label": "Parallel coordinates of \(counted(lines.count, "trial"))",
        "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))",
        "xmlns": "http://www.w3.org/2000/svg",
      ]
    ) { svg in
      for place in lines {
        writeLine(&svg, place, axes, Ramp.name(ranks[place] ?? 0, of: ordered.count))
      }
      for index in axes.indices { writeAxis(&svg, axes, index) }
      if axes.contains(where: { axis in lines.contains { axis.number($0).isNaN } }) {
        svg.element(
          "text", ["class": "faint", "x": "2", "y": "\(Int(Self.absent) + 4)"], text: "inactive")
      }
    }
    page.ramp(from: "worst \(study.valueName(0))", to: "best (by rank)")
    writeNotes(&page, lines: lines.count, parameters: ranked.count)
  }

  private func writeNotes(_ page: inout Markup, lines: Int, parameters: Int) {
    let complete = study.trials.count { $0.state == .complete }
    if lines < complete {
      page.note("\(lines) of \(complete) COMPLETE trials, the best ones among them.")
    }
    let shown = parameterCount(parameters)
    if shown < parameters {
      page.note("The \(shown) parameters of \(parameters) that mattered most.")
    }
  }

  private func parameterCount(_ all: Int) -> Int {
    min(all, max(Self.axisLimit - min(study.directions.count, 4), 1))
  }

  /// Places ordered by the first value, the best last.
  private func fromWorst(_ places: [Int]) -> [Int] {
    places.sorted {
      let (a, b) = (study.trials[$0].value(0), study.trials[$1].value(0))
      return a == b ? $0 > $1 : study.directions[0].isBetter(b, than: a)
    }
  }

  private func axes(_ places: [Int], _ ranked: [Int]) -> [Axis] {
    var axes = study.directions.indices.prefix(4).map { objective in
      Axis(
        name: study.valueName(objective),
        scale: PlotScale(
          values: places.map { study.trials[$0].value(objective) },
          direction: study.directions[objective])
      ) { study.trials[$0].value(objective) }
    }
    for parameter in ranked.prefix(parameterCount(ranked.count)).sorted() {
      let own = study.space.parameters[parameter]
      axes.append(
        Axis(name: own.name, scale: PlotScale(own.distribution)) {
          study.number($0, parameter: parameter)
        })
    }
    return axes
  }

  private func across(_ index: Int, of count: Int) -> Double {
    let (left, right) = (70.0, Self.width - 70)
    return count == 1 ? left : left + Double(index) / Double(count - 1) * (right - left)
  }

  private func writeLine(_ svg: inout Markup, _ place: Int, _ axes: [Axis], _ look: String) {
    var line = PolyLine()
    for (index, axis) in axes.enumerated() {
      let number = axis.number(place)
      let down =
        number.isNaN
        ? Self.absent : Self.bottom - axis.scale.place(number) * (Self.bottom - Self.top)
      line.add(across(index, of: axes.count), down)
    }
    line.write(to: &svg, "curve \(look)", trial: study.trials[place].number)
  }

  private func writeAxis(_ svg: inout Markup, _ axes: [Axis], _ index: Int) {
    let axis = axes[index]
    let place = across(index, of: axes.count)
    let room = (Self.width - 140) / Double(max(axes.count - 1, 1))
    Figure.line(&svg, "axis", place, Self.top, place, Self.bottom)
    // Neighbours' names stand on two levels, so that each may be long.
    svg.element(
      "text",
      [
        "class": "title", "x": Markup.coordinate(place), "y": index % 2 == 0 ? "16" : "34",
        "text-anchor": "middle",
      ]
    ) { text in
      let shown = LabelWidth.fitted(axis.name, to: min(2 * room - 10, 136))
      if shown != axis.name { text.element("title", text: String(axis.name.prefix(400))) }
      text.addText(shown)
    }
    for tick in axis.scale.ticks(axis.scale.choices == nil ? 5 : 14) {
      let down = Self.bottom - axis.scale.place(tick.number) * (Self.bottom - Self.top)
      Figure.line(&svg, "axis", place - 3, down, place, down)
      svg.element(
        "text",
        [
          "class": "halo", "x": Markup.coordinate(place - 5), "y": Markup.coordinate(down),
          "dy": "3.5", "text-anchor": "end",
        ], text: LabelWidth.fitted(tick.label, to: min(room * 0.7, 100)))
    }
  }
}

import AttuneCore

/// Values over each parameter alone.
struct SlicePlots {
  /// Pictures in all, and points in all of them.
  private static let (pictures, points) = (48, 40_000)
  let study: ReportStudy

  func write(to page: inout Markup) {
    let ranked = study.ranked
    let objectives = min(study.directions.count, 6)
    let finite = study.drawn.filter { study.trials[$0].values.contains(where: \.isFinite) }
    guard !ranked.isEmpty, !finite.isEmpty else {
      page.note(
        finite.isEmpty ? "No COMPLETE trial has a finite value." : "No parameter has a choice.")
      return
    }
    let shown = ranked.prefix(Self.pictures / objectives)
    for objective in 0..<objectives {
      if objectives > 1 { page.element("h3", text: study.valueName(objective)) }
      page.element("div", ["class": "grid3"]) { grid in
        for parameter in shown {
          let count = Self.points / (shown.count * objectives)
          write(&grid, parameter, objective, TrialSample.spread(finite, count))
        }
      }
    }
    page.ramp(from: "first trial", to: "last trial")
    if shown.count < ranked.count {
      page.note("The \(shown.count) parameters of \(ranked.count) that mattered most.")
    }
    if objectives < study.directions.count {
      page.note("The first \(objectives) of \(study.directions.count) values.")
    }
  }

  private func write(
    _ page: inout Markup, _ parameter: Int, _ objective: Int, _ places: [Int]
  ) {
    let owned = places.filter {
      study.trials[$0].value(objective).isFinite
        && !study.number($0, parameter: parameter).isNaN
    }
    let name = study.space.parameters[parameter].name
    // All the pictures of an objective have one scale.
    let scale = PlotScale(
      values: places.map { study.trials[$0].value(objective) },
      direction: study.directions[objective])
    var figure = Figure(
      width: 350, height: 250, title: "\(study.valueName(objective)) by \(name)",
      x: PlotScale(study.space.parameters[parameter].distribution), xTitle: name, y: scale,
      yTitle: study.valueName(objective))
    var marks = Marks()
    marks.prepare(Ramp.names.map { "point \($0)" })
    for place in owned {
      let trial = study.trials[place]
      let number = study.number(place, parameter: parameter)
      let shift = figure.x.choices.map { Self.jitter(trial.number) / Double(max($0.count, 1)) } ?? 0
      marks.add(
        "point \(Ramp.name(trial.number, of: study.trials.count))",
        figure.across(number) + shift * (figure.right - figure.left),
        figure.down(trial.value(objective)), trial: trial.number)
    }
    let shown = marks
    figure.draw { shown.write(to: &$0) }
    page.element("figure") { figure.write(to: &$0) }
  }

  /// Spreads the trials of a choice over its band, in -0.35 to 0.35: golden steps do not clump.
  private static func jitter(_ number: Int) -> Double {
    let step = Double(number % 100_000) * 0.618_033_988_749_895
    return (step - step.rounded(.down) - 0.5) * 0.7
  }
}

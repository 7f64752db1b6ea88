import AttuneCore

/// When trials ran: those that ran at the same time lie below each other, coloured by how they ended.
struct TimelinePlot {
  private static let laneLimit = 24
  private static let looks: [TrialState] = [.complete, .pruned, .running, .fail]
  /// With more marks than this, none tells its trial.
  private static let namedLimit = 3000

  let study: ReportStudy

  func write(to page: inout Markup) {
    let ran = study.trials.filter { $0.state != .waiting }
    guard let start = ran.map(\.started).min(),
      let end = ran.map({ max($0.started, $0.finished) }).max()
    else {
      page.note("No trial has begun.")
      return
    }
    let (lanes, left) = TrialLanes.pack(ran, end: end, limit: Self.laneLimit)
    let count = (lanes.map { $0 + 1 }.max() ?? 1)
    let laneHeight = min(26, max(8, 260 / Double(count)))
    let unit = Self.unit(Double(end - start) * 1e-6)
    let span = Double(end - start) * 1e-6 / unit.seconds
    var figure = Figure(
      width: 1080, height: Double(count) * laneHeight + 72,
      title: "When \(counted(ran.count, "trial")) ran", x: PlotScale(0, span > 0 ? span : 1),
      xTitle: "\(unit.name) since \(TimeText.utc(start)) UTC",
      y: PlotScale(0, Double(count), isWhole: true), yTitle: "trials at a time")
    let drawing = Drawing(
      figure: figure, start: start, end: end, microseconds: unit.seconds * 1e6)
    let marks = drawing.marks(ran, lanes)
    figure.draw { svg in
      marks.write(
        to: &svg, isNamed: marks.count <= Self.namedLimit,
        style: "stroke-width:\(Markup.coordinate(max(laneHeight - 3, 4)))")
    }
    figure.write(to: &page)
    let states = Set(ran.map(\.state))
    page.legend(
      Self.looks.filter(states.contains).map { ($0.name.lowercased(), $0.name) })
    if left > 0 {
      page.note("\(counted(left, "trial")) beyond \(Self.laneLimit) at a time not drawn.")
    }
  }

  /// The unit of a span of seconds in which it is a number people like.
  private static func unit(_ seconds: Double) -> (name: String, seconds: Double) {
    switch seconds {
    case ..<0.1: ("milliseconds", 1e-3)
    case ..<180: ("seconds", 1)
    case ..<10_800: ("minutes", 60)
    case ..<259_200: ("hours", 3600)
    default: ("days", 86400)
    }
  }

  /// Bars in lanes; short ones that fall in one pixel are one.
  private struct Drawing {
    let figure: Figure
    let start: Int64
    let end: Int64
    let microseconds: Double

    func marks(_ trials: [ReportStudy.Trial], _ lanes: [Int]) -> Marks {
      var marks = Marks()
      marks.prepare(TimelinePlot.looks.map { "bar \($0.name.lowercased())" })
      // The pixel and state of the last short bar of each lane.
      var last = [Int: (pixel: Int, state: TrialState)]()
      for (trial, lane) in zip(trials, lanes) where lane >= 0 {
        let from = across(trial.started)
        let width = across(trial.finished == 0 ? end : trial.finished) - from
        if width < 2 {
          let place = (pixel: Int(from), state: trial.state)
          if let old = last[lane], old == place { continue }
          last[lane] = place
        }
        marks.add(
          "bar \(trial.state.name.lowercased())", from, figure.down(Double(lane) + 0.5),
          width: max(1, width - (width > 4 ? 1 : 0)), trial: trial.number)
      }
      return marks
    }

    private func across(_ moment: Int64) -> Double {
      figure.across(Double(moment - start) / microseconds)
    }
  }
}

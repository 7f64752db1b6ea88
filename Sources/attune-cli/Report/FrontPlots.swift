import Attune
import AttuneCore

/// Values against each other, the Pareto front among them.
struct FrontPlots {
  private static let limit = 15
  let study: ReportStudy

  func write(to page: inout Markup) {
    let finite = study.drawn.filter { place in
      study.trials[place].values.allSatisfy(\.isFinite) && !study.trials[place].values.isEmpty
    }
    guard !finite.isEmpty else {
      page.note("No COMPLETE trial has finite values.")
      return
    }
    let count = study.directions.count
    let pairs = (0..<count).flatMap { a in ((a + 1)..<max(count, a + 1)).map { (a, $0) } }
    page.element("div", ["class": pairs.count == 1 ? "grid1" : "grid2"]) { grid in
      for (a, b) in pairs.prefix(Self.limit) {
        write(&grid, a, b, finite, isSingle: pairs.count == 1)
      }
    }
    var keys = [("front", "Pareto front"), ("others", "other COMPLETE trials")]
    if finite.contains(where: { !study.trials[$0].isFeasible }) {
      keys.append(("infeasible", "a constraint above 0"))
    }
    page.legend(keys)
    if pairs.count > Self.limit {
      page.note("The first \(Self.limit) of \(pairs.count) pairs of values.")
    }
  }

  private func write(
    _ page: inout Markup, _ a: Int, _ b: Int, _ places: [Int], isSingle: Bool
  ) {
    func scale(_ objective: Int) -> PlotScale {
      PlotScale(
        values: places.map { study.trials[$0].value(objective) },
        direction: study.directions[objective])
    }
    func title(_ objective: Int) -> String {
      "\(study.valueName(objective)) (\(study.directions[objective].name))"
    }
    var figure = Figure(
      width: isSingle ? 1080 : 530, height: isSingle ? 420 : 340,
      title: "\(study.valueName(b)) against \(study.valueName(a))", x: scale(a), xTitle: title(a),
      y: scale(b), yTitle: title(b))
    let front = Set(study.best.map(\.number))
    var marks = Marks()
    marks.prepare(["point others", "point infeasible", "point front"])
    for place in places {
      let trial = study.trials[place]
      let look =
        front.contains(trial.number) ? "front" : trial.isFeasible ? "others" : "infeasible"
      marks.add(
        "point \(look)", figure.across(trial.value(a)), figure.down(trial.value(b)),
        trial: trial.number)
    }
    let shown = marks
    figure.draw { shown.write(to: &$0) }
    page.element("figure") { figure.write(to: &$0) }
  }
}

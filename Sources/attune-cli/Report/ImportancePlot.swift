/// How much each parameter mattered, as bars.
struct ImportancePlot {
  private static let limit = 40
  private static let rowHeight = 24.0
  let study: ReportStudy

  func write(to page: inout Markup) {
    guard !study.importances.isEmpty else {
      page.note(
        study.ranked.isEmpty
          ? "No parameter has a choice." : "Fewer than two COMPLETE trials have finite values.")
      return
    }
    let rows = study.importances.prefix(Self.limit)
    let greatest = max(rows.first?.share ?? 0, 1e-300)
    let labelWidth = min(max(rows.map { LabelWidth.of($0.name) }.max() ?? 0, 40), 300) + 10
    let height = Double(rows.count) * Self.rowHeight + 8
    page.element(
      "svg",
      [
        "class": "plot", "role": "img", "aria-label": "Importance of \(rows.count) parameters",
        "viewBox": "0 0 1080 \(Markup.coordinate(height))", "xmlns": "http://www.w3.org/2000/svg",
      ]
    ) { svg in
      for (index, row) in rows.enumerated() {
        let middle = (Double(index) + 0.5) * Self.rowHeight + 4
        writeRow(&svg, row.name, row.share, of: greatest, middle: middle, left: labelWidth)
      }
    }
    let rest = study.importances.dropFirst(Self.limit)
    if !rest.isEmpty {
      let share = NumberText.short(rest.reduce(0) { $0 + $1.share } * 100, digits: 3)
      page.note("\(counted(rest.count, "other parameter")): \(share) % together.")
    }
    page.note(
      "How much each parameter mattered for being among the best tenth of the trials, as shares of 1 (PED-ANOVA)."
    )
  }

  private func writeRow(
    _ svg: inout Markup, _ name: String, _ share: Double, of greatest: Double, middle: Double,
    left: Double
  ) {
    let width = share / greatest * (1080 - left - 70)
    let base = Markup.coordinate(middle + 4)
    svg.element("g") { row in
      row.element("title", text: "\(name.prefix(400)): \(NumberText.short(share, digits: 6))")
      row.element(
        "text", ["x": Markup.coordinate(left - 8), "y": base, "text-anchor": "end"],
        text: LabelWidth.fitted(name, to: left - 8))
      row.empty(
        "rect",
        [
          "class": "bar", "x": Markup.coordinate(left), "y": Markup.coordinate(middle - 8),
          "width": Markup.coordinate(max(width, 1)), "height": "16", "rx": "2",
        ])
      row.element(
        "text", ["x": Markup.coordinate(left + max(width, 1) + 6), "y": base],
        text: NumberText.trimmed(share * 100, decimals: share < 0.1 ? 2 : 1) + " %")
    }
  }
}

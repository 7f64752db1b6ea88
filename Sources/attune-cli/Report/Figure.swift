/// A picture with two axes: SVG in a frame, to be drawn into.
struct Figure {
  let width: Double
  let height: Double
  let x: PlotScale
  let y: PlotScale
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  private let title: String
  private let xTitle: String
  private let yTitle: String
  private let xTicks: [PlotTicks.Tick]
  private let yTicks: [PlotTicks.Tick]
  /// Whether choices along the x axis are written aslant.
  private let isAslant: Bool
  private var content = Markup()

  /// `title` says what the picture shows to those who do not see it.
  init(
    width: Double, height: Double, title: String, x: PlotScale, xTitle: String, y: PlotScale,
    yTitle: String
  ) {
    (self.width, self.height, self.title, self.x, self.y) = (width, height, title, x, y)
    yTicks = y.ticks(Int(height / 45))
    let labels = yTicks.map { LabelWidth.of($0.label) }.max() ?? 0
    left = min(max(labels, 24), 110) + 12
    right = width - 16
    top = 26
    let band = (right - left) / Double(max(x.choices?.count ?? 1, 1))
    xTicks = x.ticks(x.choices == nil ? Int((right - left) / 62) : Int((right - left) / 16))
    isAslant =
      x.choices != nil && xTicks.contains { LabelWidth.of($0.label) > max(band, 16) - 4 }
    bottom = height - (isAslant ? 92 : 42)
    self.xTitle = LabelWidth.fitted(xTitle, to: right - left)
    self.yTitle = LabelWidth.fitted(yTitle, to: width - 8)
  }

  /// Where a number of the x axis stands, in pixels.
  func across(_ number: Double) -> Double { left + x.place(number) * (right - left) }

  /// Where a number of the y axis stands, in pixels from the top.
  func down(_ number: Double) -> Double { bottom - y.place(number) * (bottom - top) }

  /// Draws into the frame.
  mutating func draw(_ body: (inout Markup) -> Void) { body(&content) }

  func write(to page: inout Markup) {
    page.element(
      "svg",
      [
        "class": "plot", "role": "img", "aria-label": title,
        "viewBox":
          "0 0 \(NumberText.trimmed(width, decimals: 0)) \(NumberText.trimmed(height, decimals: 0))",
        "xmlns": "http://www.w3.org/2000/svg",
      ]
    ) { svg in
      if x.choices != nil { writeBands(&svg) }
      writeAxes(&svg)
      svg.add(content.text)
    }
  }

  private func writeBands(_ svg: inout Markup) {
    let count = x.choices?.count ?? 0
    guard count <= 60 else { return }
    let band = (right - left) / Double(max(count, 1))
    for index in stride(from: 0, to: count, by: 2) {
      svg.empty(
        "rect",
        [
          "class": "band", "x": Markup.coordinate(left + Double(index) * band),
          "y": Markup.coordinate(top), "width": Markup.coordinate(band),
          "height": Markup.coordinate(bottom - top),
        ])
    }
  }

  private func writeAxes(_ svg: inout Markup) {
    for tick in yTicks {
      let place = Markup.coordinate(down(tick.number))
      Self.line(&svg, "grid", left, down(tick.number), right, down(tick.number))
      svg.element(
        "text",
        ["x": Markup.coordinate(left - 6), "y": place, "dy": "3.5", "text-anchor": "end"],
        text: LabelWidth.fitted(tick.label, to: 110))
    }
    for tick in xTicks { writeTick(&svg, tick) }
    Self.line(&svg, "axis", left, bottom, right, bottom)
    Self.line(&svg, "axis", left, top, left, bottom)
    svg.element("text", ["class": "title", "x": "2", "y": "13"], text: yTitle)
    svg.element(
      "text",
      [
        "class": "title", "x": Markup.coordinate((left + right) / 2),
        "y": Markup.coordinate(height - 6), "text-anchor": "middle",
      ], text: xTitle)
  }

  private func writeTick(_ svg: inout Markup, _ tick: PlotTicks.Tick) {
    let place = across(tick.number)
    if x.choices == nil { Self.line(&svg, "grid", place, top, place, bottom) }
    guard isAslant else {
      svg.element(
        "text",
        [
          "x": Markup.coordinate(place), "y": Markup.coordinate(bottom + 15),
          "text-anchor": "middle",
        ], text: tick.label)
      return
    }
    let (px, py) = (Markup.coordinate(place + 4), Markup.coordinate(bottom + 12))
    svg.element(
      "text",
      ["x": px, "y": py, "text-anchor": "end", "transform": "rotate(-35 \(px) \(py))"]
    ) { text in
      let shown = LabelWidth.fitted(tick.label, to: min(88, (place - 2) / 0.82))
      if shown != tick.label { text.element("title", text: String(tick.label.prefix(200))) }
      text.addText(shown)
    }
  }

  static func line(
    _ svg: inout Markup, _ name: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double
  ) {
    svg.empty(
      "line",
      [
        "class": name, "x1": Markup.coordinate(x1), "y1": Markup.coordinate(y1),
        "x2": Markup.coordinate(x2), "y2": Markup.coordinate(y2),
      ])
  }
}

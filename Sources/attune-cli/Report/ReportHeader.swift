import Attune
import AttuneCore

/// What a study is, and how its trials ended.
struct ReportHeader {
  private static let attributeLimit = 20
  let study: ReportStudy

  func write(to page: inout Markup) {
    page.element("header") { header in
      header.element("h1", text: String(study.name.prefix(300)))
      header.element("p", ["class": "chips"]) { chips in
        for state in [TrialState.complete, .pruned, .fail, .running, .waiting] {
          let count = study.trials.count { $0.state == state }
          guard count > 0 else { continue }
          chips.element("span", ["class": "key"]) { chip in
            chip.element("i", ["class": "swatch \(state.name.lowercased())"], text: "")
            chip.addText("\(count) \(state.name)")
          }
        }
        if study.trials.isEmpty { chips.addText("no trials") }
      }
      header.element("dl", ["class": "facts"]) { list in
        for (name, value) in facts {
          list.element("div") { row in
            row.element("dt", text: String(name.prefix(100)))
            row.element("dd", text: String(value.prefix(300)))
          }
        }
      }
    }
    page.add("\n")
  }

  private var facts: [(String, String)] {
    var facts = [
      (
        study.directions.count == 1 ? "direction" : "directions",
        study.directions.map(\.name).joined(separator: ", ")
      ),
      ("strategy", study.strategy), ("seed", "\(study.seed)"),
      ("parameters", "\(study.space.count)"), ("trials", "\(study.trials.count)"),
    ]
    let ran = study.trials.filter { $0.state != .waiting }
    if let start = ran.map(\.started).min() {
      facts.append(("first start (UTC)", TimeText.utc(start)))
      if let end = ran.map(\.finished).max(), end > 0 {
        facts.append(("last end (UTC)", TimeText.utc(end)))
        facts.append(("time between", TimeText.duration(Double(max(end - start, 0)) * 1e-6)))
      }
    }
    for attribute in study.attributes.prefix(Self.attributeLimit) {
      // Attributes were checked when they were set; one damaged since is shown as it is.
      let cell = (try? JSON(parsing: attribute.json))?.cell ?? attribute.json
      facts.append((attribute.key, cell))
    }
    return facts
  }
}

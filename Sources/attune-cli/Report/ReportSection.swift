/// A part of the page under a heading of its own.
struct ReportSection {
  let id: String
  let title: String
  private var content = Markup()

  init(_ id: String, _ title: String, _ body: (inout Markup) -> Void) {
    (self.id, self.title) = (id, title)
    body(&content)
  }

  func write(to page: inout Markup) {
    page.element("section", ["id": id]) { section in
      section.element("h2", text: title)
      section.add(content.text)
    }
    page.add("\n")
  }
}

extension Markup {
  /// A remark on a picture, or why there is none.
  mutating func note(_ text: String) { element("p", ["class": "note"], text: text) }

  /// What the looks in a picture mean: class of a look and its meaning.
  mutating func legend(_ keys: [(name: String, meaning: String)]) {
    element("p", ["class": "legend"]) { line in
      for key in keys {
        line.element("span", ["class": "key"]) { item in
          item.element("i", ["class": "swatch \(key.name)"], text: "")
          item.addText(key.meaning)
        }
      }
    }
  }

  /// The legend of the eight colours of `Ramp`.
  mutating func ramp(from first: String, to last: String) {
    element("p", ["class": "legend"]) { line in
      line.element("span", ["class": "key"]) { item in
        item.addText(first)
        item.element("span", ["class": "ramp"]) { strip in
          for step in 0..<Ramp.count { strip.element("i", ["class": "swatch c\(step)"], text: "") }
        }
        item.addText(last)
      }
    }
  }
}

/// The colours of things in an order, as classes c0 to c7; the last one stands out most.
enum Ramp {
  static let count = 8

  /// The class of the one at `rank` of `total`, counted from 0.
  static func name(_ rank: Int, of total: Int) -> String {
    "c\(min(rank * count / max(total, 1), count - 1))"
  }

  static let names = (0..<count).map { "c\($0)" }
}

/// "1 trial", "2 trials".
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

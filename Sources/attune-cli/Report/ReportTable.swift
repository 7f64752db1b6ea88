extension Markup {
  /// Adds a table of texts, one heading a column. Long texts are cut.
  mutating func table(heading: [String], rows: [[String]]) {
    element("div", ["class": "scroll"]) { box in
      box.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in
            for cell in heading { row.element("th", text: String(cell.prefix(200))) }
          }
        }
        table.element("tbody") { body in
          for cells in rows {
            body.element("tr") { row in
              for cell in cells { row.element("td", text: String(cell.prefix(300))) }
            }
          }
        }
      }
    }
  }
}

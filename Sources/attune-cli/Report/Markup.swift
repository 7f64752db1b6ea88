/// Text of HTML and of the SVG in it. What comes from a study is escaped; the result is well-formed XML
/// too.
struct Markup {
  private(set) var text = ""

  /// Adds markup as it is.
  mutating func add(_ markup: String) { text += markup }

  /// Adds text from outside.
  mutating func addText(_ content: String) { text += Self.escaped(content) }

  /// Adds an element with what `content` writes in it.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
    _ content: (inout Markup) -> Void
  ) {
    open(name, attributes)
    text += ">"
    content(&self)
    text += "</\(name)>"
  }

  /// Adds an element of text from outside.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String
  ) {
    element(name, attributes) { $0.addText(content) }
  }

  /// Adds an element without content, such as a line of SVG.
  mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    open(name, attributes)
    text += "/>"
  }

  private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<\(name)"
    for (key, value) in attributes { text += " \(key)=\"\(Self.escaped(value))\"" }
  }

  /// The text with what markup gives a meaning written as entities, and control characters, which XML
  /// forbids, written out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in TextTable.oneLine(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // No characters, and what would turn the text behind it round.
      case "\u{FFFE}", "\u{FFFF}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate: a tenth of a pixel is finer than anybody sees.
  static func coordinate(_ number: Double) -> String { NumberText.trimmed(number, decimals: 1) }
}

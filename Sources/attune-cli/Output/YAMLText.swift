import AttuneCore

/// A JSON value as block YAML that readers of YAML 1.1 and 1.2 understand alike.
struct YAMLText {
  let text: String

  init(_ value: JSON) {
    var text = ""
    switch value {
    case .object(let object) where !object.isEmpty: Self.write(object, indent: 0, to: &text)
    case .array(let array) where !array.isEmpty: Self.write(array, indent: 0, to: &text)
    default: text = Self.scalar(value) + "\n"
    }
    self.text = text
  }

  private static func write(_ object: JSON.Object, indent: Int, to text: inout String) {
    for (key, value) in object {
      text += String(repeating: " ", count: indent) + string(key) + ":"
      writeMember(value, indent: indent, to: &text)
    }
  }

  private static func write(_ array: [JSON], indent: Int, to text: inout String) {
    for value in array {
      let space = String(repeating: " ", count: indent)
      switch value {
      case .object(let object) where !object.isEmpty:
        var block = ""
        write(object, indent: indent + 2, to: &block)
        text += space + "- " + block.dropFirst(indent + 2)
      case .array(let inner) where !inner.isEmpty:
        var block = ""
        write(inner, indent: indent + 2, to: &block)
        text += space + "- " + block.dropFirst(indent + 2)
      default:
        text += space + "- " + scalar(value) + "\n"
      }
    }
  }

  private static func writeMember(_ value: JSON, indent: Int, to text: inout String) {
    switch value {
    case .object(let object) where !object.isEmpty:
      text += "\n"
      write(object, indent: indent + 2, to: &text)
    case .array(let array) where !array.isEmpty:
      text += "\n"
      write(array, indent: indent + 2, to: &text)
    default:
      text += " " + scalar(value) + "\n"
    }
  }

  private static func scalar(_ value: JSON) -> String {
    switch value {
    case .string(let text): return string(text)
    case .object: return "{}"
    case .array: return "[]"
    case .float(let number):
      if number.isNaN { return ".nan" }
      if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
      let text = "\(number)"
      // YAML 1.1 takes 1e-05 for a text: its floats have a dot.
      guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
      return text[..<exponent] + ".0" + text[exponent...]
    default: return value.text(.compact)
    }
  }

  /// A text bare where no reader can take it for something else, otherwise in double quotes.
  private static func string(_ text: String) -> String {
    let bare =
      text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "_") } ?? false
      && text.utf8.allSatisfy {
        isLetter($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/")
      }
    return bare && !reserved.contains(text.lowercased()) ? text : JSON.string(text).text()
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

  private static let reserved: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
  ]
}

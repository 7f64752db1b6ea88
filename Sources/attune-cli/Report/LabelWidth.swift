/// How much room a text takes in a picture, where no font can be asked.
enum LabelWidth {
  /// Pixels of a text in the size of labels, rather too many than too few.
  static func of(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 6.4 : 12) }
  }

  /// The text, cut with an ellipsis where it is wider than the room.
  static func fitted(_ text: String, to room: Double) -> String {
    let line = TextTable.oneLine(String(text.prefix(400)))
    guard of(line) > room else { return line }
    var (kept, width) = ("", 8.0)
    for character in line {
      width += of(String(character))
      if width > room { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

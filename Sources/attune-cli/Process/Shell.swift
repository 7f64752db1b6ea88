/// Texts as words of a shell command line.
enum Shell {
  static func quoted(_ text: String) -> String {
    let safe = text.utf8.allSatisfy {
      (48...57).contains($0) || (97...122).contains($0 | 0x20) || "_-./:=,+@%".utf8.contains($0)
    }
    return safe && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  static func joined(_ arguments: [String]) -> String {
    arguments.map(quoted).joined(separator: " ")
  }
}

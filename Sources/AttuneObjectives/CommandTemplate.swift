import AttuneCore

/// One argument of a command with `{name}` places for parameters.
///
/// `{$number}` and `{$seed}` are the trial's; `{{name}}` is the text `{name}`. Braces around anything but
/// a name stay as they are, so that JSON and shell code need no care.
struct CommandTemplate {
  private enum Piece {
    case text(String)
    case parameter(Int)
    case number
    case seed
  }

  private let pieces: [Piece]

  /// Whether there is no place to fill.
  let isPlain: Bool

  /// Reads a template; `what` ("argument 2") names it in errors.
  init(_ text: String, in space: Space, what: String) throws(AttuneError) {
    var pieces: [Piece] = []
    var literal = ""
    var rest = Substring(text)
    func refuse(_ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "\(what) \"\(text)\": found \(found), wanted \(wanted)",
        subject: "command")
    }
    while let character = rest.popFirst() {
      guard character == "{" else {
        literal.append(character)
        continue
      }
      if rest.first == "{", let name = Self.name(rest.dropFirst(), closedBy: "}}", space) {
        literal += "{\(name)}"
        rest = rest.dropFirst(name.count + 3)
        continue
      }
      guard let name = Self.name(rest, closedBy: "}", space) else {
        literal.append(character)
        continue
      }
      if !literal.isEmpty { pieces.append(.text(literal)) }
      literal = ""
      rest = rest.dropFirst(name.count + 1)
      switch name {
      case "$number": pieces.append(.number)
      case "$seed": pieces.append(.seed)
      default:
        guard let index = space.find(name) else {
          let near = suggestion(for: name, among: space.parameters.map(\.name))
          throw refuse("{\(name)}", "a parameter of the space, $number or $seed\(near)")
        }
        pieces.append(.parameter(index))
      }
    }
    isPlain = pieces.isEmpty
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
  }

  /// The name that `text` begins with before `end`: a parameter's, or what looks like one.
  private static func name(_ text: Substring, closedBy end: String, _ space: Space) -> String? {
    guard let range = text.firstRange(ofText: end) else { return nil }
    let name = String(text[..<range.lowerBound])
    if space.find(name) != nil { return name }
    let isWord = name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        true
      case UInt8(ascii: "$"): index == 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): index > 0
      default: false
      }
    }
    return isWord && !name.isEmpty ? name : nil
  }

  /// The argument for a trial; `nil` when it names an inactive parameter.
  func text(
    for trial: any EvaluatedTrial, _ point: Point, write: (Value) -> String = \.text
  ) -> String? {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .number: text += String(trial.number)
      case .seed: text += String(trial.seed)
      case .parameter(let index):
        guard let value = trial.space.value(index, in: point) else { return nil }
        text += write(value)
      }
    }
    return text
  }

  /// The text with nothing for inactive parameters, values quoted for a shell.
  func shellText(for trial: any EvaluatedTrial, _ point: Point) -> String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .number: text += String(trial.number)
      case .seed: text += String(trial.seed)
      case .parameter(let index):
        if let value = trial.space.value(index, in: point) { text += Self.shellQuoted(value.text) }
      }
    }
    return text
  }

  /// A text that a POSIX shell takes as one word and as nothing but text.
  static func shellQuoted(_ text: String) -> String {
    let isHarmless =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "_.,:/+-=@%".utf8.contains(byte)
      }
    if isHarmless { return text }
    var quoted = "'"
    for character in text.unicodeScalars {
      if character == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "'"
  }
}

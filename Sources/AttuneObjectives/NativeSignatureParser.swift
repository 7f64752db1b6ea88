import AttuneCore

/// Reads a native signature from left to right.
struct NativeSignatureParser {
  /// A word, a number or a sign, with its column counted from 1.
  private struct Token {
    let text: String
    let column: Int

    var isWord: Bool {
      text.unicodeScalars.first.map { $0.properties.isXIDStart || $0 == "_" } ?? false
    }
  }

  private let text: String
  private var tokens: [Token] = []
  private var position = 0
  private var resultType: Token?

  private static let wantedType =
    "a type (" + NativeType.allCases.map(\.rawValue).joined(separator: ", ") + ", f64*, ptr)"

  init(_ text: String) {
    self.text = text
    tokens = Self.split(text)
  }

  private static func split(_ text: String) -> [Token] {
    var tokens: [Token] = []
    var word = ""
    var column = 0
    func isPart(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isXIDContinue || scalar == "_"
        || (!word.isEmpty && word != "..." && scalar == ".")
    }
    for (offset, scalar) in text.unicodeScalars.enumerated() {
      if isPart(scalar) {
        if word.isEmpty { column = offset + 1 }
        word.unicodeScalars.append(scalar)
        continue
      }
      if !word.isEmpty { tokens.append(Token(text: word, column: column)) }
      word = ""
      if scalar.properties.isWhitespace { continue }
      if scalar == ".", let last = tokens.last, last.text.allSatisfy({ $0 == "." }) {
        tokens[tokens.count - 1] = Token(text: last.text + ".", column: last.column)
      } else {
        tokens.append(Token(text: String(scalar), column: offset + 1))
      }
    }
    if !word.isEmpty { tokens.append(Token(text: word, column: column)) }
    return tokens
  }

  private var end: Token { Token(text: "", column: text.unicodeScalars.count + 1) }
  private var next: Token { position < tokens.count ? tokens[position] : end }

  private func refuse(_ token: Token, _ wanted: String) -> AttuneError {
    let found = token.text.isEmpty ? "the end" : "\"\(token.text)\""
    return AttuneError(
      .invalidArgument,
      "signature \"\(text)\", column \(token.column): found \(found), wanted \(wanted)",
      subject: "signature")
  }

  private mutating func take() -> Token {
    let token = next
    position += 1
    return token
  }

  private mutating func take(_ sign: String, or wanted: String) throws(AttuneError) {
    guard next.text == sign else { throw refuse(next, wanted) }
    position += 1
  }

  private mutating func takeWord(_ wanted: String) throws(AttuneError) -> Token {
    guard next.isWord else { throw refuse(next, wanted) }
    return take()
  }

  mutating func signature() throws(AttuneError) -> NativeSignature {
    let type = try takeWord("the type of the result")
    var name: String?
    if next.isWord { name = take().text }
    if next.text == "*" { throw refuse(next, "a number as result, not a pointer") }
    try take("(", or: "( and the arguments")
    let arguments = try arguments()
    try take(")", or: ", or )")
    if next.text == ";" { position += 1 }
    guard next.text.isEmpty else { throw refuse(next, "the end") }
    let result = try result(type, hasArray: arguments.contains { $0.isArray })
    return NativeSignature(
      text: text, functionName: name, arguments: arguments, result: result)
  }

  private func result(_ token: Token, hasArray: Bool) throws(AttuneError) -> NativeSignature.Result
  {
    if hasArray {
      switch token.text {
      case "void": return .nothing
      case "i32": return .status
      default:
        throw refuse(token, "void or i32, a status, since the values go into an array")
      }
    }
    if token.text == "void" {
      throw refuse(token, "a number, or an array f64* NAME[COUNT] among the arguments")
    }
    let type = try type(token, wanted: "a number type for the result")
    guard type != .cstr else { throw refuse(token, "a number type for the result") }
    return .value(type)
  }

  private func type(_ token: Token, wanted: String) throws(AttuneError) -> NativeType {
    if let type = NativeType(rawValue: token.text) { return type }
    if token.text == "struct" || token.text == "union" {
      throw refuse(token, "\(wanted); structs and unions cannot be passed")
    }
    if let meant = NativeType.named(inC: token.text) {
      throw refuse(token, "\(wanted); C's \(token.text) is \(meant.rawValue)")
    }
    throw refuse(token, wanted)
  }

  private mutating func arguments() throws(AttuneError) -> [NativeSignature.Argument] {
    var arguments: [NativeSignature.Argument] = []
    if next.text == ")" { return arguments }
    if next.text == "void", position + 1 < tokens.count, tokens[position + 1].text == ")" {
      position += 1
      return arguments
    }
    repeat {
      let start = next
      let argument = try argument()
      if !argument.name.isEmpty, arguments.contains(where: { $0.name == argument.name }) {
        throw refuse(start, "an argument other than \"\(argument.name)\", which stands before")
      }
      if argument.isArray, arguments.contains(where: \.isArray) {
        throw refuse(start, "at most one array of values")
      }
      if argument.kind == .gradient, arguments.contains(where: { $0.kind == .gradient }) {
        throw refuse(start, "at most one gradient")
      }
      if argument.kind == .parameters, arguments.contains(where: { $0.kind == .parameters }) {
        throw refuse(start, "at most one array of parameters")
      }
      arguments.append(argument)
    } while comma()
    return arguments
  }

  private mutating func comma() -> Bool {
    guard next.text == "," else { return false }
    position += 1
    return true
  }

  private mutating func argument() throws(AttuneError) -> NativeSignature.Argument {
    if next.text.hasPrefix("..") {
      throw refuse(next, "an argument; variadic functions cannot be called by signature")
    }
    let token = try takeWord(Self.wantedType)
    if token.text == "ptr" { return try context() }
    let type = try type(token, wanted: Self.wantedType)
    if next.text == "=" {
      guard type.isInteger else { throw refuse(next, "a name; only an integer can be the count") }
      try takeMeaning("count")
      return .init(name: "", kind: .count(type))
    }
    guard next.text == "*" else {
      let name = try takeWord("the name of a parameter after \(type.rawValue)")
      if next.text == "[" { throw refuse(next, ", or ); only f64* can be an array") }
      return .init(name: name.text, kind: .parameter(type))
    }
    guard type == .f64 else { throw refuse(next, "a name; only f64 can be a pointer") }
    position += 1
    if next.text == "=" {
      try takeMeaning("params")
      return .init(name: "", kind: .parameters)
    }
    let name = try takeWord("a name and [COUNT], grad, or = params")
    guard next.text == "[" else {
      guard name.text == "grad" || name.text == "gradient" else {
        throw refuse(name, "\(name.text)[COUNT] for an array of values, or grad for a gradient")
      }
      return .init(name: name.text, kind: .gradient)
    }
    position += 1
    let number = take()
    guard let count = Int(number.text), (1...65_536).contains(count) else {
      throw refuse(number, "a count of 1 to 65536")
    }
    try take("]", or: "]")
    return .init(name: name.text, kind: .values(count: count))
  }

  private mutating func context() throws(AttuneError) -> NativeSignature.Argument {
    if next.text == "*" { throw refuse(next, "a name, \"= ctx\", or , or )") }
    var name = ""
    if next.isWord { name = take().text }
    if next.text == "=" { try takeMeaning("ctx") }
    return .init(name: name, kind: .context)
  }

  /// What stands after the sign =.
  private mutating func takeMeaning(_ word: String) throws(AttuneError) {
    position += 1
    guard next.text == word else { throw refuse(next, word) }
    position += 1
  }
}

extension NativeSignature.Argument {
  fileprivate var isArray: Bool {
    if case .values = kind { return true }
    return false
  }
}

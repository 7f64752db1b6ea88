import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a command printed: intermediate reports as they come, and the last line that says
/// something.
struct CommandOutput {
  /// A longer line is cut.
  static let lineLimit = 1 << 20
  static let reportPrefix = "attune:report"

  enum Line: Equatable {
    case report(step: Int64, values: [Double])
    case other
    /// A report that cannot be read.
    case malformed(String)
  }

  private var line: [UInt8] = []
  /// The last line with something in it that is no report.
  private(set) var last: [UInt8] = []

  /// Takes in a piece of output and hands out each line that it ends.
  mutating func append(_ bytes: UnsafeRawBufferPointer, _ take: (Line) -> Void) {
    guard var start = bytes.baseAddress else { return }
    let end = start + bytes.count
    // memchr, since a program may flood its output with lines.
    while let newline = memchr(start, 0x0A, end - start) {
      keep(start, UnsafeRawPointer(newline))
      endLine(take)
      start = UnsafeRawPointer(newline) + 1
    }
    keep(start, end)
  }

  private mutating func keep(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) {
    let count = min(end - start, Self.lineLimit - line.count)
    if count > 0 { line.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count)) }
  }

  /// Ends the last line, which may lack its newline.
  mutating func endLine(_ take: (Line) -> Void) {
    defer { line.removeAll(keepingCapacity: true) }
    guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { return }
    guard line.starts(with: Self.reportPrefix.utf8) else {
      swap(&last, &line)
      return take(.other)
    }
    take(Self.report(String(decoding: line, as: UTF8.self)))
  }

  private static func report(_ line: String) -> Line {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count >= 3, words[0] == reportPrefix, let step = Int64(words[1]) else {
      return .malformed(line)
    }
    var values: [Double] = []
    for word in words.dropFirst(2) {
      guard let value = Double(word) else { return .malformed(line) }
      values.append(value)
    }
    return .report(step: step, values: values)
  }
}

/// What the last line of a command's output says.
struct CommandResult {
  var state = "complete"
  var reason = ""
  var values: [Double] = []
  var constraints: [(name: String, value: Double)] = []
  var attributes: [(key: String, json: String)] = []
  /// One object of derivatives by parameter name a value.
  var gradient: [[(name: String, value: Double)]] = []

  private static let wanted = "a number, NAME=NUMBER or a JSON object with \"value\" or \"values\""

  /// Reads numbers, `name=number` words, or a JSON object. Errors say what was found and wanted.
  init(_ line: [UInt8]) throws(AttuneError) {
    let text = String(decoding: line, as: UTF8.self)
    let trimmed = text.drop(while: \.isWhitespace)
    if trimmed.first == "{" {
      try read(json: String(trimmed))
      return
    }
    let words = text.split { $0.isWhitespace || $0 == "," }
    for word in words {
      let number = word.lastIndex(of: "=").map { word[word.index(after: $0)...] } ?? word
      guard let value = Double(number) else {
        throw AttuneError(
          .invalidArgument,
          "the last line of its output is \"\(text.prefix(200))\", wanted \(Self.wanted)")
      }
      values.append(value)
    }
  }

  private mutating func read(json text: String) throws(AttuneError) {
    let what = "the last line of its output"
    let object = try JSON.object(parsing: text, what: what)
    func refuse(_ key: String, _ json: JSON, _ wanted: String) -> AttuneError {
      AttuneError(.invalidArgument, "\(what): \"\(key)\" is \(json.text()), wanted \(wanted)")
    }
    func numbers(
      _ key: String, _ json: JSON
    ) throws(AttuneError) -> [(name: String, value: Double)] {
      guard let members = json.objectValue else { throw refuse(key, json, "an object of numbers") }
      var numbers: [(name: String, value: Double)] = []
      for (name, element) in members {
        guard let value = element.doubleValue else { throw refuse(name, element, "a number") }
        numbers.append((name, value))
      }
      return numbers
    }
    for (key, json) in object {
      switch key {
      case "value":
        guard let value = json.doubleValue else { throw refuse(key, json, "a number") }
        values = [value]
      case "values":
        guard let array = json.arrayValue else { throw refuse(key, json, "an array of numbers") }
        values = []
        for element in array {
          guard let value = element.doubleValue else {
            throw refuse(key, json, "an array of numbers")
          }
          values.append(value)
        }
      case "constraints": constraints = try numbers(key, json)
      case "gradient":
        for element in json.arrayValue ?? [json] { gradient.append(try numbers(key, element)) }
      case "attributes":
        guard let members = json.objectValue else { throw refuse(key, json, "an object") }
        attributes = members.map { ($0.key, $0.value.text()) }
      case "state":
        let states = ["complete", "pruned", "stop", "fail"]
        guard let state = json.stringValue, states.contains(state) else {
          throw refuse(key, json, "one of \(states.joined(separator: ", "))")
        }
        self.state = state
      case "reason": reason = json.stringValue ?? json.text()
      default:
        throw AttuneError(
          .invalidArgument,
          "\(what): unknown key \"\(key)\", wanted value, values, gradient, constraints, attributes, "
            + "state, reason")
      }
    }
  }
}

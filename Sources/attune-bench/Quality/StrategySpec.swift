import AttuneCore
import AttuneStrategies

/// A strategy with options, as `--strategies` names it: `gp:warp=none,starts=4`.
struct StrategySpec: Sendable {
  let label: String
  let name: String
  let options: [(key: String, value: Value)]

  /// Reads a list split by commas; what has a `=` and no name before it is one more option.
  static func list(_ text: String) throws -> [StrategySpec] {
    var texts: [String] = []
    for part in text.split(separator: ",").map(String.init) {
      let isOption = part.contains("=") && !part.contains(":")
      if isOption, let last = texts.last {
        texts[texts.count - 1] = last + (last.contains(":") ? "," : ":") + part
      } else {
        texts.append(part)
      }
    }
    return try texts.map { try StrategySpec($0) }
  }

  init(_ text: String) throws {
    label = text
    let colon = text.firstIndex(of: ":") ?? text.endIndex
    name = try StrategyCatalog.description(named: String(text[..<colon])).name
    var options: [(key: String, value: Value)] = []
    for part in text[colon...].split(whereSeparator: { ":,".contains($0) }) {
      guard let equals = part.firstIndex(of: "=") else {
        throw AttuneError(
          .invalidArgument, "option \"\(part)\" of \(name) has no value, wanted KEY=VALUE")
      }
      let value = String(part[part.index(after: equals)...])
      options.append((key: String(part[..<equals]), value: Self.value(value)))
    }
    self.options = options
  }

  private static func value(_ text: String) -> Value {
    if let bool = Bool(text) { return .bool(bool) }
    if let int = Int64(text) { return .int(int) }
    if let number = Double(text) { return .float(number) }
    return .string(text)
  }
}

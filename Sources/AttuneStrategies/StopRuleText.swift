public import AttuneCore

/// A stop rule as people write it: `target=0.01`, `regret-bound`, `no-improvement=50,min_delta=0.1`.
///
/// A name, what its first option is to be, and other options; `-` in names stands for `_`.
public struct StopRuleText: Sendable {
  /// What the rule says of itself.
  public let description: StopRuleDescription
  public let options: [(key: String, value: Value)]

  /// Reads rules that are separated by semicolons.
  ///
  /// Throws for an unknown name, and where an option has no name or no value.
  public static func rules(parsing text: String) throws(AttuneError) -> [StopRuleText] {
    var rules: [StopRuleText] = []
    for part in text.split(separator: ";", omittingEmptySubsequences: false) {
      rules.append(try StopRuleText(parsing: part))
    }
    return rules
  }

  private init(parsing text: Substring) throws(AttuneError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let (name, first) = Self.halves(parts.first ?? "")
    guard !name.isEmpty else {
      throw AttuneError(
        .invalidArgument,
        "a stop rule is \"\(text)\", wanted a name, or one with a value as in target=0.01; stop rules: "
          + StopRuleCatalog.names.joined(separator: ", "), subject: "stop_when")
    }
    let description = try StopRuleCatalog.description(named: name)
    var options: [(key: String, value: Value)] = []
    if let first, let main = description.options.first {
      options.append((main.key, Self.value(first)))
    }
    for part in parts.dropFirst() {
      let (key, value) = Self.halves(part)
      guard !key.isEmpty, let value else {
        throw AttuneError(
          .invalidArgument, "stop rule \(description.name): found \"\(part)\", wanted key=value",
          subject: "stop_when")
      }
      options.append((key.replacing(text: "-", with: "_"), Self.value(value)))
    }
    (self.description, self.options) = (description, options)
  }

  /// What stands before and behind the first "=", without the blanks around.
  private static func halves(_ text: Substring) -> (key: String, value: String?) {
    guard let equals = text.firstIndex(of: "=") else { return (trimmed(text), nil) }
    return (trimmed(text[..<equals]), trimmed(text[text.index(after: equals)...]))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// A number, or the text itself.
  private static func value(_ text: String) -> Value {
    if let whole = Int64(text) { return .int(whole) }
    if let number = Double(text), number.isFinite { return .float(number) }
    return .string(text)
  }
}

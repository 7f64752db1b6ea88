import Attune
import AttuneCore
import AttuneStrategies

/// Texts of the command line as values, with errors that name option, found and wanted.
enum OptionValue {
  /// `key=value` as an option: the value as JSON where it is a JSON scalar, otherwise as text.
  static func assignment(_ text: String, of option: String) throws(CommandError)
    -> (key: String, value: Value)
  {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw .usage("\(option) is \"\(text)\", wanted key=value")
    }
    let written = String(text[text.index(after: equals)...])
    return (String(text[..<equals]), scalar(written))
  }

  /// A JSON scalar, or the text itself.
  static func scalar(_ text: String) -> Value {
    // What is no JSON was not meant as such.
    if let json = try? JSON(parsing: text), let value = Value(json) { return value }
    return .string(text)
  }

  /// A JSON object of scalars.
  static func options(_ text: String, of option: String) throws(CommandError)
    -> [(key: String, value: Value)]
  {
    do {
      return try JSON.values(parsing: text, what: option).map { (key: $0.name, value: $0.value) }
    } catch {
      throw CommandError(error, hint: "\(option) '{\"key\": value}'")
    }
  }

  /// Seconds: a number, or numbers with units such as 90s, 15m, 2h30m, 1d.
  static func seconds(_ text: String, of option: String) throws(CommandError) -> Double {
    let refusal = CommandError.usage(
      "\(option) is \"\(text)\", wanted seconds above 0, or a time such as 90s, 15m, 2h30m")
    if let seconds = Double(text) {
      guard seconds.isFinite, seconds > 0 else { throw refusal }
      return seconds
    }
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
    var total = 0.0
    var digits = ""
    for character in text {
      if character.isNumber || character == "." {
        digits.append(character)
      } else {
        guard let unit = units[character], let number = Double(digits) else { throw refusal }
        total += number * unit
        digits = ""
      }
    }
    guard digits.isEmpty, total.isFinite, total > 0 else { throw refusal }
    return total
  }

  /// Bytes: a number, or one with K, M, G or T, each 1024 of the one before.
  static func bytes(_ text: String, of option: String) throws(CommandError) -> UInt64 {
    let refusal = CommandError.usage(
      "\(option) is \"\(text)\", wanted bytes above 0, or a size such as 512M or 4G")
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = text.last.flatMap { units[Character($0.uppercased())] }
    guard let count = UInt64(unit == nil ? text[...] : text.dropLast()), count > 0,
      case (let bytes, false) = count.multipliedReportingOverflow(by: unit ?? 1)
    else { throw refusal }
    return bytes
  }

  /// A number of jobs, or `auto`.
  static func jobs(_ text: String, of option: String) throws(CommandError)
    -> RunSettings.JobCount
  {
    if text == "auto" { return .automatic }
    guard let count = Int(text), count >= 1 else {
      throw .usage("\(option) is \(text), wanted 1 or more, or auto")
    }
    return .count(count)
  }

  /// What follows a failed trial.
  static func failurePolicy(_ text: String, of option: String) throws(CommandError) -> String {
    var options = RunOptions()
    guard options.setFailurePolicy(text) else {
      throw .usage(
        "\(option) is \"\(text)\"\(suggestion(for: text, among: LimitOptions.failurePolicies)), "
          + "wanted \(RunOptions.failurePolicies)")
    }
    return text
  }

  /// Stop rules, which must be known ones.
  static func stopRules(_ text: String, of option: String) throws(CommandError) -> String {
    do {
      _ = try StopRuleText.rules(parsing: text)
      return text
    } catch {
      throw .usage("\(option): \(error.message)")
    }
  }

  static func directions(_ names: [String], of option: String) throws(CommandError) -> [Direction] {
    var directions: [Direction] = []
    for name in names {
      let short = ["min": "minimize", "max": "maximize"][name.lowercased()] ?? name.lowercased()
      guard let direction = Direction(name: short) else {
        let near = suggestion(for: name, among: Direction.allCases.map(\.name))
        throw .usage("\(option) is \"\(name)\"\(near), wanted minimize or maximize")
      }
      directions.append(direction)
    }
    return directions
  }

  /// One of a few names.
  static func choice(
    _ text: String, of names: [String], option: String
  ) throws(CommandError) -> String {
    guard names.contains(text) else {
      throw .usage(
        "\(option) is \"\(text)\"\(suggestion(for: text, among: names)), wanted "
          + "\(names.joined(separator: " or "))")
    }
    return text
  }

  static func seed(_ text: String, of option: String) throws(CommandError) -> UInt64 {
    guard let seed = UInt64(text) else {
      throw .usage("\(option) is \"\(text)\", wanted a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }
}

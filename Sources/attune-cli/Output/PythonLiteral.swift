import AttuneCore

/// Values as Python writes them, for log lines in Optuna's form.
enum PythonLiteral {
  static func text(_ value: Value) -> String {
    switch value {
    case .null: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): String(value)
    case .float(let value): text(value)
    case .string(let value): quoted(value)
    }
  }

  static func text(_ value: Double) -> String { "\(value)" }

  /// A dictionary of parameters: {'lr': 0.01, 'kernel': 'rbf'}.
  static func text(_ params: [(name: String, value: Value)]) -> String {
    "{" + params.map { quoted($0.name) + ": " + text($0.value) }.joined(separator: ", ") + "}"
  }

  private static func quoted(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = quote
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "'" where quote == "'": result += "\\'"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + quote
  }
}

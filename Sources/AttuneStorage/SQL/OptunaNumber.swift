import AttuneCore

/// Objective values as Optuna's tables hold them: a number, or NULL with a word for what it is.
enum OptunaNumber {
  static func columns(_ value: Double) -> (number: SQLValue, type: SQLValue) {
    if value.isFinite { return (.double(value), .text("FINITE")) }
    if value.isNaN { return (.null, .text("NAN")) }
    return (.null, .text(value > 0 ? "INF_POS" : "INF_NEG"))
  }

  static func value(_ number: Double?, _ type: String?) -> Double {
    switch type {
    case "INF_POS": .infinity
    case "INF_NEG": -.infinity
    case "NAN": .nan
    default: number ?? .nan
    }
  }
}

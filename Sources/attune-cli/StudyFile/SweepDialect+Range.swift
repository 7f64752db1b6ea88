import AttuneCore
import Glibc

/// The numeric distributions of a sweep.
extension SweepDialect {
  private static let supported = [
    "uniform", "int_uniform", "q_uniform", "log_uniform", "log_uniform_values", "q_log_uniform",
    "q_log_uniform_values", "constant", "categorical", "categorical_w_probabilities",
  ]
  private static let refused = [
    "normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta", "inv_log_uniform",
    "inv_log_uniform_values",
  ]

  mutating func range(
    _ distribution: String, _ node: DocumentNode, name: String, line: Int?
  ) throws -> Distribution {
    guard Self.supported.contains(distribution) else {
      throw unknown(distribution, node, name, line)
    }
    let low = try number("min", node, name: name, line: line)
    let high = try number("max", node, name: name, line: line)
    switch distribution {
    case "uniform":
      return .float(
        try FloatDistribution(low: low.double, high: high.double, name: name))
    case "int_uniform":
      return .int(
        try IntDistribution(
          low: try whole(low, "min", node, name: name),
          high: try whole(high, "max", node, name: name),
          name: name))
    case "log_uniform_values":
      return .float(
        try FloatDistribution(low: low.double, high: high.double, log: true, name: name))
    case "log_uniform":
      return .float(
        try FloatDistribution(low: exp(low.double), high: exp(high.double), log: true, name: name))
    default:
      let step = try number("q", node, name: name, line: line, standard: .int(1))
      let isLog = distribution.hasPrefix("q_log")
      let exponents = distribution == "q_log_uniform"
      return try quantized(
        low: exponents ? .float(exp(low.double)) : low,
        high: exponents ? .float(exp(high.double)) : high, step: step, log: isLog, name: name,
        line: line)
    }
  }

  /// Multiples of `step`: whole numbers when the step is one.
  private mutating func quantized(
    low: Number, high: Number, step: Number, log: Bool, name: String, line: Int?
  ) throws -> Distribution {
    guard step.double > 0, step.double.isFinite else {
      throw document.error("parameter \"\(name)\": q is \(step.text), wanted more than 0", at: line)
    }
    let first = (low.double / step.double - 1e-9).rounded(.up)
    let last = (high.double / step.double + 1e-9).rounded(.down)
    guard first <= last else {
      throw document.error(
        "parameter \"\(name)\": no multiple of q = \(step.text) lies in \(low.text) to \(high.text)",
        at: line)
    }
    if case .int(let step) = step {
      guard let first = Int64(exactly: first), let last = Int64(exactly: last),
        case (let bottom, let overflow) = first.multipliedReportingOverflow(by: step), !overflow,
        case (let top, let overflow2) = last.multipliedReportingOverflow(by: step), !overflow2
      else {
        throw document.error(
          "parameter \"\(name)\": \(low.text) to \(high.text) exceeds 64-bit whole numbers",
          at: line)
      }
      if log && step == 1 {
        return .int(try IntDistribution(low: bottom, high: top, log: true, name: name))
      }
      if log { noteEvenSteps(name) }
      if bottom == top { return .int(try IntDistribution(low: bottom, high: top, name: name)) }
      return .int(try IntDistribution(low: bottom, high: top, step: step, name: name))
    }
    if log { noteEvenSteps(name) }
    let bottom = first * step.double
    let top = last * step.double
    return .float(
      try FloatDistribution(
        low: bottom, high: top, step: first == last ? nil : step.double, name: name))
  }

  private mutating func noteEvenSteps(_ name: String) {
    note("parameter \"\(name)\": multiples of q are searched evenly, not by their logarithm")
  }

  private func unknown(
    _ distribution: String, _ node: DocumentNode, _ name: String, _ line: Int?
  ) -> CommandError {
    let line = node["distribution"]?.line ?? line
    if Self.refused.contains(distribution) {
      return document.error(
        "parameter \"\(name)\": distribution \(distribution) has no bounds or no like here",
        at: line,
        hint: "give min and max with uniform or log_uniform_values")
    }
    let near = suggestion(for: distribution, among: Self.supported)
    return document.error(
      "parameter \"\(name)\": unknown distribution \"\(distribution)\"\(near)", at: line)
  }

  /// A number as written: whole or not matters to W&B.
  enum Number {
    case int(Int64)
    case float(Double)

    var double: Double {
      switch self {
      case .int(let value): Double(value)
      case .float(let value): value
      }
    }

    var text: String {
      switch self {
      case .int(let value): "\(value)"
      case .float(let value): "\(value)"
      }
    }
  }

  private func number(
    _ key: String, _ node: DocumentNode, name: String, line: Int?, standard: Number? = nil
  ) throws(CommandError) -> Number {
    guard let value = node[key] else {
      if let standard { return standard }
      throw document.error("parameter \"\(name)\" lacks \(key)", at: line)
    }
    switch value.json {
    case .int(let whole): return .int(whole)
    case .uint(let whole): return .float(Double(whole))
    case .float(let number): return .float(number)
    default: throw document.wanted("a number", for: "parameter \"\(name)\": \(key)", at: value)
    }
  }

  private func whole(
    _ number: Number, _ key: String, _ node: DocumentNode, name: String
  ) throws(CommandError) -> Int64 {
    switch number {
    case .int(let value): return value
    case .float(let value):
      guard let whole = Int64(exactly: value) else {
        throw document.error(
          "parameter \"\(name)\": \(key) is \(value), wanted a whole number", at: node[key]?.line)
      }
      return whole
    }
  }
}

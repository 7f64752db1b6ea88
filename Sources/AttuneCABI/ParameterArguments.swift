import AttuneCore

/// The distributions that C describes by arguments; errors name the parameter.
extension Distribution {
  /// `step` 0 is continuous.
  static func float(
    _ name: String, _ low: Double, _ high: Double, _ step: Double, _ flags: UInt32
  ) throws(AttuneError) -> FloatDistribution {
    let log = try flag(flags, only: .log, of: name)
    return try FloatDistribution(
      low: low, high: high, step: step == 0 ? nil : step, log: log, name: name)
  }

  static func int(
    _ name: String, _ low: Int64, _ high: Int64, _ step: Int64, _ flags: UInt32
  ) throws(AttuneError) -> IntDistribution {
    let log = try flag(flags, only: .log, of: name)
    return try IntDistribution(low: low, high: high, step: step, log: log, name: name)
  }

  static func categorical(
    _ name: String, _ choices: [Value], _ flags: UInt32
  ) throws(AttuneError) -> CategoricalDistribution {
    let ordered = try flag(flags, only: .ordered, of: name)
    return try CategoricalDistribution(choices: choices, ordered: ordered, name: name)
  }
}

/// The choices of a parameter as an array of texts.
func choices(
  of name: String, _ pointer: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
) throws(AttuneError) -> [Value] {
  try naming("parameter \"\(name)\"") { () throws(AttuneError) in
    try texts(pointer, count, "choices", "n_choices").map(Value.string)
  }
}

/// The choices of a parameter as a JSON array.
func choices(
  of name: String, json: UnsafePointer<CChar>?
) throws(AttuneError) -> [Value] {
  try naming("parameter \"\(name)\"") { () throws(AttuneError) in
    try values(json: try text(json, "choices_json"), "choices_json")
  }
}

/// The bits of `attune_param_flags`.
enum ParameterFlag: UInt32 {
  case log = 1
  case ordered = 2

  var cName: String { self == .log ? "ATTUNE_PARAM_LOG" : "ATTUNE_PARAM_ORDERED" }
}

/// Whether the one flag a function takes is set; other bits are an error.
func flag(
  _ flags: UInt32, only allowed: ParameterFlag, of name: String
) throws(AttuneError) -> Bool {
  guard flags & ~allowed.rawValue == 0 else {
    throw AttuneError(
      .invalidArgument,
      "parameter \"\(name)\": flags is \(flags), wanted 0 or \(allowed.rawValue) "
        + "(\(allowed.cName))",
      subject: "flags")
  }
  return flags != 0
}

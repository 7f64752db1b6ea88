import AttuneCore
import CAttune

/// How one parameter of a plugin's own space comes from one of the study's.
///
/// Made once per evaluator. Single values and choices are written out in advance; floats and ints
/// only need their number filled in.
struct PluginParameter {
  enum Source {
    case float
    case int
    /// A study's int for a plugin's float.
    case intAsFloat
    /// One entry per choice, or one for a single value.
    case table([attune_param_value])
  }

  /// The index in the study's space.
  let parameter: Int
  let source: Source
  /// What the parameter looks like while it is off.
  let inactive: attune_param_value
  private let texts: [CText]

  /// Checks that every value of the study's parameter is one of the plugin's.
  ///
  /// The error names the objective, the parameter, what the study has and what the plugin takes.
  init(
    own: Parameter, study: Parameter, at index: Int, of objective: String
  ) throws(AttuneError) {
    parameter = index
    inactive = Self.inactive(own.distribution)
    func refuse(_ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument,
        "objective \(objective), parameter \"\(own.name)\": the study has \(found), wanted \(wanted)",
        subject: "space.\(own.name)")
    }
    if !study.conditions.isEmpty && own.conditions.isEmpty {
      throw refuse("it conditional", "it always active, as in the objective's own space")
    }
    var texts: [CText] = []
    switch (own.distribution, study.distribution) {
    case (.float(let own), .float(let float)) where float.low < float.high:
      try Self.check(float, within: own, refuse)
      source = .float
    case (.float(let own), .int(let int)) where int.low < int.high && own.step == nil:
      guard own.low <= Double(int.low), Double(int.high) <= own.high else {
        throw refuse("\(int.low) to \(int.high)", "within \(own.low) to \(own.high)")
      }
      source = .intAsFloat
    case (.int(let own), .int(let int)) where int.low < int.high:
      try Self.check(int, within: own, refuse)
      source = .int
    default:
      let distribution = study.distribution
      guard let count = distribution.levelCount, count <= 65_536,
        distribution.isSingle || distribution.kindName == "categorical"
      else {
        throw refuse(
          "\(Self.article(distribution.kindName))", Self.article(own.distribution.kindName))
      }
      var entries: [attune_param_value] = []
      for level in 0..<count {
        let value = distribution.value(ofSlot: distribution.slot(atLevel: level))
        entries.append(try Self.entry(value, as: own, texts: &texts, refuse))
      }
      source = .table(entries)
    }
    self.texts = texts
  }

  private static func article(_ kind: String) -> String { kind == "int" ? "an int" : "a \(kind)" }

  private static func check(
    _ study: FloatDistribution, within own: FloatDistribution,
    _ refuse: (String, String) -> AttuneError
  ) throws(AttuneError) {
    guard own.low <= study.low, study.high <= own.high else {
      throw refuse("\(study.low) to \(study.high)", "within \(own.low) to \(own.high)")
    }
    guard let step = own.step else { return }
    func isWhole(_ number: Double) -> Bool { (number - number.rounded()).magnitude < 1e-6 }
    guard let studyStep = study.step, isWhole(studyStep / step),
      isWhole((study.low - own.low) / step)
    else {
      let found = study.step.map { "\(study.low) and on in steps of \($0)" } ?? "no step"
      throw refuse(found, "\(own.low) and on in steps of \(step) or multiples of it")
    }
  }

  private static func check(
    _ study: IntDistribution, within own: IntDistribution,
    _ refuse: (String, String) -> AttuneError
  ) throws(AttuneError) {
    guard own.low <= study.low, study.high <= own.high else {
      throw refuse("\(study.low) to \(study.high)", "within \(own.low) to \(own.high)")
    }
    let step = UInt64(own.step)
    let offset = UInt64(bitPattern: study.low &- own.low)
    guard offset % step == 0, UInt64(study.step) % step == 0 else {
      throw refuse(
        "\(study.low) and on in steps of \(study.step)",
        "\(own.low) and on in steps of \(own.step) or multiples of it")
    }
  }

  /// What a parameter looks like in C before its value is filled in.
  private static func blank(_ kind: Int) -> attune_param_value {
    attune_param_value(
      number: .nan, integer: 0, text: nil, choice_number: .nan, choice_integer: 0,
      kind: Int32(kind), choice_type: Int32(ATTUNE_PLUGIN_CHOICE_NONE), active: 1, reserved: 0)
  }

  private static func kind(_ distribution: Distribution) -> Int {
    switch distribution {
    case .float: return Int(ATTUNE_PLUGIN_FLOAT)
    case .int: return Int(ATTUNE_PLUGIN_INT)
    case .categorical: return Int(ATTUNE_PLUGIN_CATEGORICAL)
    case .fixed(let value):
      switch value {
      case .float: return Int(ATTUNE_PLUGIN_FLOAT)
      case .int: return Int(ATTUNE_PLUGIN_INT)
      case .null, .bool, .string: return Int(ATTUNE_PLUGIN_CATEGORICAL)
      }
    }
  }

  private static func inactive(_ distribution: Distribution) -> attune_param_value {
    var value = blank(kind(distribution))
    value.active = 0
    return value
  }

  /// The bare entry for active floats and ints, whose number is filled in each time.
  var prepared: attune_param_value {
    var value = inactive
    value.active = 1
    return value
  }

  /// A single value of the study as the plugin's own kind of parameter.
  private static func entry(
    _ value: Value, as own: Parameter, texts: inout [CText],
    _ refuse: (String, String) -> AttuneError
  ) throws(AttuneError) -> attune_param_value {
    var entry = blank(kind(own.distribution))
    let slot: UInt64
    do { slot = try own.distribution.slot(of: value, name: own.name) } catch {
      throw refuse(value.quoted, wanted(own.distribution))
    }
    switch own.distribution {
    case .float: entry.number = Double(bitPattern: slot)
    case .int:
      entry.integer = Int64(bitPattern: slot)
      entry.number = Double(entry.integer)
    case .categorical(let categorical):
      choice(categorical.choices[Int(clamping: slot)], Int64(clamping: slot), &entry, &texts)
    case .fixed(.float(let number)): entry.number = number
    case .fixed(.int(let integer)):
      entry.integer = integer
      entry.number = Double(integer)
    case .fixed(let value): choice(value, 0, &entry, &texts)
    }
    return entry
  }

  private static func choice(
    _ value: Value, _ index: Int64, _ entry: inout attune_param_value, _ texts: inout [CText]
  ) {
    let text = CText(value.text)
    texts.append(text)
    entry.number = Double(index)
    entry.integer = index
    entry.text = text.pointer
    entry.choice_type = value.kind.rawValue
    entry.choice_number = value.number ?? .nan
    entry.choice_integer = value.kind == .bool || value.kind == .int ? value.integer ?? 0 : 0
  }

  private static func wanted(_ distribution: Distribution) -> String {
    switch distribution {
    case .float(let float): "a number within \(float.low) to \(float.high)"
    case .int(let int): "a whole number within \(int.low) to \(int.high)"
    case .categorical(let categorical):
      "one of " + categorical.choices.map(\.quoted).joined(separator: ", ")
    case .fixed(let value): "\(value.quoted), its fixed value"
    }
  }
}

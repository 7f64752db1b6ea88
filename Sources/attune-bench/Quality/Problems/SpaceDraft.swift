import AttuneCore

/// Declares the parameters of a test problem in few words.
struct SpaceDraft {
  private(set) var parameters: [Parameter] = []

  mutating func float(
    _ name: String, _ low: Double, _ high: Double, log: Bool = false, when: [Condition] = []
  ) throws {
    let distribution = try FloatDistribution(low: low, high: high, log: log, name: name)
    parameters.append(Parameter(name, .float(distribution), when: when))
  }

  mutating func int(
    _ name: String, _ low: Int, _ high: Int, log: Bool = false, when: [Condition] = []
  ) throws {
    let distribution = try IntDistribution(low: Int64(low), high: Int64(high), log: log, name: name)
    parameters.append(Parameter(name, .int(distribution), when: when))
  }

  /// Choices "a", "b", "c" and so on.
  mutating func choice(_ name: String, _ count: Int, when: [Condition] = []) throws {
    let choices = (0..<count).map { Value.string(Self.choice($0)) }
    parameters.append(
      Parameter(
        name, .categorical(try CategoricalDistribution(choices: choices, name: name)), when: when))
  }

  static func choice(_ index: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(clamping: index)))
  }

  /// Active while the choice `parent` has one of these indexes.
  static func when(_ parent: String, _ indexes: Int...) -> [Condition] {
    [Condition(parent: parent, .choices(indexes.map { .string(choice($0)) }))]
  }

  func space() throws -> Space { try Space(parameters) }

  /// `count` floats in the same range, x0 and so on.
  static func box(_ count: Int, _ low: Double, _ high: Double) throws -> Space {
    var draft = SpaceDraft()
    for index in 0..<count { try draft.float("x\(index)", low, high) }
    return try draft.space()
  }
}

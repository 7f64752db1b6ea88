import AttuneCore

/// The spaces that the laws of strategies are tried on.
enum LawSpace: String, CaseIterable, Sendable {
  case mixed, nested, ranges, diamond, extremes, allFixed, empty, oneValue, oneFloat, oneBool, wide
  case constrained, constrainedNested, simplex, needle

  func space() throws -> Space {
    switch self {
    case .mixed: try Space(Self.mixedParameters())
    case .nested: try Space(Self.nestedParameters())
    case .ranges: try Space(Self.rangeParameters())
    case .diamond: try Space(Self.diamondParameters())
    case .extremes:
      try Space([
        Parameter("whole", .int(IntDistribution(low: .min, high: .max, name: "whole"))),
        Parameter(
          "log", .float(FloatDistribution(low: 1e-300, high: 1e300, log: true, name: "log"))),
        Parameter("count", .int(IntDistribution(low: 1, high: .max, log: true, name: "count"))),
        Parameter("float", .float(FloatDistribution(low: -8e307, high: 8e307, name: "float"))),
      ])
    case .allFixed:
      try Space([Parameter("kernel", .fixed(.string("rbf"))), Parameter("none", .fixed(.null))])
    case .empty: .empty
    case .oneValue: try Space([Parameter("x", .int(IntDistribution(low: 3, high: 3, name: "x")))])
    case .oneFloat:
      try Space([Parameter("x", .float(FloatDistribution(low: -1, high: 2, name: "x")))])
    case .oneBool: try Space([Self.choice("x", [.bool(false), .bool(true)])])
    case .constrained:
      try Space(
        try Self.mixedParameters(),
        constraints: [
          .linear(
            [.init("x", factor: 1), .init("depth", factor: 0.5)], atLeast: nil, atMost: 4),
          .linear(
            [.init("units", factor: 1), .init("depth", factor: -1)], atLeast: -3, atMost: nil),
          .forbidden([
            .init("kernel", .choices([.string("rbf"), .null])), .init("depth", .choices([.int(2)])),
          ]),
          .forbidden([
            .init("dropout", .range(low: 0.2, high: .infinity)),
            .init("lr", .range(low: 1e-3, high: .infinity)),
          ]),
        ])
    case .constrainedNested:
      try Space(
        try Self.nestedParameters(),
        constraints: [
          .forbidden([
            .init("model", .choices([.string("svm")])), .init("scale", .choices([.bool(true)])),
          ]),
          .forbidden([
            .init("kernel", .choices([.string("rbf")])), .init("gamma", .range(low: 2, high: 10)),
          ]),
          .linear([.init("degree", factor: 2)], atLeast: nil, atMost: 8),
          .linear([.init("leaves", factor: 1)], atLeast: 3, atMost: nil),
        ])
    case .simplex:
      try Space(
        [
          try Self.float("a", 0, 1), try Self.float("b", 0, 1), try Self.float("c", 0, 1),
          try Self.choice("d", [.int(0), .int(1), .int(2)]),
        ],
        constraints: [
          .linear(
            [.init("a", factor: 1), .init("b", factor: 1), .init("c", factor: 2)], atLeast: 2,
            atMost: 2)
        ])
    case .needle:
      // Five of 6,561 points.
      try Space(
        try (0..<4).map { try Self.int("x\($0)", 0, 8) },
        constraints: [
          .linear(
            (0..<4).map { .init("x\($0)", factor: Double($0 + 1)) }, atLeast: 76, atMost: nil),
          .linear(
            (0..<4).map { .init("x\($0)", factor: Double($0 + 1)) }, atLeast: nil, atMost: 76),
        ])
    case .wide:
      try Space(
        (0..<200).map { index in
          let name = "p\(index)"
          return index % 2 == 0
            ? Parameter(name, .float(try FloatDistribution(low: 0, high: 1, name: name)))
            : Parameter(name, .int(try IntDistribution(low: 0, high: 9, name: name)))
        })
    }
  }

  /// How many points a grid of three points a float has, where a brute-force count is quick.
  var isSmall: Bool { self != .extremes && self != .wide }

  static func choice(
    _ name: String, _ choices: [Value], ordered: Bool = false, when conditions: [Condition] = []
  ) throws -> Parameter {
    let distribution = try CategoricalDistribution(choices: choices, ordered: ordered, name: name)
    return Parameter(name, .categorical(distribution), when: conditions)
  }

  static func int(
    _ name: String, _ low: Int64, _ high: Int64, step: Int64 = 1, log: Bool = false,
    when conditions: [Condition] = []
  ) throws -> Parameter {
    Parameter(
      name, .int(try IntDistribution(low: low, high: high, step: step, log: log, name: name)),
      when: conditions)
  }

  static func float(
    _ name: String, _ low: Double, _ high: Double, step: Double? = nil, log: Bool = false,
    when conditions: [Condition] = []
  ) throws -> Parameter {
    Parameter(
      name, .float(try FloatDistribution(low: low, high: high, step: step, log: log, name: name)),
      when: conditions)
  }

  private static func mixedParameters() throws -> [Parameter] {
    [
      try float("lr", 1e-5, 1e-1, log: true), try float("x", -2.5, 7.25),
      try float("dropout", 0, 0.3, step: 0.1), try int("depth", 2, 11, step: 3),
      try int("units", 1, 9, log: true),
      try choice("kernel", [.string("rbf"), .null, .int(3), .float(0.5), .bool(true)]),
      Parameter("fixed", .fixed(.float(2.5))),
    ]
  }

  private static func nestedParameters() throws -> [Parameter] {
    [
      try float(
        "gamma", 0.1, 10, log: true,
        when: [.init(parent: "kernel", .choices([.string("rbf")]))]),
      try choice("model", [.string("svm"), .string("tree"), .string("none")]),
      try choice(
        "kernel", [.string("rbf"), .string("poly"), .string("linear")],
        when: [.init(parent: "model", .choices([.string("svm")]))]),
      try int("degree", 2, 5, when: [.init(parent: "kernel", .choices([.string("poly")]))]),
      try choice(
        "even", [.bool(false), .bool(true)],
        when: [.init(parent: "degree", .choices([.int(2), .float(4)]))]),
      try int("leaves", 2, 4, when: [.init(parent: "model", .choices([.string("tree")]))]),
      try choice("scale", [.bool(false), .bool(true)]),
    ]
  }

  private static func rangeParameters() throws -> [Parameter] {
    [
      try int("layers", 1, 4),
      try int("units2", 8, 10, when: [.init(parent: "layers", .range(low: 2, high: 9))]),
      try int("units3", 8, 10, when: [.init(parent: "layers", .range(low: 2.5, high: 3))]),
      try float("momentum", 0, 1, step: 0.25),
      try choice(
        "nesterov", [.bool(false), .bool(true)],
        when: [.init(parent: "momentum", .range(low: 0.3, high: .infinity))]),
      try float("decay", -1, 1, when: [.init(parent: "units2", .range(low: 9, high: 9))]),
      try int("late", 1, 2, when: [.init(parent: "decay", .range(low: -0.5, high: 0.5))]),
    ]
  }

  private static func diamondParameters() throws -> [Parameter] {
    let low = Condition.Test.choices([.int(0)])
    return [
      try choice("a", [.int(0), .int(1), .int(2)]),
      try int("b", 0, 2, when: [.init(parent: "a", .choices([.int(0), .int(2)]))]),
      try int("c", 0, 3, when: [.init(parent: "a", .choices([.int(0), .int(1)]))]),
      try int(
        "d", 5, 6,
        when: [.init(parent: "b", low), .init(parent: "c", .range(low: 1, high: 2))]),
      try choice(
        "e", [.string("x"), .string("y")],
        when: [.init(parent: "d", .choices([.int(5)])), .init(parent: "f", low)]),
      try int("f", 0, 1),
    ]
  }
}

import AttuneCore
import Testing

@Suite("Spaces")
struct SpaceTests {
  static func float(_ name: String, when: [Condition] = []) throws -> Parameter {
    Parameter(name, .float(try FloatDistribution(low: 0, high: 1, name: name)), when: when)
  }

  static func choice(
    _ name: String, _ choices: [Value], when: [Condition] = []
  ) throws -> Parameter {
    Parameter(
      name, .categorical(try CategoricalDistribution(choices: choices, name: name)), when: when)
  }

  static func svm() throws -> Space {
    try Space([
      choice("kernel", [.string("rbf"), .string("poly"), .string("linear")]),
      Parameter(
        "degree", .int(try IntDistribution(low: 2, high: 5, name: "degree")),
        when: [Condition(parent: "kernel", .choices([.string("poly")]))]),
      float(
        "gamma",
        when: [Condition(parent: "kernel", .choices([.string("rbf"), .string("poly")]))]),
      float("coef", when: [Condition(parent: "degree", .range(low: 3, high: .infinity))]),
    ])
  }

  @Test("a parameter is active only when its parent has one of the given choices")
  func conditions() throws {
    let space = try Self.svm()
    #expect(space.isConditional)
    for (kernel, active) in [
      (UInt64(0), ["kernel", "gamma"]), (1, ["kernel", "degree", "gamma"]), (2, ["kernel"]),
    ] {
      let point = space.point { index in index == 0 ? kernel : index == 1 ? 2 : 0 }
      #expect(space.params(of: point).map(\.name) == active)
    }
  }

  @Test("a range condition holds at both its ends and follows its parent's activity")
  func ranges() throws {
    let space = try Self.svm()
    for (kernel, degree, isActive) in [
      (UInt64(1), UInt64(2), false), (1, 3, true), (1, 5, true), (0, 5, false),
    ] {
      let point = space.point { index in index == 0 ? kernel : index == 1 ? degree : 0 }
      #expect((point[3] != nil) == isActive)
      #expect(point.slots[3] == 0)
    }
  }

  @Test("a range condition on a float parent compares values, not units")
  func floatRange() throws {
    let space = try Space([
      Parameter("x", .float(try FloatDistribution(low: -5, high: 5, name: "x"))),
      Self.float("y", when: [Condition(parent: "x", .range(low: -1, high: 2))]),
    ])
    for (x, isActive) in [
      (-1.0000000000000002, false), (-1, true), (0, true), (2, true), (2.1, false),
    ]
      as [(Double, Bool)]
    {
      let point = space.point { index in index == 0 ? x.bitPattern : 0.5.bitPattern }
      #expect((point[1] != nil) == isActive, "x = \(x)")
    }
  }

  @Test("a choice of a stepped float parent opens its child in spite of rounding")
  func steppedParent() throws {
    // Three steps of 0.1 make 0.30000000000000004, and people write 0.3.
    let space = try Space([
      Parameter("x", .float(try FloatDistribution(low: 0, high: 1, step: 0.1, name: "x"))),
      Self.float("y", when: [Condition(parent: "x", .choices([.float(0.3), .int(1)]))]),
    ])
    var open: [Int] = []
    for level in 0...10 {
      let x = space.parameters[0].distribution.slot(atLevel: UInt64(level))
      if space.point(choosing: { $0 == 0 ? x : 0 })[1] != nil { open.append(level) }
    }
    #expect(open == [3, 10])
    #expect(try Space(json: space.json) == space)
  }

  @Test("conditions nest to any depth")
  func depth() throws {
    var parameters = [try Self.choice("p0", [.bool(false), .bool(true)])]
    for level in 1...200 {
      parameters.append(
        try Self.choice(
          "p\(level)", [.bool(false), .bool(true)],
          when: [Condition(parent: "p\(level - 1)", .choices([.bool(true)]))]))
    }
    let space = try Space(parameters.reversed())
    #expect(space.params(of: space.point { _ in 1 }).count == 201)
    let cut = try space.index(of: "p150")
    let point = space.point { index in index == cut ? 0 : 1 }
    #expect(space.params(of: point).count == 151)
  }

  @Test("several parents must all agree, and parents may stand after their children")
  func severalParents() throws {
    let space = try Space([
      Self.float(
        "child",
        when: [
          Condition(parent: "a", .choices([.bool(true)])),
          Condition(parent: "b", .choices([.bool(true)])),
        ]),
      Self.choice("a", [.bool(false), .bool(true)]),
      Self.choice("b", [.bool(false), .bool(true)]),
    ])
    for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] as [(UInt64, UInt64)] {
      let point = space.point { index in index == 1 ? a : index == 2 ? b : 0.25.bitPattern }
      #expect((point[0] != nil) == (a == 1 && b == 1))
    }
  }

  @Test("parents are asked before their children, whatever the order declared")
  func order() throws {
    let space = try Space(try Self.svm().parameters.reversed())
    var asked: [String] = []
    _ = space.point { index in
      asked.append(space.parameters[index].name)
      return space.parameters[index].name == "kernel" ? 1 : 3
    }
    #expect(asked == ["kernel", "gamma", "degree", "coef"])
  }

  @Test(
    "without conditions parameters are asked in declared order, and all are active",
    arguments: [0, 1, 64, 70])
  func unconditional(count: Int) throws {
    let space = try Space((0..<count).map { try Self.float("x\($0)") })
    var asked: [Int] = []
    let point = space.point { index in
      asked.append(index)
      return UInt64(index)
    }
    #expect(asked == Array(0..<count))
    #expect(point.slots == (0..<UInt64(count)).map { $0 })
    for index in 0..<count { #expect(point[index] == UInt64(index)) }
    #expect(point[count] == nil)
  }

  @Test("conditions on ints, bools and fixed values compare by size")
  func typedParents() throws {
    let space = try Space([
      Parameter("n", .int(try IntDistribution(low: 0, high: 9, name: "n"))),
      Self.float("x", when: [Condition(parent: "n", .choices([.float(3), .int(5)]))]),
      Parameter("mode", .fixed(.string("fast"))),
      Self.float("y", when: [Condition(parent: "mode", .choices([.string("fast")]))]),
      Self.float("z", when: [Condition(parent: "mode", .choices([.string("slow")]))]),
    ])
    let point = space.point { index in index == 0 ? 3 : 0 }
    #expect(space.params(of: point).map(\.name) == ["n", "x", "mode", "y"])
    #expect(space.point { index in index == 0 ? 4 : 0 }[1] == nil)
  }

  @Test("fixing a parent keeps the range conditions on it")
  func fixedParentInRange() throws {
    for (value, isActive) in [(Value.int(3), true), (.float(7.5), false)] {
      let space = try Space([
        Parameter("n", .fixed(value)),
        Self.float("x", when: [Condition(parent: "n", .range(low: 1, high: 5))]),
      ])
      #expect((space.point { _ in 0 }[1] != nil) == isActive)
    }
  }

  @Test("a space of 1,000 parameters, a third of them conditional, works throughout")
  func thousand() throws {
    var parameters: [Parameter] = []
    for index in 0..<1000 {
      if index % 3 == 0 {
        parameters.append(try Self.choice("p\(index)", [.int(0), .int(1)]))
      } else {
        parameters.append(
          try Self.float(
            "p\(index)",
            when: index % 3 == 1
              ? [Condition(parent: "p\(index - 1)", .choices([.int(1)]))] : []))
      }
    }
    let space = try Space(parameters)
    let point = space.point { index in
      index % 3 == 0 ? UInt64(index / 3 % 2) : 0.5.bitPattern
    }
    for index in 0..<1000 {
      let isActive = index % 3 != 1 || index / 3 % 2 == 1
      #expect((point[index] != nil) == isActive)
    }
    #expect(try Space(json: space.json) == space)
    let given = try PartialPoint(space.params(of: point), in: space)
    #expect(space.point(given: given) == point)
  }

  @Test("points are equal when their active values are, whatever inactive ones were drawn")
  func equality() throws {
    let space = try Self.svm()
    let a = space.point { index in index == 0 ? 2 : UInt64(index) }
    let b = space.point { index in index == 0 ? 2 : 77 }
    #expect(a == b)
    #expect(a.hashValue == b.hashValue)
    #expect(a[99] == nil)
    #expect(a[-1] == nil)
  }

  @Test("partial points name what is unknown, given twice or out of range")
  func partialPoints() throws {
    let space = try Self.svm()
    let cases: [([(name: String, value: Value)], String)] = [
      ([("kernl", .int(1))], "no parameter \"kernl\" in the space (did you mean \"kernel\"?)"),
      (
        [("gamma", .float(0.5)), ("gamma", .float(0.5))],
        "parameter \"gamma\" is given twice, wanted once"
      ),
      ([("gamma", .float(3))], "parameter \"gamma\": value is 3.0, wanted 0.0 to 1.0"),
    ]
    for (values, text) in cases {
      #expect(
        message { () throws(AttuneError) in try PartialPoint(values, in: space) } == text)
    }
  }

  @Test("a point is whole when every active parameter has a value or only one")
  func whole() throws {
    let space = try Self.svm()
    let linear = try PartialPoint([("kernel", .string("linear"))], in: space)
    #expect(space.point(given: linear).map { space.params(of: $0).map(\.name) } == ["kernel"])
    let rbf = try PartialPoint([("kernel", .string("rbf"))], in: space)
    #expect(space.point(given: rbf) == nil)
    let single = try Space([Parameter("a", .fixed(.int(1)))])
    #expect(single.point(given: PartialPoint(slots: [nil])) != nil)
    #expect(Space.empty.point(given: PartialPoint(slots: [])) != nil)
  }

  @Test("spaces grow by one and change by one, and stay checked")
  func growing() throws {
    let space = try Space([Self.float("a")]).adding(Self.float("b"))
    #expect(space.parameters.map(\.name) == ["a", "b"])
    #expect(
      message { () throws(AttuneError) in try space.adding(space.parameters[0]) }
        == "parameter \"a\" stands at 0 and 2, wanted different names")
    let replaced = try space.replacing(1, with: Parameter("b", .fixed(.int(1))))
    #expect(replaced.parameters[1].distribution == .fixed(.int(1)))
    #expect(space != replaced)
  }

  @Test("a parameter's salt depends on its name alone")
  func salts() throws {
    let space = try Self.svm()
    let reversed = try Space(space.parameters.reversed())
    #expect(space.salts == reversed.salts.reversed())
    #expect(Set(space.salts).count == 4)
  }
}

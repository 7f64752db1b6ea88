import AttuneCore
import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That a point survives the way into a model's coordinates and back, in spaces of every kind.
struct ModelSpaceTests {
  private static func at(_ model: ModelSpace, _ coordinates: [Double], _ given: PartialPoint? = nil)
    -> Point
  {
    // An empty buffer may have no address: one number more than the axes is always there.
    (coordinates + [0]).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return model.space.point { _ in 0 } }
      return model.point(at: base, given: given)
    }
  }

  private static func kinds() throws -> Space {
    try Space([
      LawSpace.float("float", -3, 8), LawSpace.float("log", 1e-6, 1e3, log: true),
      LawSpace.float("step", 0, 0.7, step: 0.1), LawSpace.int("int", -4, 9),
      LawSpace.int("strided", 2, 50, step: 3), LawSpace.int("logint", 1, 5000, log: true),
      LawSpace.int("huge", .min, .max),
      LawSpace.choice("two", [.string("a"), .string("b")]),
      LawSpace.choice("many", (0..<40).map { .int(Int64($0)) }),
      LawSpace.choice("ordered", [.int(1), .int(4), .int(9), .int(16)], ordered: true),
      Parameter("fixed", .fixed(.string("x"))), LawSpace.int("single", 5, 5),
    ])
  }

  /// Whether two points are the same, but for the last bits of continuous numbers.
  private static func isSame(_ a: Point, _ b: Point, _ space: Space) -> Bool {
    space.parameters.indices.allSatisfy { index in
      guard let x = a[index], let y = b[index] else { return a[index] == nil && b[index] == nil }
      let distribution = space.parameters[index].distribution
      if let count = distribution.levelCount, count <= 1 << 20 { return x == y }
      return (distribution.unit(ofSlot: x) - distribution.unit(ofSlot: y)).magnitude < 1e-14
    }
  }

  @Test("a point comes back from its coordinates", arguments: LawSpace.allCases)
  func laws(law: LawSpace) throws {
    let space = try law.space()
    let model = ModelSpace(space)
    for number in 0..<60 {
      let point = space.point {
        IndependentSampler.slot(of: space.parameters[$0], seed: 3, trial: number)
      }
      let coordinates = model.coordinates(of: point)
      #expect(coordinates.count == model.axes.count)
      #expect(coordinates.allSatisfy { $0.isFinite })
      let back = Self.at(model, coordinates)
      #expect(Self.isSame(back, point, space), "\(number)")
      let again = model.coordinates(of: back)
      #expect(zip(again, coordinates).allSatisfy { ($0 - $1).magnitude < 1e-14 })
    }
  }

  @Test("every kind of parameter comes back from its coordinates, its ends too")
  func kinds() throws {
    let space = try Self.kinds()
    let model = ModelSpace(space)
    #expect(model.axes.count == 10)
    for unit in [0, 1e-9, 0.3, 0.5, 0.77, 1] {
      let point = space.point { space.parameters[$0].distribution.slot(atUnit: unit) }
      let back = Self.at(model, model.coordinates(of: point))
      #expect(Self.isSame(back, point, space), "unit \(unit)")
    }
  }

  @Test("axes with an order come first, and single values take none")
  func axes() throws {
    let space = try Self.kinds()
    let model = ModelSpace(space)
    for (index, axis) in model.axes.enumerated() {
      if case .choices = axis.kind {
        #expect(index >= model.orderedCount)
      } else {
        #expect(index < model.orderedCount)
      }
      #expect(model.axisOfParameter[axis.parameter] == index)
    }
    let names = model.axes.map { space.parameters[$0.parameter].name }
    #expect(!names.contains("fixed") && !names.contains("single"))
    #expect(model.axes.last?.kind == .choices(40))
    #expect(model.pointCount == nil)
    let discrete = ModelSpace(
      try Space([LawSpace.int("a", 1, 6), LawSpace.choice("b", [.int(0), .int(1), .int(2)])]))
    #expect(discrete.pointCount == 18)
    let vast = ModelSpace(
      try Space((0..<8).map { try LawSpace.int("p\($0)", 0, 999_999) }))
    #expect(vast.pointCount == nil)
  }

  @Test("levels and choices come back from their coordinates")
  func levels() throws {
    let model = ModelSpace(try Self.kinds())
    for axis in model.steppedAxes {
      let count = model.levelCount(axis: axis)
      for level in [0, 1, count / 2, count - 1] {
        let coordinate = model.coordinate(ofLevel: level, axis: axis)
        #expect(model.level(of: coordinate, axis: axis) == level)
      }
    }
  }

  @Test("what is inactive lies in the middle, and its indicator tells so, two levels down")
  func conditional() throws {
    let space = try Space([
      LawSpace.choice("model", [.string("svm"), .string("tree"), .string("none")]),
      LawSpace.choice(
        "kernel", [.string("rbf"), .string("poly"), .string("linear")],
        when: [.init(parent: "model", .choices([.string("svm")]))]),
      LawSpace.float(
        "gamma", 0.1, 10, log: true,
        when: [.init(parent: "kernel", .choices([.string("rbf")]))]),
      LawSpace.float(
        "width", 0, 1, when: [.init(parent: "kernel", .choices([.string("rbf")]))]),
    ])
    let model = ModelSpace(space)
    // One indicator for the kernel, one that gamma and width share.
    #expect(model.axes.filter { $0.kind == .indicator }.count == 2)
    let names = model.axes.map { space.parameters[$0.parameter].name }
    func coordinates(_ slots: [UInt64]) -> [Double] {
      model.coordinates(of: space.point { slots[$0] })
    }
    let (gamma, width) = (1.0.bitPattern, 0.25.bitPattern)
    let none = coordinates([2, 0, gamma, width])
    let svm = coordinates([0, 1, gamma, width])
    let rbf = coordinates([0, 0, gamma, width])
    for (index, axis) in model.axes.enumerated() {
      switch (axis.kind, names[index]) {
      case (.indicator, "kernel"): #expect((none[index], svm[index], rbf[index]) == (0, 0.5, 0.5))
      case (.indicator, _): #expect((none[index], svm[index], rbf[index]) == (0, 0, 0.5))
      case (_, "kernel"): #expect((none[index], svm[index], rbf[index]) == (-1, 1, 0))
      case (_, "width"): #expect((none[index], svm[index], rbf[index]) == (0.5, 0.5, 0.25))
      default: break
      }
    }
    #expect(Self.at(model, none) == space.point { [2, 0, gamma, width][$0] })
    #expect(coordinates([2, 1, gamma, width]) == none)
  }

  @Test("given values stay, and coordinates of no number or outside the box make valid points")
  func given() throws {
    let space = try LawSpace.mixed.space()
    let model = ModelSpace(space)
    var slots = [UInt64?](repeating: nil, count: space.count)
    slots[3] = 8
    slots[5] = 2
    let given = PartialPoint(slots: slots)
    for unit in [-7, 0.1, 1, 1e300, .nan, .infinity, -.infinity] {
      let coordinates = [Double](repeating: unit, count: model.axes.count)
      let point = Self.at(model, coordinates, given)
      let request = Request(seed: 1, number: 0, ordinal: 0, given: given)
      #expect(StrategyLaws.faults(of: point, request, in: space) == [], "\(unit)")
      #expect(point[3] == 8 && point[5] == 2)
    }
  }

  @Test(
    "a space without axes has no coordinates and one point",
    arguments: [
      LawSpace.empty, .allFixed, .oneValue,
    ])
  func noAxes(law: LawSpace) throws {
    let space = try law.space()
    let model = ModelSpace(space)
    #expect(model.axes.isEmpty && model.pointCount == 1)
    let point = Self.at(model, [])
    #expect(model.coordinates(of: point).isEmpty)
    #expect(
      StrategyLaws.faults(of: point, Request(seed: 1, number: 0, ordinal: 0), in: space) == [])
  }
}

import Testing

@testable import AttuneCore

@Suite("Points of boxes")
struct FloatBoxTests {
  private static func float(
    _ name: String, _ low: Double, _ high: Double, step: Double? = nil, log: Bool = false
  ) throws -> Parameter {
    Parameter(
      name, .float(try FloatDistribution(low: low, high: high, step: step, log: log, name: name)))
  }

  @Test("coordinates two at a time have the bits of one", arguments: 1...5)
  func bits(count: Int) throws {
    let ranges = [(-5.0, 5.0), (0, 1), (-1e-300, 3), (0.1, 0.3), (-7, -0.0)]
    let space = try Space(
      (0..<count).map { try Self.float("x\($0)", ranges[$0].0, ranges[$0].1) })
    let box = try #require(FloatBox(space))
    let units: [Double] = [
      -1, -0.0, 0, .nan, .leastNonzeroMagnitude, 0.1, 0.5, 1 - 0x1p-53, 1, 1 + 0x1p-52, 7,
      .infinity, -.infinity,
      0.3333333333333333, 0.9999999999,
    ]
    for shift in units.indices {
      let own = (0..<count).map { units[(shift + 3 * $0) % units.count] }
      let point = box.point(atUnits: own)
      #expect(point == space.point { space.parameters[$0].distribution.slot(atUnit: own[$0]) })
      var numbers = [Double](repeating: 0, count: count)
      numbers.withUnsafeMutableBufferPointer { space.numbers(of: point, into: $0) }
      #expect(numbers.map(\.bitPattern) == point.slots)
    }
  }

  @Test("steps, logarithms and other parameters make no box")
  func others() throws {
    let plain = try Self.float("x", 0, 1)
    #expect(FloatBox(try Space([plain, Self.float("y", 0, 1, step: 0.5)])) == nil)
    #expect(FloatBox(try Space([plain, Self.float("y", 1, 2, log: true)])) == nil)
    let int = Parameter(
      "n", .int(try IntDistribution(low: 0, high: 3, step: 1, log: false, name: "n")))
    #expect(FloatBox(try Space([plain, int])) == nil)
  }
}

import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("The bowl that minima lie in")
struct FunnelTests {
  /// Minima of a bowl about (0.3, 0.7) in the first two of three coordinates, with ripples of `height`.
  private static func minima(_ count: Int, height: Double) -> [(units: [Double], value: Double)] {
    var stream = RandomStream(seed: 5, trial: 0, stream: 1)
    return (0..<count).map { _ in
      let (x, y) = (stream.nextUnit(), stream.nextUnit())
      return ([x, y, 0.5], bowl([x, y]) + height * (stream.nextUnit() - 0.5))
    }
  }

  private static func bowl(_ x: [Double]) -> Double {
    let (a, b) = (x[0] - 0.3, x[1] - 0.7)
    return 3 * a * a + a * b + b * b
  }

  @Test("its bottom is that of the quadratic, with ripples nearly")
  func bottom() throws {
    for (height, error) in [(0.0, 1e-9), (0.02, 0.05)] {
      let funnel = try #require(
        Funnel(of: Self.minima(30, height: height), axes: [0, 1], nearness: 1e-3))
      #expect((funnel.bottom[0] - 0.3).magnitude < error, "\(height): \(funnel.bottom)")
      #expect((funnel.bottom[1] - 0.7).magnitude < error, "\(height): \(funnel.bottom)")
      #expect(funnel.bottom[2] == 0.5)
    }
  }

  @Test("through fewer minima than a quadratic has coefficients it is below the best of them")
  func few() throws {
    let minima = Self.minima(5, height: 0)
    let funnel = try #require(Funnel(of: minima, axes: [0, 1], nearness: 1e-3))
    let least = minima.map(\.value).min() ?? 0
    #expect(Self.bowl(funnel.bottom) < least, "\(funnel.bottom), \(least)")
  }

  @Test("its spacing is the least distance of minima that are not one")
  func spacing() throws {
    var minima = Self.minima(8, height: 0)
    minima.append((units: minima[0].units.map { $0 + 1e-5 }, value: minima[0].value + 1e-7))
    let first = minima[1].units
    minima.append((units: [first[0] + 0.003, first[1] + 0.004, 0.5], value: minima[1].value))
    let funnel = try #require(Funnel(of: minima, axes: [0, 1], nearness: 1e-3))
    #expect((funnel.spacing - 0.005).magnitude < 1e-12, "\(funnel.spacing)")
  }

  @Test("there is none through few minima, the same ones, equal values or infinite ones")
  func none() {
    #expect(Funnel(of: [], axes: [0], nearness: 1e-3) == nil)
    #expect(Funnel(of: Self.minima(3, height: 0), axes: [0, 1], nearness: 1e-3) == nil)
    let same = Array(repeating: (units: [0.2, 0.3, 0.5], value: 1.0), count: 9)
    #expect(Funnel(of: same, axes: [0, 1], nearness: 1e-3) == nil)
    let flat = Self.minima(9, height: 0).map { (units: $0.units, value: 1.0) }
    #expect(Funnel(of: flat, axes: [0, 1], nearness: 1e-3) == nil)
    let infinite = Self.minima(9, height: 0).map { (units: $0.units, value: Double.infinity) }
    #expect(Funnel(of: infinite, axes: [0, 1], nearness: 1e-3) == nil)
    #expect(Funnel(of: Self.minima(9, height: 0), axes: [], nearness: 1e-3) == nil)
  }
}

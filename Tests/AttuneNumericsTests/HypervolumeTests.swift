import AttuneNumerics
import Testing

@Suite("Dominated volume")
struct HypervolumeTests {
  /// Points in the unit cube; of a grid with ties where `isCoarse`.
  private func points(_ count: Int, _ width: Int, seed: UInt64, isCoarse: Bool) -> [[Double]] {
    var stream = RandomStream(seed: seed, trial: 0, stream: 0)
    return (0..<count).map { _ in
      (0..<width).map { _ in
        isCoarse ? Double(stream.nextBelow(5)) / 4 : stream.nextUnit() * 1.1
      }
    }
  }

  /// The volume by all cells that the points' coordinates make.
  static func cells(_ points: [[Double]], _ reference: [Double]) -> Double {
    let width = reference.count
    let axes = (0..<width).map { axis in
      Set(points.map { $0[axis] }.filter { $0 < reference[axis] }).sorted() + [reference[axis]]
    }
    var total = 0.0
    func visit(_ axis: Int, _ corner: [Double], _ size: Double) {
      guard axis < width else {
        if points.contains(where: { zip($0, corner).allSatisfy { $0 <= $1 } }) { total += size }
        return
      }
      for index in 0..<(axes[axis].count - 1) {
        let length = axes[axis][index + 1] - axes[axis][index]
        visit(axis + 1, corner + [axes[axis][index]], size * length)
      }
    }
    visit(0, [], 1)
    return total
  }

  @Test(
    "the volume is that of the cells", arguments: [1, 2, 3, 4, 5], [false, true])
  func volume(width: Int, isCoarse: Bool) {
    let reference = (0..<width).map { 1 + 0.05 * Double($0) }
    for seed in 0..<20 {
      let count = width > 3 ? 7 : 15
      let points = points(count, width, seed: UInt64(seed), isCoarse: isCoarse)
      let wanted = Self.cells(points, reference)
      let found = Hypervolume.volume(of: points.flatMap { $0 }, reference: reference)
      #expect((found - wanted).magnitude < 1e-12)
      let rest = Array(points.dropFirst())
      let gain = Hypervolume.gain(
        of: points[0], among: rest.flatMap { $0 }, reference: reference)
      #expect((gain - (wanted - Self.cells(rest, reference))).magnitude < 1e-12)
    }
  }

  @Test("points behind the reference and NaN dominate nothing, −∞ everything")
  func specials() {
    #expect(Hypervolume.volume(of: [], reference: [1, 1]) == 0)
    #expect(Hypervolume.volume(of: [1, 0, 0, 1, .nan, 0], reference: [1, 1]) == 0)
    #expect(Hypervolume.volume(of: [-.infinity, 0], reference: [1, 1]) == .infinity)
    #expect(Hypervolume.volume(of: [3], reference: []) == 0)
    #expect(Hypervolume.gain(of: [2, 0], among: [0, 0], reference: [1, 1]) == 0)
    #expect(Hypervolume.gain(of: [0, 0], among: [0, 0], reference: [1, 1]) == 0)
  }

  /// The area between a quarter circle and the reference: 1.1² less what the circle keeps.
  @Test("a dense front reaches the volume of its curve", arguments: [2, 3, 4])
  func curve(width: Int) {
    // The simplex x₁ + … + x_m = 1 dominates 1 − 1/m! of the unit cube.
    let steps = [2: 2000, 3: 60, 4: 14][width] ?? 10
    var points: [Double] = []
    func visit(_ left: Int, _ chosen: [Int]) {
      if chosen.count == width - 1 {
        points += (chosen + [left]).map { Double($0) / Double(steps) }
        return
      }
      for next in 0...left { visit(left - next, chosen + [next]) }
    }
    visit(steps, [])
    let volume = Hypervolume.volume(of: points, reference: Array(repeating: 1, count: width))
    let limit = 1 - 1 / [2: 2.0, 3: 6, 4: 24][width, default: 1]
    #expect(volume < limit && volume > limit - 1.5 / Double(steps))
  }
}

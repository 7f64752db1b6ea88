import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("Subsets by dominated volume")
struct HypervolumeSubsetTests {
  /// A front: points on a sphere, drawn.
  private func front(_ count: Int, _ width: Int, seed: UInt64) -> [[Double]] {
    var stream = RandomStream(seed: seed, trial: 0, stream: 0)
    return (0..<count).map { _ in
      let raw = (0..<width).map { _ in stream.nextUnit() + 0.01 }
      let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return raw.map { $0 / norm }
    }
  }

  /// The volume by all cells that the points' coordinates make.
  private func volume(_ points: [[Double]], _ reference: [Double]) -> Double {
    guard let first = points.first else { return 0 }
    let width = first.count
    let axes = (0..<width).map { axis in
      Set(points.map { $0[axis] }).sorted() + [reference[axis]]
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

  @Test("each point that joins adds most volume of all", arguments: [2, 3, 4])
  func greedy(width: Int) {
    let points = front(width == 4 ? 9 : 14, width, seed: UInt64(width))
    let ranges = (0..<width).map { axis in
      let column = points.map { $0[axis] }
      return (low: column.min() ?? 0, high: column.max() ?? 0)
    }
    let reference = ranges.map { $0.high + 0.1 * ($0.high - $0.low) }
    let chosen = HypervolumeSubset.choose(5, from: points.flatMap { $0 }, width: width)
    #expect(chosen.count == 5 && Set(chosen).count == 5)
    for step in 0..<5 {
      let before = chosen[..<step].map { points[$0] }
      let volumes = points.map { volume(before + [$0], reference) }
      let best = volumes.max() ?? 0
      #expect(volumes[chosen[step]] >= best * (1 - 1e-12))
    }
  }

  @Test("scales and shifts of the objectives do not matter")
  func invariance() {
    let points = front(40, 3, seed: 9)
    let chosen = HypervolumeSubset.choose(10, from: points.flatMap { $0 }, width: 3)
    let moved = points.flatMap { [$0[0] * 1024 - 512, $0[1] / 64, $0[2] + 4] }
    #expect(HypervolumeSubset.choose(10, from: moved, width: 3) == chosen)
  }

  @Test("infinite, huge and equal values, and fewer points than wanted, give distinct points")
  func specials() {
    let fronts: [[Double]] = [
      [-.infinity, 1, 0, 0, 1, -1e308], [1e308, -1e308, -1e308, 1e308], [3, 3, 3, 3, 3, 3],
      [-.infinity, -.infinity], [],
    ]
    for front in fronts {
      for count in [0, 1, 2, 5] {
        let chosen = HypervolumeSubset.choose(count, from: front, width: 2)
        #expect(chosen.count == min(count, front.count / 2))
        #expect(Set(chosen).count == chosen.count)
      }
    }
  }
}

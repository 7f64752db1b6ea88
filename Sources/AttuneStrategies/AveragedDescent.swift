/// Steps of bounded length along averaged gradients, for functions whose values cannot be trusted.
///
/// Adam (D. Kingma, J. Ba, ICLR 2015) with short memories and a falling rate, in the unit cube, one
/// evaluation at a time. It needs neither values that agree with gradients nor a smooth function, but
/// many evaluations; a failed one sends it halfway back to the best point.
struct AveragedDescent: Sendable {
  /// The point to evaluate next.
  private(set) var point: [Double]
  private(set) var best: [Double]
  private(set) var bestValue: Double
  private var mean: [Double]
  private var square: [Double]
  private var count = 0
  private var decays = (mean: 1.0, square: 1.0)

  private static let firstRate = 0.05
  private static let memory = (mean: 0.7, square: 0.9)

  init(at start: [Double], value: Double, slopes: [Double]) {
    (point, best, bestValue) = (start, start, value)
    mean = Array(repeating: 0, count: start.count)
    square = mean
    step(slopes)
  }

  /// Whether it has had its evaluations: 30, and 10 a dimension.
  var isOver: Bool { count > 30 + 10 * point.count }

  /// Takes in the value and the slopes at `point`; the value is not finite after a failure.
  mutating func tell(_ value: Double, _ slopes: [Double]) {
    guard value.isFinite, slopes.allSatisfy(\.isFinite) else {
      count += 1
      for i in point.indices { point[i] = 0.5 * (point[i] + best[i]) }
      return
    }
    if value < bestValue { (best, bestValue) = (point, value) }
    step(slopes)
  }

  private mutating func step(_ slopes: [Double]) {
    count += 1
    decays.mean *= Self.memory.mean
    decays.square *= Self.memory.square
    let rate = Self.firstRate / (1 + Double(count) / 10)
    for i in point.indices {
      let g = slopes[i]
      mean[i] = Self.memory.mean * mean[i] + (1 - Self.memory.mean) * g
      square[i] = Self.memory.square * square[i] + (1 - Self.memory.square) * g * g
      let size = (square[i] / (1 - decays.square)).squareRoot()
      guard size > 0, size.isFinite else { continue }
      point[i] = min(max(point[i] - rate * mean[i] / (1 - decays.mean) / size, 0), 1)
    }
  }
}

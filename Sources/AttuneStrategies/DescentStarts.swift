import AttuneCore
import AttuneNumerics

/// Which trials local searches start from: multi-level single linkage, branch by branch.
///
/// A. H. G. Rinnooy Kan, G. T. Timmer, "Stochastic global optimization methods, part II", Mathematical
/// Programming 39, 1987: of the best 30 % of the samples, those that have neither a better sample nor a
/// minimum of the same branch within a distance that shrinks as samples come, so that each minimum is
/// found about once. Trials that a user gave start at once, unless a minimum is where they are.
struct DescentStarts: Sendable {
  /// Where a trial comes from.
  enum Kind: Sendable, Hashable {
    /// A point of the sequence: only the best of them start searches.
    case sample
    /// A point of the sequence that starts a search whatever its value: in many dimensions minima seem
    /// so near to all samples that no other would.
    case fresh
    /// The best trial with its smooth parameters changed.
    case kick
    /// The bottom of the bowl that minima lie in.
    case funnel
    /// The best trial in another branch.
    case neighbour
    /// A user's.
    case given
  }

  /// A trial with a value and derivatives.
  struct Start: Sendable {
    let trial: Int
    let point: Point
    let units: [Double]
    let value: Double
    let slopes: [Double]
    let branch: UInt64
    /// The hash of the first point that a search from here evaluates.
    let opening: UInt64
    let kind: Kind
    let firstStep: Double
    var isUsed = false
    fileprivate var nearestBetter = Double.infinity
    fileprivate var nearestMinimum = Double.infinity
    fileprivate let dimension: Int
  }

  private(set) var all: [Start] = []
  /// Values of samples in ascending order.
  private var ordered: [Double] = []
  private var minima: [(branch: UInt64, units: [Double], value: Double)] = []
  /// How many samples a branch has.
  private var counts: [UInt64: Int32] = [:]
  /// How many searches began in a branch.
  private var searched: [UInt64: Int32] = [:]

  /// Nearer to a minimum no search begins.
  private static let nearness = 1e-3
  private static let share = 0.3
  private static let spread = 2.0
  /// How near two minima are one, by the root of the dimension.
  private static let sameness = 3e-4

  /// How many samples there are with a value and derivatives.
  var count: Int { all.count }

  /// Whether a search began in a branch.
  func hasSearch(_ branch: UInt64) -> Bool { searched[branch] != nil }

  mutating func add(
    _ trial: Int, _ point: Point, _ units: [Double], _ value: Double, _ slopes: [Double],
    branch: UInt64, opening: UInt64, kind: Kind, firstStep: Double
  ) {
    var start = Start(
      trial: trial, point: point, units: units, value: value, slopes: slopes, branch: branch,
      opening: opening, kind: kind, firstStep: firstStep, dimension: slopes.count { $0.isFinite })
    for index in all.indices where all[index].branch == branch {
      let distance = Self.distance(all[index].units, units)
      if all[index].value <= value {
        start.nearestBetter = min(start.nearestBetter, distance)
      } else {
        all[index].nearestBetter = min(all[index].nearestBetter, distance)
      }
    }
    for minimum in minima where minimum.branch == branch {
      start.nearestMinimum = min(start.nearestMinimum, Self.distance(minimum.units, units))
    }
    all.append(start)
    counts[branch, default: 0] += 1
    var (low, high) = (0, ordered.count)
    while low < high {
      let middle = (low + high) / 2
      if ordered[middle] < value { low = middle + 1 } else { high = middle }
    }
    ordered.insert(value, at: low)
  }

  /// Notes that a search began from a start.
  mutating func use(_ index: Int) {
    all[index].isUsed = true
    searched[all[index].branch, default: 0] += 1
  }

  /// The bowl of a branch's minima, with those of `axes` that its trials have.
  func funnel(of branch: UInt64, axes: [Int]) -> Funnel? {
    let own = minima.filter { $0.branch == branch }.map { (units: $0.units, value: $0.value) }
    guard let funnel = Funnel(of: own, axes: axes, nearness: Self.nearness) else { return nil }
    // At a minimum that is known there is nothing to find.
    let nearest = own.map { Self.distance($0.units, funnel.bottom) }.min() ?? 0
    return nearest > Self.nearness ? funnel : nil
  }

  /// Notes where a search ended.
  mutating func addMinimum(_ branch: UInt64, _ units: [Double], _ value: Double) {
    minima.append((branch, units, value))
    for index in all.indices where all[index].branch == branch {
      let distance = Self.distance(all[index].units, units)
      all[index].nearestMinimum = min(all[index].nearestMinimum, distance)
    }
  }

  /// The starts that searches may begin from, the best first, those of a user before all others.
  func ready(sampleCount wanted: Int) -> [Int] {
    let limit = max(Int(Self.share * Double(all.count)), 1)
    let threshold = all.count < wanted || all.isEmpty ? -Double.infinity : ordered[limit - 1]
    var ready: [Int] = []
    for (index, start) in all.enumerated() where !start.isUsed {
      if start.kind != .sample
        ? start.nearestMinimum > Self.nearness : start.value <= threshold && isAlone(start)
      {
        ready.append(index)
      }
    }
    ready.sort { a, b in
      if (all[a].kind == .sample) != (all[b].kind == .sample) { return all[b].kind == .sample }
      return all[a].value != all[b].value ? all[a].value < all[b].value : a < b
    }
    return ready
  }

  private func isAlone(_ start: Start) -> Bool {
    let radius = radius(Int(counts[start.branch] ?? 1), dimension: start.dimension)
    return start.nearestBetter > radius && start.nearestMinimum > radius
  }

  /// The critical distance: π^(−1/2) · (Γ(1 + d/2) · σ · ln n / n)^(1/d), with σ = 2.
  private func radius(_ count: Int, dimension: Int) -> Double {
    let (n, d) = (Double(count), Double(dimension))
    // Γ(1 + d/2) by its recursion, from Γ(1) = 1 or Γ(3/2) = √π / 2.
    var logGamma = dimension % 2 == 0 ? 0 : 0.5 * Elementary.log(Double.pi) - Elementary.log(2)
    var x = dimension % 2 == 0 ? 1.0 : 1.5
    while x < 1 + d / 2 - 0.25 {
      logGamma += Elementary.log(x)
      x += 1
    }
    let volume = logGamma + Elementary.log(Self.spread * Elementary.log(n) / n)
    return n < 2 ? 0 : Elementary.exp(volume / d) / Double.pi.squareRoot()
  }

  /// Whether a search at `units` with `value` comes to a minimum that is known.
  func isKnown(_ branch: UInt64, _ units: [Double], _ value: Double) -> Bool {
    minima.contains {
      $0.branch == branch && value >= $0.value
        && Self.distance($0.units, units) < Self.sameness * Double(units.count).squareRoot()
    }
  }

  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += (a[i] - b[i]) * (a[i] - b[i]) }
    return sum.squareRoot()
  }
}

import AttuneNumerics

/// Keeps the neighbours of an integer within reach of CMA-ES, and its steps from being rounded away.
///
/// R. Hamano and others, "CatCMA with margin", GECCO 2025: of the better results, an axis with levels
/// moves by whole levels or not at all (integer centering); after an update, the mean and the scale of
/// such an axis move so that the levels beside the mean's have at least a probability α together,
/// which no level loses quicker than it must while none of the better results left the mean's level.
struct CMAESMargin: Sendable {
  /// α = 1 − 0.73^(1 / N), where N counts the axes with levels and the choices.
  let least: Double
  /// How likely each axis leaves the mean's level, after the last update.
  private var rates: [Double]
  /// Whether one of the better results of the generation had another level than the mean.
  private var hasMoved: [Bool]

  private static let epsilon = 1e-8

  init(_ space: CMAESSpace) {
    let count = space.levelAxes.count + space.choices.count
    least = 1 - Elementary.exp(Elementary.log(0.73) / Double(max(count, 1)))
    rates = Array(repeating: 0.5 - Self.epsilon, count: space.levelAxes.count)
    hasMoved = Array(repeating: true, count: space.levelAxes.count)
  }

  /// Moves axes with levels of the `parentCount` best draws: to the middle of their level where that
  /// is not the mean's; the others so that the mean of all is not moved by that.
  mutating func centre(
    _ draws: inout [[Double]], parentCount: Int, space: CMAESSpace, mean: [Double]
  ) {
    for (place, axis) in space.levelAxes.enumerated() {
      let known = space.axes[axis]
      let own = known.level(at: mean[axis])
      var (up, down, bias) = (0.0, 0.0, 0.0)
      hasMoved[place] = false
      var stays: [(rank: Int, gap: Double)] = []
      for rank in 0..<min(parentCount, draws.count) {
        let level = known.level(at: draws[rank][axis])
        let gap = known.middle(ofLevel: level) - draws[rank][axis]
        guard level == own else {
          hasMoved[place] = true
          draws[rank][axis] += gap
          bias += gap
          continue
        }
        stays.append((rank, gap))
        if gap > 0 { up += gap } else { down += gap }
      }
      let moves = bias < 0 ? up : down
      guard bias * moves < 0 else { continue }
      let share = min(1, -bias / moves)
      for (rank, gap) in stays where gap * bias < 0 { draws[rank][axis] += share * gap }
    }
  }

  /// Moves the mean and scales of axes with levels so that no neighbour is out of reach.
  mutating func correct(_ distribution: inout CMAESDistribution, _ space: CMAESSpace) {
    for (place, axis) in space.levelAxes.enumerated() {
      let known = space.axes[axis]
      let mean = distribution.sampler.mean[axis]
      let level = known.level(at: mean)
      let last = known.levelCount - 1
      // The edges of the mean's level; of an outermost one, its only edge twice.
      let low = known.edge(above: min(max(level - 1, 0), last - 1))
      let high = known.edge(above: min(level, last - 1))
      let root = distribution.sampler.sigma * distribution.variances[axis].squareRoot()
      guard root > 0, root.isFinite else { continue }
      let deviation = root * distribution.sampler.scales[axis]
      let below = StandardNormal.cumulative((low - mean) / deviation)
      let above = StandardNormal.cumulative((mean - high) / deviation)
      if max(below, above) > 0.5 {
        correctOutermost(
          &distribution, place, axis, min(below, above), edge: high, root: root,
          middle: known.middle(ofLevel: level))
      } else {
        correctInner(&distribution, place, axis, (below, above), (low, high), root: root)
      }
    }
  }

  private mutating func correctOutermost(
    _ distribution: inout CMAESDistribution, _ place: Int, _ axis: Int, _ beyond: Double,
    edge: Double, root: Double, middle: Double
  ) {
    var rate = max(beyond, least)
    if !hasMoved[place] { rate = min(rate, rates[place]) }
    rate = min(max(rate, Self.epsilon), 0.5 - Self.epsilon)
    let wanted = (middle - edge).magnitude / (root * -StandardNormal.quantile(least))
    let scale = max(distribution.sampler.scales[axis], wanted)
    distribution.sampler.scales[axis] = scale
    let distance = root * scale * -StandardNormal.quantile(rate)
    let isBelow = distribution.sampler.mean[axis] < edge
    distribution.sampler.mean[axis] = isBelow ? edge - distance : edge + distance
    rates[place] = rate
  }

  private mutating func correctInner(
    _ distribution: inout CMAESDistribution, _ place: Int, _ axis: Int,
    _ tails: (below: Double, above: Double), _ edges: (low: Double, high: Double), root: Double
  ) {
    var below = max(tails.below, least / 2)
    var above = max(tails.above, least / 2)
    var inside = 1 - tails.below - tails.above
    if !hasMoved[place] { inside = max(inside, 1 - rates[place]) }
    // What the sum is off 1 is shared by what each exceeds its least.
    let floor = hasMoved[place] ? 3 * least / 2 : least + 1 - rates[place]
    let slack = below + above + inside - floor
    if slack > 0 {
      let change = (1 - below - above - inside) / slack
      below += change * (below - least / 2)
      above += change * (above - least / 2)
    }
    below = min(max(below, Self.epsilon), 0.5 - Self.epsilon)
    above = min(max(above, Self.epsilon), 0.5 - Self.epsilon)
    let lower = -StandardNormal.quantile(below)
    let upper = -StandardNormal.quantile(above)
    distribution.sampler.scales[axis] = (edges.high - edges.low) / ((lower + upper) * root)
    distribution.sampler.mean[axis] = (edges.low * upper + edges.high * lower) / (lower + upper)
    rates[place] = below + above
  }
}

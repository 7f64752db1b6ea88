import AttuneCore
import AttuneNumerics

/// Independent softmax distributions over the choices of each parameter, and how rewards move them.
///
/// Choices and up to `Genes.levelLimit` ordered levels are actions of their own; a number's actions are
/// `binCount` equal parts of its unit interval, within which it is uniform. Logits are bounded by
/// ±2.5 through 2.5 · tanh(θ/5) (H. Pham et al., "Efficient neural architecture search via parameter
/// sharing", ICML 2018), so that no choice is ever out of reach. Steps are Adam's (D. Kingma, J. Ba,
/// ICLR 2015).
struct ChoicePolicy: Sendable {
  private static let bound = 2.5
  private static let softness = 5.0

  private let genes: Genes
  private let binCount: Int
  /// Where the actions of each parameter begin; as many again as their count.
  private let starts: [Int]
  private let counts: [Int]
  private var weights: [Double]
  /// The probability of each action now.
  private(set) var probabilities: [Double]
  private var mean: [Double]
  private var square: [Double]
  private var stepCount = 0

  init(_ genes: Genes, binCount: Int) {
    self.genes = genes
    self.binCount = binCount
    let counts = genes.kinds.map { kind in
      switch kind {
      case .choice(let count), .level(let count): Int(clamping: count)
      case .number: binCount
      case nil: 0
      }
    }
    var starts: [Int] = []
    var total = 0
    for count in counts {
      starts.append(total)
      total += count
    }
    (self.starts, self.counts) = (starts, counts)
    weights = Array(repeating: 0, count: total)
    (probabilities, mean, square) = (weights, weights, weights)
    normalize()
  }

  /// A value of a parameter, drawn.
  func drawn(_ index: Int, _ stream: inout RandomStream) -> UInt64 {
    let distribution = genes.space.parameters[index].distribution
    var rest = stream.nextUnit()
    var action = 0
    while action < counts[index] - 1, rest >= probabilities[starts[index] + action] {
      rest -= probabilities[starts[index] + action]
      action += 1
    }
    switch genes.kinds[index] {
    case .choice, .level: return distribution.slot(atLevel: UInt64(action))
    case .number:
      let unit = (Double(action) + stream.nextUnit()) / Double(binCount)
      return distribution.slot(atUnit: unit)
    case nil: return distribution.slot(atUnit: 0.5)
    }
  }

  /// The action that a value is, or `nil` of a parameter with one value.
  private func action(_ index: Int, _ slot: UInt64) -> Int? {
    let distribution = genes.space.parameters[index].distribution
    switch genes.kinds[index] {
    case .choice, .level:
      return starts[index] + min(Int(clamping: distribution.level(ofSlot: slot)), counts[index] - 1)
    case .number:
      let bin = Int(distribution.unit(ofSlot: slot) * Double(binCount))
      return starts[index] + min(max(bin, 0), binCount - 1)
    case nil: return nil
    }
  }

  /// The actions that make a point, in the order of the parameters.
  func actions(of point: Point) -> [Int] {
    counts.indices.compactMap { index in
      counts[index] > 0 ? point[index].flatMap { action(index, $0) } : nil
    }
  }

  /// The logarithm of the probability of `actions` together.
  func logProbability(_ actions: [Int]) -> Double {
    actions.reduce(0) { $0 + Elementary.log(probabilities[$1]) }
  }

  /// One step along the gradient of Σ weight · ln π(actions) / count + `entropy` · H.
  mutating func step(
    _ samples: [(actions: [Int], weight: Double)], entropy: Double, rate: Double
  ) {
    var gradient = [Double](repeating: 0, count: weights.count)
    for sample in samples {
      let share = sample.weight / Double(samples.count)
      for action in sample.actions {
        gradient[action] += share
        let parameter = parameter(of: action)
        for other in 0..<counts[parameter] {
          gradient[starts[parameter] + other] -= share * probabilities[starts[parameter] + other]
        }
      }
    }
    addEntropy(entropy, to: &gradient)
    ascend(gradient, rate)
    normalize()
  }

  private func parameter(of action: Int) -> Int {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= action { low = middle + 1 } else { high = middle }
    }
    // Parameters without actions begin where the next one does: the last of these has them.
    return low - 1
  }

  private func addEntropy(_ weight: Double, to gradient: inout [Double]) {
    for index in counts.indices where counts[index] > 0 {
      let range = starts[index]..<(starts[index] + counts[index])
      let entropy = -range.reduce(0) {
        $0 + probabilities[$1] * Elementary.log(probabilities[$1])
      }
      for action in range {
        let p = probabilities[action]
        gradient[action] -= weight * p * (Elementary.log(p) + entropy)
      }
    }
  }

  /// `gradient` is that by logits; Adam with its usual decays.
  private mutating func ascend(_ gradient: [Double], _ rate: Double) {
    stepCount += 1
    let (first, second) = (0.9, 0.999)
    let correction = 1 - Elementary.exp(Double(stepCount) * Elementary.log(first))
    let squareCorrection = 1 - Elementary.exp(Double(stepCount) * Elementary.log(second))
    for index in weights.indices {
      let tanh = Self.tanh(weights[index] / Self.softness)
      let slope = Self.bound / Self.softness * (1 - tanh * tanh)
      let g = gradient[index] * slope
      mean[index] = first * mean[index] + (1 - first) * g
      square[index] = second * square[index] + (1 - second) * g * g
      let size = (square[index] / squareCorrection).squareRoot() + 1e-8
      weights[index] += rate * (mean[index] / correction) / size
    }
  }

  private static func tanh(_ x: Double) -> Double {
    let fraction = Elementary.expm1(-2 * x.magnitude)
    let size = -fraction / (2 + fraction)
    return x < 0 ? -size : size
  }

  private mutating func normalize() {
    for index in counts.indices where counts[index] > 0 {
      var total = 0.0
      for action in starts[index]..<(starts[index] + counts[index]) {
        let logit = Self.bound * Self.tanh(weights[action] / Self.softness)
        probabilities[action] = Elementary.exp(logit)
        total += probabilities[action]
      }
      for action in starts[index]..<(starts[index] + counts[index]) {
        probabilities[action] /= total
      }
    }
  }
}

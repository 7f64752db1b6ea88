import AttuneNumerics

/// The categorical part of CMA-ES: how the probabilities of choices follow results.
///
/// Steps along the natural gradient whose size follows its signal-to-noise ratio (Y. Akimoto and
/// others, "Adaptive stochastic natural gradient method for one-shot neural architecture search", ICML
/// 2019), as in R. Hamano and others, "CatCMA with margin", GECCO 2025: no choice becomes less likely
/// than a margin.
struct CMAESCategories: Sendable {
  /// The probabilities of the indices of each choice.
  private(set) var shares: [[Double]]
  private let least: [Double]
  private let freedom: Int
  private var trust = 1.0
  private var step = 1.0
  private var weight = 0.0
  private var path: [Double]

  private static let ratio = 1.5

  init(_ space: CMAESSpace, margin: Double) {
    shares = space.choices.map { Array(repeating: 1 / Double($0.count), count: $0.count) }
    least = space.choices.map { min(margin / Double($0.count - 1), 1 / Double($0.count)) }
    freedom = space.choices.reduce(0) { $0 + $1.count - 1 }
    path = Array(repeating: 0, count: freedom)
  }

  /// Takes in the choices of a generation, best first, with their weights; negative ones do not count.
  mutating func update(_ draws: [[Int]], weights: [Double]) {
    guard freedom > 0 else { return }
    var gradient = shares.map { $0.map { _ in 0.0 } }
    for (rank, weight) in weights.enumerated() where weight > 0 {
      for (choice, own) in shares.enumerated() {
        for index in own.indices { gradient[choice][index] -= weight * own[index] }
        gradient[choice][draws[rank][choice]] += weight
      }
    }
    let whitened = whitened(gradient)
    let length = whitened.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for (choice, own) in gradient.enumerated() {
      for index in own.indices { shares[choice][index] += step / (length + 1e-8) * own[index] }
    }
    if length > 0 { adapt(whitened, length) }
    for choice in shares.indices { hold(choice) }
  }

  /// The gradient times the square root of the Fisher information.
  private func whitened(_ gradient: [[Double]]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(freedom)
    for (choice, own) in shares.enumerated() {
      let last = own[own.count - 1]
      let sum = gradient[choice].dropLast().reduce(0, +)
      for index in 0..<(own.count - 1) {
        let root = own[index].squareRoot()
        result.append(gradient[choice][index] / root + root * sum / (last + last.squareRoot()))
      }
    }
    return result
  }

  private mutating func adapt(_ gradient: [Double], _ length: Double) {
    step = 1 / trust
    let rate = min(step / Double(freedom).squareRoot(), 1)
    let factor = (rate * (2 - rate)).squareRoot()
    var square = 0.0
    for index in path.indices {
      path[index] = (1 - rate) * path[index] + factor * gradient[index] / length
      square += path[index] * path[index]
    }
    weight = (1 - rate) * (1 - rate) * weight + rate * (2 - rate)
    trust *= Elementary.exp(rate * (weight - square / Self.ratio))
    trust = min(max(trust, 1e-6), 1e300)
  }

  /// Raises what fell below the margin, at the cost of the others.
  private mutating func hold(_ choice: Int) {
    let least = least[choice]
    var own = shares[choice].map { max($0, least) }
    let sum = own.reduce(0, +)
    let slack = sum - least * Double(own.count)
    if slack > 0 {
      for index in own.indices { own[index] -= (sum - 1) * (own[index] - least) / slack }
    }
    let total = own.reduce(0, +)
    shares[choice] = own.map { $0 / total }
  }
}

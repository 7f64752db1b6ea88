import AttuneCore
import AttuneNumerics

/// A point drawn from the density of the good trials.
struct TPECandidate: Sendable {
  let point: Point
  /// By dimension: the place in 0...1, a choice's index, the level where a kernel has a table;
  /// not-a- number where inactive.
  let coordinates: [Float]
}

extension RandomPurpose {
  // Spelled TPE and a number, so that strategies need not agree on who has which.

  /// Coordinates of candidates, salted by the parameter's name.
  static let tpeCandidate: UInt32 = 0x5450_4501
  /// Which kernels candidates come from, and whether the Sobol sequence goes on instead.
  static let tpeChoice: UInt32 = 0x5450_4502
  /// What is changed in a point that is known, salted by the parameter's name.
  static let tpeMutation: UInt32 = 0x5450_4503
}

/// Draws candidates from kernels: parents first, each parameter from the candidate's kernel.
///
/// Kernels are chosen by systematic resampling: one random number, evenly spaced, so that a kernel
/// of weight w among m candidates serves ⌊m w⌋ or ⌈m w⌉ of them. Where a kernel lacks a parameter
/// that the candidate's parents make active, another that has it serves for this one, by weight.
struct TPESampler: Sendable {
  private let space: Space
  private let dimensions: [TPEDimension]
  /// The dimension of each parameter; `nil` for those with one value.
  private let dimensionOf: [Int?]

  init(_ space: Space, _ dimensions: [TPEDimension]) {
    self.space = space
    self.dimensions = dimensions
    var dimensionOf = [Int?](repeating: nil, count: space.count)
    for (index, dimension) in dimensions.enumerated() { dimensionOf[dimension.parameter] = index }
    self.dimensionOf = dimensionOf
  }

  /// Draws `count` candidates; `weights` has one number a lane, `shares` one pair a dimension.
  func candidates(
    _ count: Int, _ request: Request, _ kernels: TPEKernels, weights: [Double],
    shares: [TPECategoryShares]
  ) -> [TPECandidate] {
    let choice = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.tpeChoice)
    let streams = dimensions.map { dimension in
      RandomStream(
        seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
        stream: RandomPurpose.tpeCandidate, salt: space.salts[dimension.parameter])
    }
    let attempt = UInt32(truncatingIfNeeded: request.attempt)
    let offset = choice.unit(at: attempt &+ 1)
    let total = weights.reduce(0, +)
    var (lane, reached) = (0, weights[0])
    return (0..<count).map { number in
      let position = (Double(number) + offset) / Double(count) * total
      while reached < position, lane < weights.count - 1 {
        lane += 1
        reached += weights[lane]
      }
      var coordinates = [Float](repeating: .nan, count: dimensions.count)
      let point = space.point { parameter in
        guard let index = dimensionOf[parameter] else {
          return request.givenSlot(parameter)
            ?? space.parameters[parameter].distribution.slot(atUnit: 0.5)
        }
        let slot =
          request.givenSlot(parameter)
          ?? draw(
            index, from: lane, kernels, weights, shares[index],
            streams[index].block(at: attempt &<< 14 | UInt32(truncatingIfNeeded: number)))
        coordinates[index] = coordinate(index, slot)
        return slot
      }
      return TPECandidate(point: point, coordinates: coordinates)
    }
  }

  private func coordinate(_ index: Int, _ slot: UInt64) -> Float {
    let dimension = dimensions[index]
    if case .cells = dimension.kind { return Float(dimension.distribution.level(ofSlot: slot)) }
    return dimension.coordinate(ofSlot: slot)
  }

  private func draw(
    _ index: Int, from lane: Int, _ kernels: TPEKernels, _ weights: [Double],
    _ shares: TPECategoryShares, _ bits: (UInt64, UInt64)
  ) -> UInt64 {
    var lane = lane
    func deviation(_ lane: Int) -> Float { kernels.deviations[lane * dimensions.count + index] }
    if deviation(lane) == 0 {
      lane = substitute(Double(bits.1 >> 11) * 0x1p-53, weights) { deviation($0) > 0 }
    }
    let dimension = dimensions[index]
    let mean = kernels.means[lane * dimensions.count + index]
    if case .category(let count) = dimension.kind {
      guard lane > 0 else { return dimension.distribution.slot(atRandom: bits.0) }
      let own = min(Int(mean), count - 1)
      return UInt64(shares.category(at: Double(bits.0 >> 11) * 0x1p-53, own: own, count: count))
    }
    // The middle of a cell of 2^-53, since 0 would be the bound itself.
    let unit = (Double(bits.0 >> 11) + 0.5) * 0x1p-53
    let kernel = TruncatedNormal(
      mean: Double(mean), deviation: Double(deviation(lane)), low: 0, high: 1)
    return dimension.distribution.slot(atUnit: kernel.quantile(unit))
  }

  /// A lane for which `serves` holds, by weight; the prior's if all others lack it.
  private func substitute(_ unit: Double, _ weights: [Double], serves: (Int) -> Bool) -> Int {
    var total = 0.0
    for lane in weights.indices where serves(lane) { total += weights[lane] }
    var rest = unit * total
    var last = 0
    for lane in weights.indices where serves(lane) && weights[lane] > 0 {
      last = lane
      rest -= weights[lane]
      if rest < 0 { return lane }
    }
    return last
  }

  /// A point that differs from `base` in one parameter, and in what this one makes active.
  func mutated(_ base: Point, _ request: Request, _ number: Int) -> Point {
    let trial = UInt64(truncatingIfNeeded: request.number)
    let index =
      UInt32(truncatingIfNeeded: request.attempt) &<< 14 | UInt32(truncatingIfNeeded: number)
    let free = dimensions.filter {
      base[$0.parameter] != nil && request.givenSlot($0.parameter) == nil
    }
    let choice = RandomStream(
      seed: request.seed, trial: trial, stream: RandomPurpose.tpeMutation)
    let place = choice.bits(at: index).multipliedFullWidth(by: UInt64(free.count)).high
    let changed = free.isEmpty ? -1 : free[Int(place)].parameter
    return space.point { parameter in
      if let slot = request.givenSlot(parameter) { return slot }
      if parameter != changed, let slot = base[parameter] { return slot }
      let stream = RandomStream(
        seed: request.seed, trial: trial, stream: RandomPurpose.tpeMutation,
        salt: space.salts[parameter])
      return space.parameters[parameter].distribution.slot(atRandom: stream.bits(at: index))
    }
  }
}

/// How likely a categorical kernel is its own choice, and each other one.
///
/// (1[same] + 1/n) / (1 + C/n) with n kernels and C choices (Optuna's smoothing); while a study is
/// young, the others keep at least a tenth of their uniform share.
struct TPECategoryShares: Sendable {
  let same: Double
  let different: Double

  /// What an ordered or numeric dimension has.
  static let none = TPECategoryShares(same: 1, different: 1)

  private init(same: Double, different: Double) {
    (self.same, self.different) = (same, different)
  }

  init(kernelCount: Int, choiceCount: Int, isYoung: Bool) {
    let (n, c) = (Double(max(kernelCount, 1)), Double(choiceCount))
    let smoothed = (1 / n) / (1 + c / n)
    different = max(smoothed, isYoung ? 0.1 / c : 0)
    same = 1 - (c - 1) * different
  }

  /// The logs relative to the uniform distribution over `count` choices.
  func logs(_ count: Int) -> KernelDensity.CategoryLogs {
    .init(
      same: Float(Elementary.log(same * Double(count))),
      different: Float(Elementary.log(different * Double(count))))
  }

  /// The choice that the share `unit` leads to: the own one first, then the others in order.
  func category(at unit: Double, own: Int, count: Int) -> Int {
    guard unit >= same, different > 0 else { return own }
    let other = Int(min((unit - same) / different, Double(count - 2)))
    return min(other < own ? other : other + 1, count - 1)
  }
}

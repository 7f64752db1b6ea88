import AttuneCore
import AttuneNumerics

extension RandomPurpose {
  // Spelled TPE and a number, so that strategies need not agree on who has which.

  /// Coordinates of candidates, salted by the parameter's name.
  static let tpeCandidate: UInt32 = 0x5450_4501
  /// Which kernels candidates come from, and whether the Sobol sequence goes on instead.
  static let tpeChoice: UInt32 = 0x5450_4502
  /// What is changed in a point that is known, salted by the parameter's name.
  static let tpeMutation: UInt32 = 0x5450_4503
  /// Which kernel serves where the candidate's own lacks a parameter, salted by its name.
  static let tpeSubstitute: UInt32 = 0x5450_4504
}

/// What candidates are drawn from: the kernels of the good trials, and how much each weighs.
struct TPESource: Sendable {
  let kernels: TPEKernels
  let normals: TPENormals
  /// By lane.
  let weights: [Double]
  /// By dimension.
  let shares: [TPECategoryShares]
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

  /// Draws as many candidates as `candidates` has room for.
  func draw(_ candidates: inout TPECandidates, _ request: Request, _ source: TPESource) {
    let lanes = lanes(candidates.count, request, source.weights)
    if space.isConditional {
      for number in lanes.indices {
        let point = space.point { parameter in
          guard let dimension = drawnDimension(parameter, request) else {
            return settledSlot(parameter, request)
          }
          let block = stream(parameter, request).block(at: index(number, request))
          let bits = number % 2 == 0 ? block.0 : block.1
          return slot(
            dimensions[dimension], dimension, number, lanes[number], request, bits, source)
        }
        candidates.set(number, point)
      }
    } else {
      for parameter in space.parameters.indices {
        fill(&candidates, parameter, lanes, request, source)
      }
    }
    if space.isConstrained { mend(&candidates, request) }
    for (index, dimension) in dimensions.enumerated() {
      for number in lanes.indices {
        let coordinate = candidates.slot(number, dimension.parameter)
          .map { dimension.candidateCoordinate(ofSlot: $0) }
        candidates.setCoordinate(number, index, coordinate ?? .nan)
      }
    }
  }

  /// Moves candidates that constraints forbid to allowed points near them.
  private func mend(_ candidates: inout TPECandidates, _ request: Request) {
    for number in 0..<candidates.count {
      let point = candidates.point(number)
      guard !space.allows(point) else { continue }
      let near = space.mended(point, request.again(number))
      // Where one walk leads nowhere, as with values given that leave no allowed point, all may.
      guard space.allows(near) else { return }
      candidates.set(number, near)
    }
  }

  /// The lane of each candidate.
  private func lanes(_ count: Int, _ request: Request, _ weights: [Double]) -> [Int] {
    let choice = RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number),
      stream: RandomPurpose.tpeChoice)
    let offset = choice.unit(at: UInt32(truncatingIfNeeded: request.attempt) &+ 1)
    let total = weights.reduce(0, +)
    var (lane, reached) = (0, weights[0])
    return (0..<count).map { number in
      let position = (Double(number) + offset) / Double(count) * total
      while reached < position, lane < weights.count - 1 {
        lane += 1
        reached += weights[lane]
      }
      return lane
    }
  }

  private func stream(
    _ parameter: Int, _ request: Request, _ purpose: UInt32 = RandomPurpose.tpeCandidate
  ) -> RandomStream {
    RandomStream(
      seed: request.seed, trial: UInt64(truncatingIfNeeded: request.number), stream: purpose,
      salt: space.salts[parameter])
  }

  /// The index of the draw for candidate `number`: two share the 128 bits of a block.
  private func index(_ number: Int, _ request: Request) -> UInt32 {
    UInt32(truncatingIfNeeded: request.attempt) &<< 13 | UInt32(truncatingIfNeeded: number / 2)
  }

  /// Draws a parameter of all candidates, in all of which it is active.
  private func fill(
    _ candidates: inout TPECandidates, _ parameter: Int, _ lanes: [Int], _ request: Request,
    _ source: TPESource
  ) {
    guard let index = drawnDimension(parameter, request) else {
      let slot = settledSlot(parameter, request)
      for number in lanes.indices { candidates.set(number, parameter, slot) }
      return
    }
    let dimension = dimensions[index]
    let stream = stream(parameter, request)
    var block: (UInt64, UInt64) = (0, 0)
    for number in lanes.indices {
      if number % 2 == 0 { block = stream.block(at: self.index(number, request)) }
      let bits = number % 2 == 0 ? block.0 : block.1
      candidates.set(
        number, parameter, slot(dimension, index, number, lanes[number], request, bits, source))
    }
  }

  /// The dimension that a parameter is drawn in; `nil` where its value is given, or the only one.
  private func drawnDimension(_ parameter: Int, _ request: Request) -> Int? {
    request.givenSlot(parameter) == nil ? dimensionOf[parameter] : nil
  }

  /// The value of a parameter that is not drawn.
  private func settledSlot(_ parameter: Int, _ request: Request) -> UInt64 {
    request.givenSlot(parameter) ?? space.parameters[parameter].distribution.slot(atUnit: 0.5)
  }

  /// The value that random bits make of a dimension in a candidate, drawn from the kernel of `lane`.
  private func slot(
    _ dimension: TPEDimension, _ index: Int, _ number: Int, _ lane: Int, _ request: Request,
    _ bits: UInt64, _ source: TPESource
  ) -> UInt64 {
    let width = dimensions.count
    let deviations = source.kernels.deviations
    var lane = lane
    if deviations[lane * width + index] == 0 {
      let other = stream(dimension.parameter, request, RandomPurpose.tpeSubstitute)
        .bits(at: UInt32(truncatingIfNeeded: request.attempt) &<< 14 | UInt32(number))
      lane = substitute(unit(other), source.weights) {
        deviations[$0 * width + index] > 0
      }
    }
    if let count = dimension.choiceCount {
      guard lane > 0 else { return dimension.distribution.slot(atRandom: bits) }
      let own = min(Int(source.kernels.means[lane * width + index]), count - 1)
      return UInt64(source.shares[index].category(at: unit(bits), own: own, count: count))
    }
    // The middle of a cell of 2^-53, since 0 would be the bound itself.
    let share = unit(bits) + 0x1p-54
    return dimension.distribution.slot(
      atUnit: source.normals[lane * width + index].quantile(share))
  }

  private func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

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

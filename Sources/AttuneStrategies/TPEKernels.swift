import AttuneNumerics

/// One kernel per trial of a set, and a wide one, the prior; bandwidths follow the neighbours.
///
/// Lane 0 is the prior: a normal kernel in the middle with deviation 1, uniform over choices. In
/// every numeric dimension a kernel's deviation is its larger gap to a neighbour, the outermost
/// have only their inner gap, a single one its distance to the farther end; at least 1 / min(100, 2
/// + n) with n trials in the dimension, at most 1. (J. Bergstra et al., "Algorithms for
/// hyper-parameter optimization", NeurIPS 2011; the floor and ends as in Optuna.) Trials at one
/// place stand in the order of their numbers.
///
/// Lanes depend on the order of insertions and removals, never on coordinates; after `settle`,
/// deviations depend on the trials present alone. So whoever repeats the same insertions and
/// removals gets the same bits, whenever `settle` is called.
///
/// Insertion and removal cost O(d log n), a memmove of n words a dimension, and a logarithm for
/// each kernel whose deviation changes.
struct TPEKernels: Sendable {
  let dimensions: [TPEDimension]
  /// No deviation is below this.
  private let leastDeviation: Float
  /// The trial of each lane; −1 for the prior.
  private(set) var trials: [Int32] = [-1]
  /// By lane and dimension; a deviation of 0 where the kernel lacks the dimension.
  private(set) var means: [Float]
  private(set) var deviations: [Float]
  private(set) var logScales: [Float]
  /// When a lane was last written, by `clock`.
  private(set) var stamps: [UInt64] = [1]
  private(set) var clock: UInt64 = 1
  /// How many trials have each dimension.
  private(set) var presentCounts: [Int]
  /// The lane of each trial, −1 if none.
  private var lanes: [Int32] = []
  /// For each numeric dimension, coordinate and trial packed so that they sort by both.
  private var sorted: [[UInt64]]
  /// The floor that the deviations of each dimension are written with.
  private var floors: [Float]

  init(_ dimensions: [TPEDimension], leastDeviation: Float) {
    self.dimensions = dimensions
    self.leastDeviation = leastDeviation
    let count = dimensions.count
    presentCounts = Array(repeating: 0, count: count)
    sorted = Array(repeating: [], count: count)
    floors = Array(repeating: 1, count: count)
    means = Array(repeating: 0.5, count: count)
    deviations = Array(repeating: 1, count: count)
    logScales = Array(repeating: 0, count: count)
    for (index, dimension) in dimensions.enumerated() {
      if case .smooth = dimension.kind {
        logScales[index] = TPEDimension.logScale(mean: 0.5, deviation: 1)
      }
    }
  }

  /// The number of lanes, with the prior's.
  var laneCount: Int { trials.count }

  func contains(_ trial: Int) -> Bool { trial < lanes.count && lanes[trial] >= 0 }

  /// Adds the kernel of a trial, at the coordinates that begin at `start`, if it has none.
  mutating func insert(_ trial: Int, _ coordinates: [Float], at start: Int) {
    guard !contains(trial) else { return }
    while lanes.count <= trial { lanes.append(-1) }
    lanes[trial] = Int32(trials.count)
    trials.append(Int32(trial))
    stamps.append(0)
    for index in dimensions.indices {
      means.append(coordinates[start + index])
      deviations.append(0)
      logScales.append(0)
    }
    for index in dimensions.indices { enter(trial, index) }
    touch(trials.count - 1)
  }

  /// Moves the kernel of a trial to other coordinates; its lane stays.
  mutating func move(_ trial: Int, _ coordinates: [Float], to start: Int) {
    guard contains(trial) else { return }
    let lane = Int(lanes[trial])
    for index in dimensions.indices {
      leave(trial, index)
      let place = lane * dimensions.count + index
      (means[place], deviations[place], logScales[place]) = (coordinates[start + index], 0, 0)
      enter(trial, index)
    }
    touch(lane)
  }

  /// Removes the kernel of a trial, if it has one; the last lane takes its place.
  mutating func remove(_ trial: Int) {
    guard contains(trial) else { return }
    for index in dimensions.indices { leave(trial, index) }
    let (lane, last, width) = (Int(lanes[trial]), trials.count - 1, dimensions.count)
    lanes[trial] = -1
    if lane != last {
      trials[lane] = trials[last]
      lanes[Int(trials[lane])] = Int32(lane)
      for index in 0..<width {
        means[lane * width + index] = means[last * width + index]
        deviations[lane * width + index] = deviations[last * width + index]
        logScales[lane * width + index] = logScales[last * width + index]
      }
      touch(lane)
    }
    trials.removeLast()
    stamps.removeLast()
    means.removeLast(width)
    deviations.removeLast(width)
    logScales.removeLast(width)
  }

  /// Brings all deviations up to the number of trials.
  mutating func settle() {
    for index in dimensions.indices {
      let floor = floor(index)
      guard floor != floors[index] else { continue }
      floors[index] = floor
      for place in sorted[index].indices { refresh(index, place) }
    }
  }

  /// The least deviation of a dimension.
  private func floor(_ index: Int) -> Float {
    max(1 / Float(min(100, 2 + presentCounts[index])), leastDeviation)
  }

  private mutating func touch(_ lane: Int) {
    clock += 1
    stamps[lane] = clock
  }

  private func key(_ trial: Int, _ mean: Float) -> UInt64 {
    // Coordinates are not negative, so their bits sort as they do.
    UInt64(mean.bitPattern) << 32 | UInt64(UInt32(truncatingIfNeeded: trial))
  }

  private mutating func enter(_ trial: Int, _ index: Int) {
    let lane = Int(lanes[trial])
    let mean = means[lane * dimensions.count + index]
    guard !mean.isNaN else { return }
    presentCounts[index] += 1
    if case .category = dimensions[index].kind {
      deviations[lane * dimensions.count + index] = 1
      return
    }
    let key = key(trial, mean)
    let place = Bisection.firstIndex(in: sorted[index], notBelow: key)
    sorted[index].insert(key, at: place)
    for neighbour in max(place - 1, 0)...min(place + 1, sorted[index].count - 1) {
      refresh(index, neighbour)
    }
  }

  private mutating func leave(_ trial: Int, _ index: Int) {
    let mean = means[Int(lanes[trial]) * dimensions.count + index]
    guard !mean.isNaN else { return }
    presentCounts[index] -= 1
    if case .category = dimensions[index].kind { return }
    let place = Bisection.firstIndex(in: sorted[index], notBelow: key(trial, mean))
    sorted[index].remove(at: place)
    if place > 0 { refresh(index, place - 1) }
    if place < sorted[index].count { refresh(index, place) }
  }

  /// Writes the deviation of the kernel at `place` in the order of a dimension, if it changed.
  private mutating func refresh(_ index: Int, _ place: Int) {
    let key = sorted[index][place]
    let lane = Int(lanes[Int(truncatingIfNeeded: key & 0xFFFF_FFFF)])
    let mean = Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32))
    let gap = gap(sorted[index], place, mean)
    let dimension = dimensions[index]
    let deviation = dimension.deviation(gap: gap, floor: floors[index], at: mean)
    let target = lane * dimensions.count + index
    guard deviation != deviations[target] else { return }
    deviations[target] = deviation
    if case .smooth = dimension.kind {
      logScales[target] = TPEDimension.logScale(mean: mean, deviation: deviation)
    }
    touch(lane)
  }

  private func gap(_ keys: [UInt64], _ place: Int, _ mean: Float) -> Float {
    func coordinate(_ place: Int) -> Float {
      Float(bitPattern: UInt32(truncatingIfNeeded: keys[place] >> 32))
    }
    guard keys.count > 1 else { return max(mean, 1 - mean) }
    let left = place > 0 ? mean - coordinate(place - 1) : 0
    let right = place < keys.count - 1 ? coordinate(place + 1) - mean : 0
    return max(left, right)
  }
}

/// Binary search in sorted words.
enum Bisection {
  /// The index of the first word that is at least `key`; the count if there is none.
  static func firstIndex(in words: [UInt64], notBelow key: UInt64) -> Int {
    var (low, high) = (0, words.count)
    while low < high {
      let middle = (low + high) / 2
      if words[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

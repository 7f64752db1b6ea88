import AttuneCore
import AttuneNumerics

/// What TPE knows of a history: the good trials' kernels and the others', led event by event.
///
/// Every change answers one event and depends on the events before it alone, so a state that was
/// led along and one that reads all events at once are the same, bit by bit. The others, which are
/// all trials that are not among the best: failed, running and finished ones, are at most
/// `capacity`: the newest `recentCapacity` that finished, the newest `pendingCapacity` that run,
/// and of the rest those with the smallest hash of their number, an even sample.
///
/// An event costs O(d log n). Memory is about 4 d + 50 bytes a trial.
struct TPEState: Sendable {
  /// More kernels find nothing better, on functions of five to ten parameters up to 4,000 trials.
  static let capacity = 1024
  static let pendingCapacity = 512
  static let recentCapacity = 256

  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let pending = Flags(rawValue: 1)
    static let finished = Flags(rawValue: 2)
    static let recent = Flags(rawValue: 4)
  }

  let dimensions: [TPEDimension]
  private let settings: TPESettings
  private let directions: [Direction]
  private(set) var good: TPEKernels
  private(set) var others: TPEKernels
  private(set) var ranking: TPERanking
  private(set) var finishedCount = 0
  /// How many events are read.
  private(set) var eventCount = 0
  private var seen = HashCounts()
  private var coordinates: [Float] = []
  private var hashes: [UInt64] = []
  private var flags: [Flags] = []
  private var best: [Int32] = []
  /// With several objectives, the number of ranked trials at which the good are chosen again.
  private var nextSelection = 0
  private var pending: [Int32] = []
  private var pendingStart = 0
  private var pendingKernelCount = 0
  private var recent: [Int32] = []
  private var recentStart = 0
  /// Sample keys of the kernels of `others` that may go when there are too many.
  private var sample: [UInt64] = []

  init(_ dimensions: [TPEDimension], _ settings: TPESettings, _ directions: [Direction]) {
    self.dimensions = dimensions
    self.settings = settings
    self.directions = directions
    // Discrete objectives tempt narrow kernels into repeating points.
    let isWide = settings.isNoisy || dimensions.allSatisfy(\.isDiscrete)
    good = TPEKernels(dimensions, leastDeviation: isWide ? 0.03 : 0)
    others = good
    ranking = TPERanking(objectiveCount: directions.count)
  }

  /// Reads the events since the last call.
  mutating func read(_ history: History) {
    let new = history.trialCount - flags.count
    if new > 0 {
      coordinates.append(contentsOf: repeatElement(.nan, count: new * dimensions.count))
      hashes.append(contentsOf: repeatElement(0, count: new))
      flags.append(contentsOf: repeatElement([], count: new))
    }
    while eventCount < history.eventCount {
      switch history.event(eventCount) {
      case .asked(let trial): ask(trial, history)
      case .finished(let trial): finish(trial, history)
      }
      eventCount += 1
    }
  }

  /// Writes all deviations as the numbers of trials ask.
  mutating func settle() {
    good.settle()
    others.settle()
  }

  /// Whether a point was evaluated or is running. By a hash of 64 bits.
  func hasSeen(_ point: Point) -> Bool {
    seen.contains(hash { point[dimensions[$0].parameter] })
  }

  /// Whether a candidate was evaluated or is running.
  func hasSeen(_ candidates: TPECandidates, _ number: Int) -> Bool {
    seen.contains(hash { candidates.slot(number, dimensions[$0].parameter) })
  }

  private func hash(_ slot: (Int) -> UInt64?) -> UInt64 {
    var hash: UInt64 = 0
    for index in dimensions.indices {
      if let slot = slot(index) { hash = splitMix64(hash ^ splitMix64(slot) ^ UInt64(index)) }
      hash = splitMix64(hash)
    }
    return hash
  }

  /// Takes in the point of a trial; false if it is the one known.
  private mutating func encode(_ trial: Int, _ history: History) -> Bool {
    let hash = hash { history.slot(trial, dimensions[$0].parameter) }
    let isKnown = !flags[trial].isEmpty
    if isKnown {
      if hash == hashes[trial] { return false }
      seen.remove(hashes[trial])
    }
    hashes[trial] = hash
    seen.insert(hash)
    let start = trial * dimensions.count
    for (index, dimension) in dimensions.enumerated() {
      coordinates[start + index] = dimension.coordinate(
        ofSlot: history.slot(trial, dimension.parameter))
    }
    return true
  }

  private mutating func ask(_ trial: Int, _ history: History) {
    _ = encode(trial, history)
    flags[trial].insert(.pending)
    pending.append(Int32(trial))
    pendingKernelCount += 1
    others.insert(trial, coordinates, at: trial * dimensions.count)
    while pendingKernelCount > Self.pendingCapacity, pendingStart < pending.count {
      let oldest = Int(pending[pendingStart])
      pendingStart += 1
      if flags[oldest].contains(.pending) { dropPending(oldest) }
    }
    if pendingStart > 4096, pendingStart > pending.count / 2 {
      pending.removeFirst(pendingStart)
      pendingStart = 0
    }
    thin()
  }

  private mutating func dropPending(_ trial: Int) {
    others.remove(trial)
    pendingKernelCount -= 1
  }

  private mutating func finish(_ trial: Int, _ history: History) {
    // One that was never asked failed before it had a point.
    guard !flags[trial].isEmpty else { return }
    if encode(trial, history) {
      // A define-by-run objective asked for other parameters in the end.
      others.move(trial, coordinates, to: trial * dimensions.count)
    }
    if others.contains(trial) {
      pendingKernelCount -= 1
    } else {
      others.insert(trial, coordinates, at: trial * dimensions.count)
    }
    flags[trial] = [.finished, .recent]
    finishedCount += 1
    retire(trial)
    if rank(trial, history) { reselect() }
    thin()
  }

  /// Makes `trial` the newest, and the oldest of the recent ones an ordinary one.
  private mutating func retire(_ trial: Int) {
    guard recent.count == Self.recentCapacity else {
      recent.append(Int32(trial))
      return
    }
    let oldest = Int(recent[recentStart])
    recent[recentStart] = Int32(trial)
    recentStart = (recentStart + 1) % Self.recentCapacity
    flags[oldest].remove(.recent)
    if others.contains(oldest) { enterSample(oldest) }
  }

  private mutating func rank(_ trial: Int, _ history: History) -> Bool {
    func value(_ objective: Int) -> Double {
      lowered(history.value(trial, objective: objective), objective)
    }
    let violation = history.violation(trial)
    switch history.state(trial) {
    case .complete:
      return ranking.add(trial, directions.indices.map(value), violation: violation)
    case .pruned:
      guard directions.count == 1 else { return false }
      let outlook = history.outlook(trial)
      return ranking.addPruned(
        trial, value(0), outlook: outlook.isNaN ? nil : lowered(outlook, 0), violation: violation)
    default: return false
    }
  }

  /// A value that is to be made small.
  private func lowered(_ value: Double, _ objective: Int) -> Double {
    directions[objective] == .minimize ? value : -value
  }

  /// Moves kernels between the good and the others, as the ranking says.
  private mutating func reselect() {
    if directions.count > 1 {
      // Splitting a front takes longer than an ask: a 64th of the trials may come in between.
      guard ranking.count >= nextSelection else { return }
      nextSelection = ranking.count + max(ranking.count / 64, 1)
    }
    let wanted = settings.goodCount(
      of: ranking.count, dimensionCount: dimensions.count, objectiveCount: directions.count)
    let best = ranking.best(wanted)
    guard best != self.best else { return }
    for trial in self.best where !best.contains(trial) {
      let trial = Int(trial)
      good.remove(trial)
      others.insert(trial, coordinates, at: trial * dimensions.count)
      if !flags[trial].contains(.recent) { enterSample(trial) }
    }
    for trial in best where !self.best.contains(trial) {
      let trial = Int(trial)
      if others.contains(trial), !flags[trial].contains(.recent) { leaveSample(trial) }
      others.remove(trial)
      good.insert(trial, coordinates, at: trial * dimensions.count)
    }
    self.best = best
  }

  /// Removes the trials with the largest hashes while there are too many.
  private mutating func thin() {
    while others.laneCount - 1 > Self.capacity, let key = sample.popLast() {
      others.remove(Int(truncatingIfNeeded: key & 0xFFFF_FFFF))
    }
  }

  private func sampleKey(_ trial: Int) -> UInt64 {
    splitMix64(UInt64(trial)) & ~0xFFFF_FFFF | UInt64(UInt32(truncatingIfNeeded: trial))
  }

  private mutating func enterSample(_ trial: Int) {
    let key = sampleKey(trial)
    sample.insert(key, at: Bisection.firstIndex(in: sample, notBelow: key))
  }

  private mutating func leaveSample(_ trial: Int) {
    let key = sampleKey(trial)
    let place = Bisection.firstIndex(in: sample, notBelow: key)
    if place < sample.count, sample[place] == key { sample.remove(at: place) }
  }
}

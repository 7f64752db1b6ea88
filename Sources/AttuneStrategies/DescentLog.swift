import AttuneCore
import AttuneNumerics

/// The local searches of a study, as its history tells them.
///
/// Nothing but the points says which trial belongs to which search: a trial asked at the next point of a
/// search is its evaluation, one asked at the first point that a start leads to begins a search there, and
/// all others are samples. So it does not matter who asked, or what else happened in between.
struct DescentLog: Sendable {
  let smooth: SmoothSpace
  private let isMaximized: Bool
  private let tolerance: Double
  private let isNoisy: Bool
  private let startupCount: Int
  private(set) var searches: [BranchDescent] = []
  private(set) var starts = DescentStarts()
  /// The trial with the best value, of feasible ones.
  private(set) var best: (trial: Int, value: Double)?
  /// How many trials of the strategy were samples.
  private(set) var sampleCount = 0
  /// What samples are, while they run.
  private var kinds: [(trial: Int, kind: DescentStarts.Kind, firstStep: Double)] = []
  /// How searches from changes of the best trial fare beside those from elsewhere.
  private var credit = ArmCredit()
  private(set) var seen = SeenPoints()
  private var eventCount = 0
  /// Trials at points of searches that are not finished.
  private var outstanding: [(trial: Int, search: Int, step: Int)] = []
  /// The start of each opening, and the trial of each point with derivatives, by hashes.
  private var openings: [UInt64: Int32] = [:]
  private var known: [UInt64: Int32] = [:]
  /// Whether a trial's point is chosen, or will never be.
  private var isAsked: [Bool] = []

  init(
    smooth: SmoothSpace, direction: Direction, startupCount: Int, tolerance: Double, isNoisy: Bool
  ) {
    self.startupCount = startupCount
    self.smooth = smooth
    isMaximized = direction == .maximize
    self.tolerance = tolerance
    self.isNoisy = isNoisy
  }

  mutating func read(_ history: History) {
    if history.eventCount < eventCount {
      // An earlier moment than the last: what is known since must be forgotten.
      self = DescentLog(
        smooth: smooth, direction: isMaximized ? .maximize : .minimize,
        startupCount: startupCount, tolerance: tolerance, isNoisy: isNoisy)
    }
    while eventCount < history.eventCount {
      seen.follow(history.event(eventCount), in: history)
      switch history.event(eventCount) {
      case .asked(let trial): asked(trial, history)
      case .finished(let trial): finished(trial, history)
      }
      eventCount += 1
    }
  }

  /// How many of the trials just before one have no point yet: other processes choose them now.
  func unknownCount(before number: Int) -> Int {
    (max(number - 64, 0)..<max(number, 0)).count { $0 >= isAsked.count || !isAsked[$0] }
  }

  /// Whether a search waits for an evaluation and may still find something better.
  func isWaiting(_ search: BranchDescent) -> Bool {
    !search.isOver && !search.isIssued && search.restsUntil <= sampleCount
  }

  /// Counts a search that is done for those of its kind.
  private mutating func count(_ search: BranchDescent) {
    guard search.kind == .kick || search.kind == .fresh else { return }
    credit.follow(isOwn: search.kind == .kick, isWin: search.hasWon)
  }

  /// What the sample of a number is to be: after the first ones, every other a neighbour where there are
  /// branches; of four others one of the sequence for the best of them, one to start from anyway, one to
  /// three changes of the best trial as they fare.
  func kind(ofSample number: Int) -> DescentStarts.Kind {
    guard best != nil, number >= startupCount else { return .sample }
    if smooth.hasBranches, number % 2 == 1 { return .neighbour }
    let turn = smooth.hasBranches ? number / 2 : number
    switch turn % 4 {
    case 0: return .sample
    case 1: return turn % 8 == 1 ? .kick : .funnel
    case 2: return credit.ratio > 1 ? .kick : .fresh
    default: return credit.ratio < 1 ? .fresh : .kick
    }
  }

  /// The bottom of the bowl in the best trial's branch.
  func funnel(in history: History) -> (point: Point, spacing: Double)? {
    guard let best else { return nil }
    let base = smooth.point(of: best.trial, in: history)
    let places = smooth.parameters.indices.filter { base[smooth.parameters[$0]] != nil }
    guard let funnel = starts.funnel(of: smooth.branch(of: base), axes: places) else { return nil }
    let point = smooth.point(
      base, places: places, units: places.map { funnel.bottom[$0] })
    return seen.contains(point) ? nil : (point, funnel.spacing)
  }

  private mutating func note(_ trial: Int) {
    while isAsked.count <= trial { isAsked.append(false) }
    isAsked[trial] = true
  }

  private mutating func asked(_ trial: Int, _ history: History) {
    note(trial)
    let point = smooth.point(of: trial, in: history)
    let running = searches.firstIndex { !$0.isOver && $0.next == point }
    if let search = running ?? begin(point) {
      searches[search].isIssued = true
      outstanding.append((trial, search, searches[search].step))
    } else if history.origin(trial) == .strategy {
      var kind = kind(ofSample: sampleCount)
      var step = firstStep(kind, trial)
      if kind == .funnel {
        if let funnel = funnel(in: history), funnel.point == point {
          step = 0.3 * funnel.spacing
        } else {
          kind = .kick
        }
      }
      if kind != .sample { kinds.append((trial, kind, step)) }
      sampleCount += 1
    }
  }

  /// Begins the search that `point` opens, if it opens one.
  private mutating func begin(_ point: Point) -> Int? {
    guard let index = openings[Observations.hash(point)].map({ Int($0) }),
      !starts.all[index].isUsed, let search = search(from: starts.all[index]),
      search.next == point
    else { return nil }
    starts.use(index)
    searches.append(search)
    return searches.count - 1
  }

  private func search(from start: DescentStarts.Start) -> BranchDescent? {
    BranchDescent(
      from: start.point, units: start.units, value: start.value, slopes: start.slopes,
      kind: start.kind, firstStep: start.firstStep, in: smooth, tolerance: tolerance,
      isNoisy: isNoisy)
  }

  /// The point that a search from a start evaluates first.
  func opening(of index: Int) -> Point? { search(from: starts.all[index])?.next }

  private mutating func finished(_ trial: Int, _ history: History) {
    note(trial)
    let point = smooth.point(of: trial, in: history)
    let value = value(of: trial, history)
    let slopes = smooth.slopes(of: trial, at: point, isMaximized: isMaximized, in: history)
    let isBest = value < (best?.value ?? .infinity)
    if isBest { best = (trial, value) }
    if value.isFinite, !isNoisy, slopes.contains(where: \.isFinite) {
      known[Observations.hash(point)] = Int32(clamping: trial)
    }
    if let place = outstanding.firstIndex(where: { $0.trial == trial }) {
      let (_, search, step) = outstanding.remove(at: place)
      // One that was asked twice may be told already.
      guard searches[search].step == step, !searches[search].isOver else { return }
      // A define-by-run objective may have asked for another point in the end.
      let isThere = searches[search].next == point
      searches[search].isIssued = false
      if isBest { searches[search].hasWon = true }
      searches[search].tell(isThere ? value : .nan, slopes, in: smooth)
      settle(search, history)
    } else if value.isFinite {
      addStart(trial, point, value, slopes, history)
    }
  }

  /// The value to be made small; infinite for a trial that a search must turn back from.
  private func value(of trial: Int, _ history: History) -> Double {
    let value = history.value(trial)
    guard history.state(trial) == .complete, history.violation(trial) == 0, value.isFinite else {
      return .infinity
    }
    return isMaximized ? -value : value
  }

  private mutating func addStart(
    _ trial: Int, _ point: Point, _ value: Double, _ slopes: [Double], _ history: History
  ) {
    let units = smooth.units(of: point)
    let place = kinds.firstIndex { $0.trial == trial }
    let own = place.map { kinds.remove(at: $0) }
    let kind = history.origin(trial) == .strategy ? own?.kind ?? .sample : .given
    let firstStep = own?.firstStep ?? BranchDescent.firstStep
    let search = BranchDescent(
      from: point, units: units, value: value, slopes: slopes, kind: kind, firstStep: firstStep,
      in: smooth,
      tolerance: tolerance, isNoisy: isNoisy)
    guard let search, !search.isOver else { return }
    let opening = Observations.hash(search.next)
    openings[opening] = Int32(clamping: starts.count)
    starts.add(
      trial, point, units, value, slopes, branch: search.branch, opening: opening, kind: kind,
      firstStep: firstStep)
  }

  /// The length of a search's first step: by turns, so that searches from like places end in different
  /// ones, but where a first step should just be good.
  private func firstStep(_ kind: DescentStarts.Kind, _ trial: Int) -> Double {
    switch kind {
    case .fresh, .kick, .funnel: [0.2, 0.05, 0.5, 0.01, 0.002][trial / 4 % 5]
    case .sample, .neighbour, .given: BranchDescent.firstStep
    }
  }

  /// Gives a search what is known of its next points, and notes its end.
  private mutating func settle(_ search: Int, _ history: History) {
    for _ in 0..<20 where !searches[search].isOver {
      let next = searches[search].next
      guard let trial = known[Observations.hash(next)].map({ Int($0) }),
        smooth.point(of: trial, in: history) == next
      else { break }
      searches[search].tell(
        value(of: trial, history),
        smooth.slopes(of: trial, at: next, isMaximized: isMaximized, in: history),
        in: smooth)
    }
    let best = searches[search].best(in: smooth)
    let units = smooth.units(of: best.point)
    if searches[search].isOver {
      starts.addMinimum(searches[search].branch, units, best.value)
    } else if starts.isKnown(searches[search].branch, units, best.value) {
      searches[search].end()
    }
    let restCount = searches[search].restCount
    if !searches[search].isOver, let least = self.best?.value {
      searches[search].rest(against: least, sampleCount: sampleCount)
    }
    let isFirstRest = restCount == 0 && searches[search].restCount > 0
    if searches[search].isOver ? restCount == 0 : isFirstRest { count(searches[search]) }
  }
}

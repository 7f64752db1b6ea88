import AttuneCore

/// What trials of a deterministic study are chosen from: its history in the order of the trials' numbers,
/// whatever the order in which things happened.
///
/// With a window W, trial k knows that 0..<k are asked, and how 0...k-W ended. In order that what one
/// trial knows begins what the next one does, the events are asked 0 to W-1, then finished 0, asked W,
/// finished 1, asked W+1 and so on.
struct TrialOrder: Sendable {
  let window: Int
  /// What a define-by-run study has discovered in the trials that are settled.
  private(set) var space: Space
  private(set) var log: HistoryLog
  /// The trials below this number are asked here, those that are no strategy's to see left out.
  private(set) var placed = 0
  /// The trials below this number are finished here.
  private(set) var settled = 0
  /// What settled trials have reported.
  private(set) var finishedReports = FinishedReports()
  private var hasReports = false
  /// What the pruner may compare each running trial with.
  private(set) var comparable: [Int: FinishedReports] = [:]
  /// The settled trials that are FAIL.
  private(set) var failures: [Int] = []
  /// The first settled COMPLETE trial of each point.
  private(set) var complete: [Point: Int] = [:]

  init(window: Int, space: Space, valueCount: Int) {
    self.window = window
    self.space = space
    log = HistoryLog(valueCount: valueCount, width: space.count)
  }

  /// The last trial whose end is known when trial `number` is chosen; negative where there is none.
  func lastKnown(to number: Int) -> Int { number - window }

  /// The point of a trial that was just chosen. Those before are placed.
  mutating func fill(_ number: Int, _ point: Point) {
    log.fill(number, point)
    placed = number + 1
  }

  /// A trial has ended: its pruner is not asked any more.
  mutating func dropComparable(_ number: Int) { comparable[number] = nil }
}

/// A trial as its study's ledger knows it, once it has its place.
struct PlacedTrial {
  let origin: History.Origin
  /// `nil` where strategies are not to see it: its choice failed, or another program made it of
  /// parameters that are none of this space.
  let point: Point?
  let state: TrialState
  let values: [Double]
  let violation: Double
  let reports: Reports
  /// What a define-by-run objective asked for, in this order.
  let suggested: [(parameter: Parameter, slot: UInt64)]
}

extension TrialOrder {
  /// Goes on to where trial `number` is to be chosen; the trials that it knows of are there.
  mutating func advance(
    to number: Int, isDefineByRun: Bool, _ trial: (Int) -> PlacedTrial
  ) {
    while placed < number {
      if placed >= window, settled <= placed - window { settle(isDefineByRun, trial) }
      place(isDefineByRun, trial)
    }
    if number >= window, settled <= number - window { settle(isDefineByRun, trial) }
    claim(through: number, trial)
    comparable[number] =
      hasReports ? finishedReports : FinishedReports(silent: finishedReports.completeCount)
  }

  private mutating func claim(through number: Int, _ trial: (Int) -> PlacedTrial) {
    while log.trialCount <= number { _ = log.claim(trial(log.trialCount).origin, at: 0) }
  }

  private mutating func place(_ isDefineByRun: Bool, _ trial: (Int) -> PlacedTrial) {
    let number = placed
    placed += 1
    claim(through: number, trial)
    let trial = trial(number)
    // What another program asks is known when it has ended.
    guard trial.origin != .foreign, let point = trial.point else { return }
    log.fill(number, isDefineByRun ? Point(slots: [], active: ActiveSet()) : point)
  }

  private mutating func settle(_ isDefineByRun: Bool, _ trial: (Int) -> PlacedTrial) {
    let number = settled
    settled += 1
    let trial = trial(number)
    if trial.state == .fail { failures.append(number) }
    hasReports = hasReports || !trial.reports.all.isEmpty
    let outlook = trial.state == .pruned ? finishedReports.outlook(of: trial.reports) : nil
    finishedReports.add(
      ReportingTrial(number: number, reports: trial.reports), trial.state, values: trial.values)
    if trial.origin == .foreign {
      guard let point = trial.point else { return }
      log.fill(number, isDefineByRun ? Point(slots: [], active: ActiveSet()) : point)
    }
    log.finish(
      number, trial.state, values: trial.values, violation: trial.violation,
      outlook: outlook, at: 0,
      point: isDefineByRun ? discover(trial.suggested) : nil)
    guard !isDefineByRun, trial.state == .complete, let point = trial.point else { return }
    if complete[point] == nil { complete[point] = number }
  }

  /// Takes what a trial asked for into the space; its point there.
  private mutating func discover(_ suggested: [(parameter: Parameter, slot: UInt64)]) -> Point {
    for (parameter, _) in suggested {
      // Checked when it was asked for, against all trials: these errors cannot come.
      if let known = space.find(parameter.name) {
        let mine = space.parameters[known]
        if let joined = try? mine.joined(with: parameter), joined != mine {
          space = (try? space.replacing(known, with: joined)) ?? space
        }
      } else {
        space = (try? space.adding(parameter)) ?? space
        log.widen(to: space.count)
      }
    }
    var slots = [UInt64](repeating: 0, count: space.count)
    var active = ActiveSet()
    for (parameter, slot) in suggested {
      guard let index = space.find(parameter.name) else { continue }
      slots[index] = slot
      active[index] = true
    }
    return Point(slots: slots, active: active)
  }
}

public import AttuneCore
import AttuneNumerics
import Synchronization

/// The trials of a study at one moment, ordered by number. Immutable.
///
/// Taking one is O(1) but for the states, which are read off the events.
public struct TrialTable: Sendable {
  public let space: Space
  public let directions: [Direction]
  let history: History
  /// State codes as of this moment, with `askedBit` where the point is chosen.
  let states: [UInt8]
  let log: HistoryLog
  let details: [Int: TrialDetail]
  let isDefineByRun: Bool
  /// Trial numbers, ascending.
  public let numbers: [Int]

  public var count: Int { numbers.count }

  /// The trial at `index` of the table.
  public subscript(index: Int) -> TrialRecord { record(numbers[index]) }

  /// The state of the trial at `index` of the table.
  public func state(_ index: Int) -> TrialState { stateOf(numbers[index]) }

  /// A value of the trial at `index` of the table; NaN where it has none.
  public func value(_ index: Int, objective: Int) -> Double {
    guard directions.indices.contains(objective) else { return .nan }
    let number = numbers[index]
    switch stateOf(number) {
    case .complete, .pruned: return history.value(number, objective: objective)
    case .waiting, .running, .fail: return .nan
    }
  }

  /// The values of a COMPLETE trial as if all were to be minimised, so that one comparison serves.
  fileprivate func minimized(_ number: Int) -> [Double] {
    directions.enumerated().map { objective, direction in
      let value = history.value(number, objective: objective)
      return direction == .minimize ? value : -value
    }
  }

  /// A parameter of the trial at `index` as a number: a choice as its index, NaN while inactive.
  public func number(_ index: Int, parameter: Int) -> Double {
    let number = numbers[index]
    if isDefineByRun, stateOf(number) == .running {
      let slot = details[number]?.suggested.first { $0.index == parameter }?.slot
      return slot.map { space.parameters[parameter].distribution.number(ofSlot: $0) } ?? .nan
    }
    guard isAsked(number) else { return .nan }
    return history.slot(number, parameter).map {
      space.parameters[parameter].distribution.number(ofSlot: $0)
    } ?? .nan
  }

  /// The same trials, only those that `isIncluded` wants.
  func filter(_ isIncluded: (Int) -> Bool) -> TrialTable {
    TrialTable(
      space: space, directions: directions, history: history, states: states, log: log,
      details: details, isDefineByRun: isDefineByRun, numbers: numbers.filter(isIncluded))
  }

  fileprivate static let askedBit: UInt8 = 0x80

  func stateOf(_ number: Int) -> TrialState {
    TrialState(rawValue: Int32(states[number] & ~Self.askedBit)) ?? .running
  }

  /// Whether the point of a trial is chosen. Before, its columns may be being written.
  private func isAsked(_ number: Int) -> Bool { states[number] & Self.askedBit != 0 }

  func isFeasible(_ number: Int) -> Bool { details[number]?.isFeasible ?? true }

  func record(_ number: Int) -> TrialRecord {
    let state = stateOf(number)
    // What a define-by-run objective asked for is no column: it is there before the point is.
    let hasParams = isAsked(number) || (isDefineByRun && state == .running)
    return TrialRecord(
      number, state, history, details[number], hasParams ? space : .empty, directions,
      isDefineByRun: isDefineByRun, started: log.started(number),
      finished: state.isFinished ? log.finished(number) : 0)
  }
}

extension TrialRecord {
  /// Gathers a trial from the columns of the history and what only some trials have.
  init(
    _ number: Int, _ state: TrialState, _ history: History, _ detail: TrialDetail?,
    _ space: Space, _ directions: [Direction], isDefineByRun: Bool, started: Int64,
    finished: Int64
  ) {
    var values: [Double] = []
    if state == .complete || state == .pruned {
      values = directions.indices.map { history.value(number, objective: $0) }
      if state == .pruned, values.allSatisfy(\.isNaN) { values = [] }
    }
    var params: [(name: String, value: Value)] = []
    func add(_ index: Int, _ slot: UInt64) {
      let parameter = space.parameters[index]
      params.append((parameter.name, parameter.distribution.value(ofSlot: slot)))
    }
    if state == .waiting {
      params = detail?.given ?? []
    } else if let unfitting = detail?.unfitting {
      params = unfitting
    } else if isDefineByRun, state == .running {
      // The columns hold what was proposed; the objective has asked for these so far.
      for (index, slot) in detail?.suggested ?? [] { add(index, slot) }
    } else {
      for index in 0..<space.count {
        if let slot = history.slot(number, index) { add(index, slot) }
      }
    }
    self.init(
      number: number, state: state, origin: history.origin(number), params: params, values: values,
      reports: detail?.reports ?? Reports(), attributes: detail?.attributes ?? [],
      constraints: detail?.constraints ?? [], gradient: detail?.gradient ?? [],
      failure: detail?.failure, started: started, finished: state.isFinished ? finished : 0)
  }
}

extension Study {
  /// The trials in some states, all by default.
  public func trials(_ states: Set<TrialState>? = nil) throws(AttuneError) -> TrialTable {
    try refresh()
    let table = table().all
    guard let states else { return table }
    return table.filter { states.contains(table.stateOf($0)) }
  }

  /// One direction: the best COMPLETE trial, the first of equals. Several: the Pareto front.
  ///
  /// Trials with a constraint above 0 count only when none is feasible.
  public func bestTrials() throws(AttuneError) -> TrialTable {
    try refresh()
    let (table, best) = table()
    if directions.count == 1 { return table.filter { $0 == best } }
    var complete = table.numbers.filter { table.stateOf($0) == .complete }
    let feasible = complete.filter(table.isFeasible)
    if !feasible.isEmpty { complete = feasible }
    var archive = ParetoArchive(width: directions.count)
    for number in complete { archive.add(number, table.minimized(number)) }
    return table.filter(Set(archive.members).contains)
  }

  /// One trial as it is at this moment. O(parameters).
  func record(_ number: Int) -> TrialRecord {
    let (history, state, detail, space, started, finished) = ledger.withLock { ledger in
      (
        ledger.log.snapshot, ledger.log.state(number), ledger.details[number], ledger.space,
        ledger.log.started(number), ledger.log.finished(number)
      )
    }
    return TrialRecord(
      number, state, history, detail, space, directions, isDefineByRun: isDefineByRun,
      started: started, finished: finished)
  }

  private func table() -> (all: TrialTable, best: Int?) {
    let (log, best, space, details, waiting, unfitting) = ledger.withLock { ledger in
      (
        ledger.log, ledger.best, ledger.space, ledger.details,
        ledger.waiting.all + ledger.waitingElsewhere, ledger.unfitting
      )
    }
    let history = log.snapshot
    var states = [UInt8](
      repeating: UInt8(TrialState.running.rawValue), count: history.trialCount)
    for index in 0..<history.eventCount {
      switch history.event(index) {
      case .asked(let number): states[number] |= TrialTable.askedBit
      case .finished(let number):
        states[number] =
          states[number] & TrialTable.askedBit | UInt8(history.state(number).rawValue)
      }
    }
    // Not among the events, which are what strategies see.
    for number in waiting {
      states[number] = UInt8(TrialState.waiting.rawValue)
    }
    for number in unfitting { states[number] = UInt8(history.state(number).rawValue) }
    let all = TrialTable(
      space: space, directions: directions, history: history, states: states, log: log,
      details: details, isDefineByRun: isDefineByRun, numbers: Array(0..<history.trialCount))
    return (all, best)
  }
}

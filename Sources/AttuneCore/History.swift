/// What happened in a study, as a strategy may see it: an unchanging prefix of its events.
///
/// Taking one is O(1). A strategy keeps how many events it has seen and reads the rest at the next
/// ask; one that is made anew reads them all and must come to the same state.
public struct History: Sendable {
  /// What happened to one trial.
  public enum Event: Sendable, Hashable {
    /// Its point is chosen; from here on it is running, or pending.
    case asked(Int)
    /// It is COMPLETE, PRUNED or FAIL.
    case finished(Int)
  }

  /// Who chose a trial's point.
  public enum Origin: UInt8, Sendable {
    case strategy = 0
    /// Given by `enqueue`, perhaps completed by the strategy.
    case enqueued = 1
    /// Added finished.
    case added = 2
    /// Made by another program that works on the same database.
    case foreign = 3

    public var name: String {
      switch self {
      case .strategy: "strategy"
      case .enqueued: "enqueued"
      case .added: "added"
      case .foreign: "foreign"
      }
    }

    public init?(name: String) {
      switch name {
      case "strategy": self = .strategy
      case "enqueued": self = .enqueued
      case "added": self = .added
      case "foreign": self = .foreign
      default: return nil
      }
    }
  }

  /// Trials known, including those whose point is still being chosen.
  public let trialCount: Int
  public let eventCount: Int
  /// How many of the events are final. The others are ends of trials that may yet go on, as those of paused
  /// ones: only a copy of a strategy sees them, for a single proposal.
  public let settledEventCount: Int
  let blocks: [TrialBlock]
  let askedBlocks: [TrialBlock]
  let events: [EventBlock]

  /// The event at `index`, in the order things happened.
  public func event(_ index: Int) -> Event { events[index / EventBlock.capacity][index] }

  /// The slot of a parameter in a trial that was asked, or `nil` where it is inactive.
  public func slot(_ trial: Int, _ parameter: Int) -> UInt64? {
    block(trial).slot(row(trial), parameter)
  }

  /// The point of a trial that was asked. One allocation.
  public func point(_ trial: Int) -> Point { block(trial).point(row(trial)) }

  /// The point of a trial as it was when it was asked. That of a define-by-run trial is another when it has
  /// ended: what its objective asked for.
  public func askedPoint(_ trial: Int) -> Point {
    askedBlocks[trial / TrialBlock.rowCount].point(row(trial))
  }

  /// Who chose the point of a trial.
  public func origin(_ trial: Int) -> Origin {
    Origin(rawValue: block(trial).origins[row(trial)]) ?? .strategy
  }

  /// How a finished trial ended. Meaningless before its `finished` event.
  public func state(_ trial: Int) -> TrialState {
    TrialState(rawValue: Int32(block(trial).states[row(trial)])) ?? .running
  }

  /// A value of a COMPLETE trial, or of a PRUNED one its last report; NaN where there is none, as
  /// for an objective the study lacks.
  public func value(_ trial: Int, objective: Int = 0) -> Double {
    block(trial).value(row(trial), objective)
  }

  /// What a PRUNED trial would have ended with, as `FinishedReports.outlook` foretells it when it ends; NaN
  /// where nothing was foretold.
  public func outlook(_ trial: Int) -> Double { block(trial).outlook(row(trial)) }

  /// How far a finished trial is from being feasible: the sum of its positive constraint values.
  ///
  /// 0 when all of them hold or there are none, infinite when one is NaN.
  public func violation(_ trial: Int) -> Double { block(trial).violation(row(trial)) }

  /// The derivative of a value of a finished trial by a parameter; NaN where nobody gave it.
  public func derivative(_ trial: Int, _ parameter: Int, objective: Int = 0) -> Double {
    block(trial).derivative(row(trial), objective, parameter)
  }

  private func block(_ trial: Int) -> TrialBlock { blocks[trial / TrialBlock.rowCount] }
  private func row(_ trial: Int) -> Int { trial % TrialBlock.rowCount }
}

/// The growing record behind `History`: append-only columns, owned by one lock.
public struct HistoryLog: Sendable {
  public private(set) var trialCount = 0
  public private(set) var eventCount = 0
  private let valueCount: Int
  private var width: Int
  private var blocks: [TrialBlock] = []
  /// The same ones, but where points have changed since they were asked.
  private var askedBlocks: [TrialBlock] = []
  private var events: [EventBlock] = []
  /// The events before the log was branched.
  private var settledEventCount: Int?

  public init(valueCount: Int, width: Int) {
    self.valueCount = valueCount
    self.width = width
  }

  /// The history up to here. O(1).
  public var snapshot: History {
    History(
      trialCount: trialCount, eventCount: eventCount,
      settledEventCount: settledEventCount ?? eventCount, blocks: blocks,
      askedBlocks: askedBlocks, events: events)
  }

  /// Reserves the next trial number; its point is to be filled in.
  public mutating func claim(_ origin: History.Origin, at time: Int64) -> Int {
    let number = trialCount
    let row = number % TrialBlock.rowCount
    if row == 0 {
      blocks.append(
        TrialBlock(
          width: width, valueCount: valueCount, hasViolations: blocks.last?.hasViolations ?? false,
          hasOutlooks: blocks.last?.hasOutlooks ?? false,
          hasGradients: blocks.last?.hasGradients ?? false))
      askedBlocks.append(blocks[blocks.count - 1])
    }
    let block = blocks[number / TrialBlock.rowCount]
    block.origins[row] = origin.rawValue
    block.states[row] = UInt8(TrialState.running.rawValue)
    block.started[row] = time
    for objective in 0..<valueCount { block.setValue(row, objective, .nan) }
    trialCount += 1
    return number
  }

  /// Reserves the next trial number for a trial that waits to be asked.
  public mutating func enqueue(at time: Int64) -> Int {
    let number = claim(.enqueued, at: time)
    blocks[number / TrialBlock.rowCount].states[number % TrialBlock.rowCount] = UInt8(
      TrialState.waiting.rawValue)
    return number
  }

  /// A trial that waited is asked: from here on it runs.
  public mutating func start(_ number: Int, _ origin: History.Origin, at time: Int64) {
    let index = number / TrialBlock.rowCount
    let row = number % TrialBlock.rowCount
    // Snapshots may be reading when it began to wait: change a copy.
    let block = blocks[index].copy(width: blocks[index].width)
    block.origins[row] = origin.rawValue
    block.states[row] = UInt8(TrialState.running.rawValue)
    block.started[row] = time
    replace(index, with: block)
  }

  /// Puts a copy in the place of a block, as far as points are what they were when they were asked.
  private mutating func replace(_ index: Int, with block: TrialBlock) {
    if askedBlocks[index] === blocks[index] { askedBlocks[index] = block }
    blocks[index] = block
  }

  /// Writes the point of a claimed trial and announces it.
  public mutating func fill(_ number: Int, _ point: Point) {
    let index = number / TrialBlock.rowCount
    if point.slots.count > blocks[index].width {
      replace(index, with: blocks[index].copy(width: max(width, point.slots.count)))
    }
    let row = number % TrialBlock.rowCount
    blocks[index].setPoint(row, point)
    if askedBlocks[index] !== blocks[index] {
      if point.slots.count > askedBlocks[index].width {
        askedBlocks[index] = askedBlocks[index].copy(width: max(width, point.slots.count))
      }
      askedBlocks[index].setPoint(row, point)
    }
    append(.asked(number))
  }

  /// Writes how a trial ended and announces it, unless strategies must not learn from it.
  ///
  /// `violation` is the sum of its positive constraint values, `gradient` row-major, values x
  /// parameters, or empty. `outlook` is what a PRUNED one would have ended with. `point`, where given,
  /// replaces its point: what a define-by-run objective asked for in the end.
  public mutating func finish(
    _ number: Int, _ state: TrialState, values: [Double], violation: Double = 0,
    outlook: Double? = nil, gradient: [Double] = [], at time: Int64, point: Point? = nil,
    announced: Bool = true
  ) {
    let index = number / TrialBlock.rowCount
    let row = number % TrialBlock.rowCount
    let needsViolations = violation != 0 && !blocks[index].hasViolations
    let needsGradients = !gradient.isEmpty && !blocks[index].hasGradients
    let width = max(blocks[index].width, point?.slots.count ?? 0)
    let needsOutlooks = outlook != nil && !blocks[index].hasOutlooks
    let isTooSmall =
      needsViolations || needsOutlooks || needsGradients || width > blocks[index].width
    // Snapshots may be reading the old point: where there is one, change a copy.
    if isTooSmall || point != nil && !isKnownUniquelyReferenced(&blocks[index]) {
      let copy = blocks[index].copy(
        width: width, withViolations: needsViolations, withOutlooks: needsOutlooks,
        withGradients: needsGradients)
      if point == nil { replace(index, with: copy) } else { blocks[index] = copy }
    }
    let block = blocks[index]
    if let point { block.setPoint(row, point) }
    for (objective, value) in values.enumerated() { block.setValue(row, objective, value) }
    block.setViolation(row, violation.isNaN ? .infinity : violation)
    if let outlook { block.setOutlook(row, outlook) }
    let columns = gradient.count / max(valueCount, 1)
    for (place, derivative) in gradient.prefix(columns * valueCount).enumerated() {
      block.setDerivative(row, place / columns, place % columns, derivative)
    }
    block.finished[row] = time
    block.states[row] = UInt8(state.rawValue)
    if announced { append(.finished(number)) }
  }

  /// A log that can go on otherwise from here, with other ends for some running trials, which are not settled;
  /// this one stays as it is. Cost: a copy of the blocks these trials are in.
  public func branched(for trials: some Sequence<Int>) -> HistoryLog {
    var branch = self
    branch.settledEventCount = eventCount
    for index in Set(trials.map { $0 / TrialBlock.rowCount }) {
      branch.replace(index, with: blocks[index].copy(width: blocks[index].width))
    }
    if let last = events.last {
      branch.events[events.count - 1] = last.copy(
        first: eventCount - (events.count - 1) * EventBlock.capacity)
    }
    return branch
  }

  /// Makes room for `width` parameters in trials to come.
  public mutating func widen(to width: Int) {
    guard width > self.width else { return }
    self.width = width
    let row = trialCount % TrialBlock.rowCount
    if row != 0, let last = blocks.last {
      replace(blocks.count - 1, with: last.copy(width: width))
    }
  }

  /// When a trial was claimed, in microseconds since 1970.
  public func started(_ number: Int) -> Int64 {
    blocks[number / TrialBlock.rowCount].started[number % TrialBlock.rowCount]
  }

  /// When a trial finished, in microseconds since 1970; 0 while it runs.
  public func finished(_ number: Int) -> Int64 {
    blocks[number / TrialBlock.rowCount].finished[number % TrialBlock.rowCount]
  }

  /// Who chose the point of a trial.
  public func origin(_ number: Int) -> History.Origin {
    let code = blocks[number / TrialBlock.rowCount].origins[number % TrialBlock.rowCount]
    return History.Origin(rawValue: code) ?? .strategy
  }

  /// The state of a trial at this moment.
  public func state(_ number: Int) -> TrialState {
    let code = blocks[number / TrialBlock.rowCount].states[number % TrialBlock.rowCount]
    return TrialState(rawValue: Int32(code)) ?? .running
  }

  private mutating func append(_ event: History.Event) {
    if eventCount % EventBlock.capacity == 0 { events.append(EventBlock()) }
    events[eventCount / EventBlock.capacity][eventCount] = event
    eventCount += 1
  }
}

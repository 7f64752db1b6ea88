/// The growing record behind `History`: append-only columns, owned by one lock.
public struct HistoryLog: Sendable {
  public private(set) var trialCount = 0
  public private(set) var eventCount = 0
  private let valueCount: Int
  private var width: Int
  private var columns = HistoryColumns()
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
      settledEventCount: settledEventCount ?? eventCount, columns: columns)
  }

  /// The columns for this log to change: a copy where a snapshot has them too.
  private mutating func own() -> HistoryColumns {
    if !isKnownUniquelyReferenced(&columns) { columns = HistoryColumns(columns.arrays.pointee) }
    return columns
  }

  /// Reserves the next trial number; its point is to be filled in.
  public mutating func claim(_ origin: History.Origin, at time: Int64) -> Int {
    let number = trialCount
    let row = number % TrialBlock.rowCount
    if row == 0 {
      let last = columns.arrays.pointee.blocks.last
      let block = TrialBlock(
        width: width, valueCount: valueCount, hasViolations: last?.hasViolations ?? false,
        hasOutlooks: last?.hasOutlooks ?? false, hasGradients: last?.hasGradients ?? false)
      let own = own()
      own.arrays.pointee.blocks.append(block)
      own.arrays.pointee.askedBlocks.append(block)
    }
    let block = columns.arrays.pointee.blocks[number / TrialBlock.rowCount]
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
    columns.arrays.pointee.blocks[number / TrialBlock.rowCount].states[
      number % TrialBlock.rowCount] = UInt8(
        TrialState.waiting.rawValue)
    return number
  }

  /// A trial that waited is asked: from here on it runs.
  public mutating func start(_ number: Int, _ origin: History.Origin, at time: Int64) {
    let index = number / TrialBlock.rowCount
    let row = number % TrialBlock.rowCount
    // Snapshots may be reading when it began to wait: change a copy.
    let block = columns.arrays.pointee.blocks[index].copy(
      width: columns.arrays.pointee.blocks[index].width)
    block.origins[row] = origin.rawValue
    block.states[row] = UInt8(TrialState.running.rawValue)
    block.started[row] = time
    replace(index, with: block)
  }

  /// Puts a copy in the place of a block, as far as points are what they were when they were asked.
  private mutating func replace(_ index: Int, with block: TrialBlock) {
    let own = own()
    if own.arrays.pointee.askedBlocks[index] === own.arrays.pointee.blocks[index] {
      own.arrays.pointee.askedBlocks[index] = block
    }
    own.arrays.pointee.blocks[index] = block
  }

  /// Writes the point of a claimed trial and announces it.
  public mutating func fill(_ number: Int, _ point: Point) {
    let index = number / TrialBlock.rowCount
    if point.slots.count > columns.arrays.pointee.blocks[index].width {
      replace(
        index, with: columns.arrays.pointee.blocks[index].copy(width: max(width, point.slots.count))
      )
    }
    let row = number % TrialBlock.rowCount
    columns.arrays.pointee.blocks[index].setPoint(row, point)
    if columns.arrays.pointee.askedBlocks[index] !== columns.arrays.pointee.blocks[index] {
      if point.slots.count > columns.arrays.pointee.askedBlocks[index].width {
        let copy = columns.arrays.pointee.askedBlocks[index].copy(
          width: max(width, point.slots.count))
        own().arrays.pointee.askedBlocks[index] = copy
      }
      columns.arrays.pointee.askedBlocks[index].setPoint(row, point)
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
    let needsViolations = violation != 0 && !columns.arrays.pointee.blocks[index].hasViolations
    let needsGradients = !gradient.isEmpty && !columns.arrays.pointee.blocks[index].hasGradients
    let width = max(columns.arrays.pointee.blocks[index].width, point?.slots.count ?? 0)
    let needsOutlooks = outlook != nil && !columns.arrays.pointee.blocks[index].hasOutlooks
    let isTooSmall =
      needsViolations || needsOutlooks || needsGradients
      || width > columns.arrays.pointee.blocks[index].width
    // Snapshots may be reading the old point: where there is one, change a copy.
    if isTooSmall || point != nil && !hasAlone(index) {
      let copy = columns.arrays.pointee.blocks[index].copy(
        width: width, withViolations: needsViolations, withOutlooks: needsOutlooks,
        withGradients: needsGradients)
      if point == nil {
        replace(index, with: copy)
      } else {
        own().arrays.pointee.blocks[index] = copy
      }
    }
    let block = columns.arrays.pointee.blocks[index]
    if let point { block.setPoint(row, point) }
    if let outlook { block.setOutlook(row, outlook) }
    let rowLength = gradient.count / max(valueCount, 1)
    for (place, derivative) in gradient.prefix(rowLength * valueCount).enumerated() {
      block.setDerivative(row, place / rowLength, place % rowLength, derivative)
    }
    values.withUnsafeBufferPointer {
      finish(
        number, state, values: $0, violation: violation.isNaN ? .infinity : violation, at: time,
        announced: announced)
    }
  }

  /// The same of a trial whose block has room for what it ended with, as all have for values alone.
  public mutating func finish(
    _ number: Int, _ state: TrialState, values: UnsafeBufferPointer<Double>,
    violation: Double = 0, at time: Int64, announced: Bool
  ) {
    let row = number % TrialBlock.rowCount
    let block = columns.arrays.pointee.blocks[number / TrialBlock.rowCount]
    for objective in 0..<min(values.count, valueCount) {
      block.setValue(row, objective, values[objective])
    }
    block.setViolation(row, violation)
    block.finished[row] = time
    block.states[row] = UInt8(state.rawValue)
    if announced { append(.finished(number)) }
  }

  /// Whether no snapshot and no other log has a block.
  private mutating func hasAlone(_ index: Int) -> Bool {
    isKnownUniquelyReferenced(&columns)
      && isKnownUniquelyReferenced(&columns.arrays.pointee.blocks[index])
  }

  /// A log that can go on otherwise from here, with other ends for some running trials, which are not settled;
  /// this one stays as it is. Cost: a copy of the blocks these trials are in.
  public func branched(for trials: some Sequence<Int>) -> HistoryLog {
    var branch = self
    branch.settledEventCount = eventCount
    for index in Set(trials.map { $0 / TrialBlock.rowCount }) {
      branch.replace(
        index,
        with: columns.arrays.pointee.blocks[index].copy(
          width: columns.arrays.pointee.blocks[index].width))
    }
    let events = columns.arrays.pointee.events
    if let last = events.last {
      branch.own().arrays.pointee.events[events.count - 1] = last.copy(
        first: eventCount - (events.count - 1) * EventBlock.capacity)
    }
    return branch
  }

  /// Makes room for `width` parameters in trials to come.
  public mutating func widen(to width: Int) {
    guard width > self.width else { return }
    self.width = width
    let row = trialCount % TrialBlock.rowCount
    if row != 0, let last = columns.arrays.pointee.blocks.last {
      replace(columns.arrays.pointee.blocks.count - 1, with: last.copy(width: width))
    }
  }

  /// When a trial was claimed, in microseconds since 1970.
  public func started(_ number: Int) -> Int64 {
    columns.arrays.pointee.blocks[number / TrialBlock.rowCount].started[
      number % TrialBlock.rowCount]
  }

  /// When a trial finished, in microseconds since 1970; 0 while it runs.
  public func finished(_ number: Int) -> Int64 {
    columns.arrays.pointee.blocks[number / TrialBlock.rowCount].finished[
      number % TrialBlock.rowCount]
  }

  /// Who chose the point of a trial.
  public func origin(_ number: Int) -> History.Origin {
    let code = columns.arrays.pointee.blocks[number / TrialBlock.rowCount].origins[
      number % TrialBlock.rowCount]
    return History.Origin(rawValue: code) ?? .strategy
  }

  /// The first value of a trial, as its history has it.
  public func value(_ number: Int) -> Double {
    columns.arrays.pointee.blocks[number / TrialBlock.rowCount].value(
      number % TrialBlock.rowCount, 0)
  }

  /// The state of a trial at this moment.
  public func state(_ number: Int) -> TrialState {
    let code = columns.arrays.pointee.blocks[number / TrialBlock.rowCount].states[
      number % TrialBlock.rowCount]
    return TrialState(rawValue: Int32(code)) ?? .running
  }

  private mutating func append(_ event: History.Event) {
    if eventCount % EventBlock.capacity == 0 { own().arrays.pointee.events.append(EventBlock()) }
    columns.arrays.pointee.events[eventCount / EventBlock.capacity].set(eventCount, event)
    eventCount += 1
  }
}

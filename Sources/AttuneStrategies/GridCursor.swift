import AttuneCore

/// Where a grid stands: a fold over a history that reads each event once.
struct GridCursor: Sendable {
  /// How many events were read, those read again after a reset included.
  private(set) var eventReadCount = 0
  private var eventCount = 0
  private var seed: UInt64?
  /// Trials below this number are counted in `ordinal`.
  private var trialCount = 0
  /// How many of them had a point from the strategy.
  private var ordinal = 0
  /// The place in the grid that the trial with `ordinal` takes.
  private var next: UInt64 = 0

  /// Reads what happened since the last call; `rank` is the place of a point within a round.
  mutating func catchUp(
    with history: History, seed: UInt64, pointCount: UInt64, total: UInt64,
    rank: (Point) -> UInt64?
  ) {
    if self.seed != seed || history.eventCount < eventCount {
      let reads = eventReadCount
      self = GridCursor()
      self.seed = seed
      eventReadCount = reads
    }
    while eventCount < history.eventCount {
      let event = history.event(eventCount)
      eventCount += 1
      eventReadCount += 1
      // Only the latest trial matters: one that is asked late has a lower number.
      guard case .asked(let trial) = event, trial >= trialCount,
        history.origin(trial) == .strategy
      else { continue }
      let start = ordinal
      while trialCount < trial {
        if history.origin(trialCount) == .strategy { ordinal += 1 }
        trialCount += 1
      }
      let expected = next.addingClamped(UInt64(ordinal - start))
      next = place(expected, rank(history.point(trial)), pointCount, total)
      ordinal += 1
      trialCount += 1
    }
  }

  /// The place behind a point of rank `rank` that was expected at `expected`.
  private func place(
    _ expected: UInt64, _ rank: UInt64?, _ pointCount: UInt64, _ total: UInt64
  ) -> UInt64 {
    guard let rank else { return 0 }
    let round = min(expected / pointCount, total / pointCount - 1)
    let place = round * pointCount + rank
    if place < expected, total - place > pointCount { return place + pointCount + 1 }
    return place.addingClamped(1)
  }

  /// The place that a request takes; `nil` beyond 64 bits.
  func index(for request: Request) -> UInt64? {
    let (ahead, overflow) = request.ordinal.subtractingReportingOverflow(ordinal)
    guard !overflow else { return nil }
    let start =
      ahead < 0
      ? next - min(next, UInt64(ahead.magnitude))
      : next.addingClamped(UInt64(ahead))
    let (index, isBeyond) = start.addingReportingOverflow(UInt64(max(request.attempt, 0)))
    return isBeyond ? nil : index
  }
}

extension UInt64 {
  fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

/// A trial and what it has reported so far.
public struct ReportingTrial: Sendable {
  public let number: Int
  public let reports: Reports

  public init(number: Int, reports: Reports) {
    self.number = number
    self.reports = reports
  }
}

/// What all trials of a study have reported: what a pruner may compare a trial with.
public struct StudyReports: Sendable {
  public let finished: FinishedReports
  /// The running trials that have reported, by their numbers.
  public let running: [ReportingTrial]

  public init(finished: FinishedReports, running: [ReportingTrial] = []) {
    self.finished = finished
    self.running = running
  }

  /// Calls `body` with the reports of every trial but one: finished ones in the order they finished,
  /// then running ones.
  public func forEach(except number: Int, _ body: (ReportingTrial) -> Void) {
    for entry in finished.entries where entry.trial.number != number { body(entry.trial) }
    for trial in running where trial.number != number { body(trial) }
  }
}

/// What finished trials reported, and step by step what COMPLETE ones did, sorted for quantiles.
public struct FinishedReports: Sendable {
  /// A finished trial.
  public struct Entry: Sendable {
    public let trial: ReportingTrial
    public let state: TrialState
    /// Its values, one per objective; empty where it has none.
    public let values: [Double]
  }

  /// The trials that reported, in the order they finished, and among them those COMPLETE ones without a
  /// report that were the best of these in one direction when they came: `best` may ask for them.
  public private(set) var entries: [Entry] = []
  /// The number of COMPLETE trials.
  public private(set) var completeCount = 0
  /// First objective's values of COMPLETE trials at a step, ascending, without NaN.
  private var sorted: [Int64: [Double]] = [:]
  /// The first values of COMPLETE trials without a report lie in here.
  private var silentValues: ClosedRange<Double>?

  public init() {}

  /// So many COMPLETE trials that reported nothing.
  public init(silent count: Int) { completeCount = count }

  /// The values that COMPLETE trials reported at exactly this step, ascending.
  public func values(at step: Int64) -> [Double] { sorted[step] ?? [] }

  /// Takes in a trial that has finished. O(log n) and a move for each report.
  public mutating func add(
    _ trial: ReportingTrial, _ state: TrialState = .complete, values: [Double] = []
  ) {
    if state == .complete { completeCount += 1 }
    // Most studies report nothing: a trial in here takes a hundred bytes.
    if trial.reports.all.isEmpty {
      guard state == .complete, let value = values.first, widensSilentValues(value) else { return }
    }
    entries.append(Entry(trial: trial, state: state, values: values))
    guard state == .complete else { return }
    for report in trial.reports.all {
      guard let value = report.values.first, !value.isNaN else { continue }
      sorted[report.step, default: []].insertSorted(value)
    }
  }

  /// Takes in a trial that has finished and reported nothing.
  public mutating func addSilent(
    _ number: Int, _ state: TrialState, values: UnsafeBufferPointer<Double>
  ) {
    guard state == .complete else { return }
    completeCount += 1
    guard let value = values.first, widensSilentValues(value) else { return }
    let trial = ReportingTrial(number: number, reports: Reports())
    entries.append(Entry(trial: trial, state: state, values: Array(values)))
  }

  private mutating func widensSilentValues(_ value: Double) -> Bool {
    guard !value.isNaN else { return false }
    guard let known = silentValues else {
      silentValues = value...value
      return true
    }
    guard !known.contains(value) else { return false }
    silentValues = min(known.lowerBound, value)...max(known.upperBound, value)
    return true
  }

  /// The COMPLETE trial with the best first value, the first of equals.
  public func best(_ direction: Direction) -> Entry? {
    var best: Entry?
    for entry in entries where entry.state == .complete {
      guard let value = entry.values.first else { continue }
      if best.map({ direction.isBetter(value, than: $0.values[0]) }) ?? true { best = entry }
    }
    return best
  }

  /// The largest step that COMPLETE trials have reported, those after the first `count` left out.
  public func largestStep(ofFirst count: Int = .max) -> Int64? {
    var (largest, seen): (Int64?, Int) = (nil, 0)
    for entry in entries where entry.state == .complete {
      guard let step = entry.trial.reports.latest?.step else { continue }
      largest = max(largest ?? step, step)
      seen += 1
      if seen == count { break }
    }
    return largest
  }
}

extension [Double] {
  fileprivate mutating func insertSorted(_ value: Double) {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    insert(value, at: low)
  }
}

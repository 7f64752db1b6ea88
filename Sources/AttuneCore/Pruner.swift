/// Decides whether a running trial is given up.
///
/// Like a strategy it sees values only, and answers the same for the same arguments.
public protocol Pruner: Sendable {
  static var description: PrunerDescription { get }

  init(directions: [Direction], options: Options) throws(AttuneError)

  /// Whether to stop a trial after its last report.
  func shouldPrune(_ reports: Reports, given finished: FinishedReports) -> Bool
}

/// What a pruner says of itself.
public struct PrunerDescription: Sendable {
  public let name: String
  public let summary: String
  public let supportsSeveralObjectives: Bool
  public let options: [OptionDescription]

  public init(
    name: String, summary: String, supportsSeveralObjectives: Bool,
    options: [OptionDescription] = []
  ) {
    self.name = name
    self.summary = summary
    self.supportsSeveralObjectives = supportsSeveralObjectives
    self.options = options
  }
}

/// The intermediate values of one trial, in the order they came.
public struct Reports: Sendable, Hashable {
  /// What a trial reported at one step.
  public struct Report: Sendable, Hashable {
    public let step: Int64
    /// One per objective.
    public let values: [Double]

    public init(step: Int64, values: [Double]) {
      self.step = step
      self.values = values
    }
  }

  public private(set) var all: [Report] = []
  private var latestIndex: Int?

  public init() {}

  /// Adds a report; `false`, and nothing kept, when the step has one already.
  @discardableResult
  public mutating func add(step: Int64, values: [Double]) -> Bool {
    // Steps nearly always rise, so only a step that does not is searched for.
    if let latest, step <= latest.step, all.contains(where: { $0.step == step }) { return false }
    if latest.map({ step > $0.step }) ?? true { latestIndex = all.count }
    all.append(Report(step: step, values: values))
    return true
  }

  /// The report with the largest step.
  public var latest: Report? { latestIndex.map { all[$0] } }
}

/// What finished trials reported, step by step, sorted for quantiles.
public struct FinishedReports: Sendable {
  /// The number of COMPLETE trials.
  public private(set) var completeCount = 0
  /// First objective's values of COMPLETE trials at a step, ascending, without NaN.
  private var sorted: [Int64: [Double]] = [:]

  public init() {}

  /// The values that COMPLETE trials reported at exactly this step, ascending.
  public func values(at step: Int64) -> [Double] { sorted[step] ?? [] }

  /// Takes in the reports of a trial that is COMPLETE. O(log n) and a move for each report.
  public mutating func add(_ reports: Reports) {
    completeCount += 1
    for report in reports.all {
      guard let value = report.values.first, !value.isNaN else { continue }
      sorted[report.step, default: []].insertSorted(value)
    }
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

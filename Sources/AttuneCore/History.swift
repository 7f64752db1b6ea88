/// What happened in a study, as a strategy may see it: an unchanging prefix of its events.
///
/// Taking one is O(1). A strategy keeps how many events it has seen and reads the rest at the next
/// ask; one that is made anew reads them all and must come to the same state.
public struct History: Sendable {
  /// What happened to one trial.
  public enum Event: Sendable, Hashable {
    /// Its point is chosen; from here on it is running, or pending.
    case asked(Int)
    /// It is COMPLETE, PRUNED or FAIL; also where it was never asked, as it failed before its point was chosen.
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
  let columns: HistoryColumns

  /// The event at `index`, in the order things happened.
  public func event(_ index: Int) -> Event {
    columns.arrays.pointee.events[index / EventBlock.capacity][index]
  }

  /// The slot of a parameter in a trial that was asked, or `nil` where it is inactive.
  public func slot(_ trial: Int, _ parameter: Int) -> UInt64? {
    block(trial).slot(row(trial), parameter)
  }

  /// The point of a trial that was asked. One allocation.
  public func point(_ trial: Int) -> Point { block(trial).point(row(trial)) }

  /// Whether a trial has a value of any parameter. One that failed before it was asked has none, and a
  /// define-by-run one as long as it runs, or whose objective asked for nothing.
  public func hasPoint(_ trial: Int) -> Bool { block(trial).hasPoint(row(trial)) }

  /// The point of a trial as it was when it was asked. That of a define-by-run trial is another when it has
  /// ended: what its objective asked for.
  public func askedPoint(_ trial: Int) -> Point {
    columns.arrays.pointee.askedBlocks[trial / TrialBlock.rowCount].point(row(trial))
  }

  /// Whether a trial was asked with this point, as far as its first `count` parameters go.
  public func wasAsked(_ trial: Int, at point: Point, parameters count: Int) -> Bool {
    columns.arrays.pointee.askedBlocks[trial / TrialBlock.rowCount].holds(
      row(trial), point, count: count)
  }

  /// Whether a trial has the point that it was asked with, as far as its first `count` parameters go.
  public func hasAskedPoint(_ trial: Int, parameters count: Int) -> Bool {
    let index = trial / TrialBlock.rowCount
    return columns.arrays.pointee.blocks[index] === columns.arrays.pointee.askedBlocks[index]
      || columns.arrays.pointee.blocks[index].holds(row(trial), askedPoint(trial), count: count)
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

  private func block(_ trial: Int) -> TrialBlock {
    columns.arrays.pointee.blocks[trial / TrialBlock.rowCount]
  }
  private func row(_ trial: Int) -> Int { trial % TrialBlock.rowCount }
}

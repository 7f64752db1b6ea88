/// Values by trial number, of the trials that run, or whose point is being chosen.
///
/// A look-up goes through the newest trials first, backwards: mostly the last one is wanted, and a hash would
/// cost more than all the rest. What waits longer goes to a dictionary, so that no number of trials makes
/// look-ups slow.
public struct TrialValues<Value: Sendable>: Sendable {
  /// How many trials are at most looked through.
  @usableFromInline static var recentLimit: Int { 32 }

  @usableFromInline var recentTrials: [Int] = []
  @usableFromInline var recentValues: [Value] = []
  @usableFromInline var older: [Int: Value] = [:]

  @inlinable
  public init() {}

  /// The trials that have a value, in no order.
  public var trials: [Int] { recentTrials + older.keys }

  /// Whether a trial has a value.
  @inlinable
  public func contains(_ trial: Int) -> Bool {
    place(trial) != nil || !older.isEmpty && older[trial] != nil
  }

  /// The value of a trial; `nil` where it has none.
  @inlinable
  public subscript(trial: Int) -> Value? {
    if let place = place(trial) { return recentValues[place] }
    return older.isEmpty ? nil : older[trial]
  }

  /// Gives a trial a value in place of the one it has.
  @inlinable
  public mutating func set(_ value: consuming Value, for trial: Int) {
    if let place = place(trial) {
      recentValues[place] = value
      return
    }
    if !older.isEmpty { older[trial] = nil }
    if recentTrials.count >= Self.recentLimit { age() }
    recentTrials.append(trial)
    recentValues.append(value)
  }

  /// The value that a trial had and has no more.
  @inlinable
  public mutating func remove(_ trial: Int) -> Value? {
    guard let place = place(trial) else {
      return older.isEmpty ? nil : older.removeValue(forKey: trial)
    }
    // The last one without moving others.
    if place == recentTrials.count - 1 {
      recentTrials.removeLast()
      return recentValues.removeLast()
    }
    recentTrials.remove(at: place)
    return recentValues.remove(at: place)
  }

  /// Takes all values away, and keeps the room for as many.
  public mutating func removeAll() {
    recentTrials.removeAll(keepingCapacity: true)
    recentValues.removeAll(keepingCapacity: true)
    older.removeAll()
  }

  /// Takes the value of a trial away; whether it had one.
  @inlinable
  public mutating func discard(_ trial: Int) -> Bool {
    if recentTrials.isEmpty, older.isEmpty { return false }
    return remove(trial) != nil
  }

  @inlinable
  func place(_ trial: Int) -> Int? {
    var place = recentTrials.count
    while place > 0 {
      place -= 1
      if recentTrials[place] == trial { return place }
    }
    return nil
  }

  /// Moves the older half of the recent trials to the dictionary.
  @usableFromInline
  mutating func age() {
    let count = recentTrials.count / 2
    for place in 0..<count { older[recentTrials[place]] = recentValues[place] }
    recentTrials.removeFirst(count)
    recentValues.removeFirst(count)
  }
}

/// How often the trials of one arm bring a new best value, beside those of the others.
///
/// A pure function of the trials told. Old ones count less and less, so that an arm which fitted the
/// objective once, or did not yet, is judged by how it does now.
struct ArmCredit: Sendable, Hashable {
  /// What a trial's weight is multiplied by when the next one arrives.
  private static let memory = 0.95

  private var own = Tally()
  private var others = Tally()

  private struct Tally: Sendable, Hashable {
    var wins = 0.0
    var trials = 0.0

    /// The share that wins, drawn to a half as if one trial had won and one had not.
    var rate: Double { (1 + wins) / (2 + trials) }

    mutating func fade() {
      wins *= ArmCredit.memory
      trials *= ArmCredit.memory
    }

    mutating func add(isWin: Bool) {
      trials += 1
      if isWin { wins += 1 }
    }
  }

  /// How the arm's rate of new best values compares with that of the others; 1 while it has no trial.
  var ratio: Double { own.rate / others.rate }

  /// Takes in a trial, and whether its value is the best so far. Others count from the arm's first on.
  mutating func follow(isOwn: Bool, isWin: Bool) {
    guard isOwn || own.trials > 0 else { return }
    own.fade()
    others.fade()
    if isOwn { own.add(isWin: isWin) } else { others.add(isWin: isWin) }
  }
}

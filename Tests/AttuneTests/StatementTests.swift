import Attune
import AttuneCore
import Testing

/// What an ask and a tell cost in statements, and what becomes of commits without an answer.
@Suite("Statements and transactions")
struct StatementTests {
  private static func space(_ count: Int) -> String {
    let parameters = (0..<count).map { #""p\#($0)": {"type": "float", "low": 0, "high": 1}"# }
    return "{\(parameters.joined(separator: ", "))}"
  }

  @Test(
    "an ask takes four statements in two transactions, a tell three in one, however much there is",
    arguments: [1, 60], [3, 150])
  func counts(parameters: Int, trials: Int) throws {
    let path = try Samples.path()
    let other = try Samples.study(Self.space(parameters), storage: path)
    for _ in 0..<trials { try other.step() }
    for _ in 0..<trials { try other.enqueue([("p0", .float(0.5))]) }
    let (study, connection) = try Samples.watched(path)
    // The first claim records the worker.
    try study.step()
    for isShared in [false, true] {
      // Who shares a file looks what the others did, with one statement a transaction.
      let looks = isShared && Samples.server == nil ? 1 : 0
      func disturb() throws { if isShared { try other.step() } }
      for _ in 0..<3 {
        try disturb()
        connection.reset()
        let trial = try study.ask()
        #expect(connection.statements <= 4 + looks && connection.transactions == 2)
        try disturb()
        connection.reset()
        try study.tell(trial, values: [1])
        #expect(connection.statements <= 3 + looks && connection.transactions == 1)
      }
    }
  }

  /// Asks and tells with answers lost as said; the study in the database is the one at hand.
  private func check(
    _ study: Study, _ path: String, told: [Double]
  ) throws {
    let again = try Study.open(storage: path)
    #expect(try again.trials().records.map(\.timeless) == study.trials().records.map(\.timeless))
    #expect(try again.trials([.complete]).records.flatMap(\.values) == told)
    #expect(try again.lostTrials() == [])
  }

  @Test(
    "what a commit without an answer did is found in the log, or done again, once",
    arguments: [[true], [false], [false, true], [false, false, true], [true, true]])
  func unanswered(lost: [Bool]) throws {
    let path = try Samples.path()
    let other = try Samples.study(storage: path)
    let (study, connection) = try Samples.watched(path)
    var told: [Double] = []
    for index in 0..<6 {
      let value = Double(index)
      if index % 2 == 0 { connection.lost = lost }
      let trial = try study.ask()
      #expect(trial.number == 2 * index)
      connection.lost = lost
      try study.tell(trial, values: [value])
      connection.lost = []
      try other.tell(other.ask(), values: [-value])
      told += [value, -value]
    }
    _ = try study.trials()
    try check(study, path, told: told)
  }

  @Test(
    "what was told when the connection did not come back is found in the log later, or stored then",
    arguments: [true, false])
  func unansweredForLong(happened: Bool) throws {
    let path = try Samples.path()
    let other = try Samples.study(storage: path)
    let (study, connection) = try Samples.watched(path)
    connection.comesBack = false
    let trials = try study.ask(count: 3)
    connection.lost = [happened]
    let error = thrownError { () throws(AttuneError) in try study.tell(trials[0], values: [0]) }
    #expect(error?.message.hasSuffix("1 events are kept and tried again") == true)
    let theirs = try other.ask()
    try study.tell(trials[1], values: [1])
    try check(study, path, told: [0, 1])
    // A claim is either there and nobody's, or not there at all.
    connection.lost = [happened]
    #expect(throws: AttuneError.self) { try study.ask() }
    try other.tell(theirs, values: [3])
    try study.tell(trials[2], values: [2])
    #expect(try study.ask().number == (happened ? 5 : 4))
    #expect(try study.trials([.running]).count == (happened ? 2 : 1))
    try check(study, path, told: [0, 1, 2, 3])
  }
}

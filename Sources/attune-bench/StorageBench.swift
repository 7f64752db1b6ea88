import Attune
import AttuneCore
import Glibc

/// What keeping a study in a SQLite file costs, as it grows and when it is opened.
struct StorageBench {
  /// A folder for the files.
  let folder: String

  func run() throws {
    Row.heading("ask + tell in SQLite, 5 parameters")
    for durability in Durability.allCases {
      let trials = durability == .full ? 500 : 5000
      let path = file("\(durability)")
      let study = try Study.create(settings(width: 5, durability), storage: path)
      let seconds = try Clock.seconds { try Self.work(study, trials) }
      study.close()
      Row.measured(
        "Attune in SQLite, \(durability), trials/s", Double(trials) / seconds, decimals: 0)
    }
    try long()
  }

  /// A study of 100,000 trials and 10 parameters.
  private func long() throws {
    let path = file("long")
    let study = try Study.create(settings(width: 10, .process), storage: path)
    let first = try Clock.seconds { try Self.work(study, 1000) }
    try Self.work(study, 98_000)
    let last = try Clock.seconds { try Self.work(study, 1000) }
    study.close()
    Row.measured(
      "100,000 trials: the last 1,000 to the first", last / first, wanted: "<= 1.2", decimals: 2)
    let opening = try Clock.seconds { _ = try Study.open(storage: path) }
    Row.measured("opening 100,000 trials x 10, seconds", opening, wanted: "<= 1.5", decimals: 2)
  }

  private func file(_ name: String) -> String {
    let path = "\(folder)/storage-\(name).db"
    for ending in ["", "-wal", "-shm"] { unlink(path + ending) }
    return path
  }

  private func settings(width: Int, _ durability: Durability) throws -> Study.Settings {
    let five = [
      #""lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true}"#,
      #""layers": {"type": "int", "low": 1, "high": 8}"#,
      #""kernel": {"type": "categorical", "choices": ["rbf", "poly", "linear"]}"#,
      #""momentum": {"type": "float", "low": 0, "high": 1}"#,
      #""width": {"type": "int", "low": 16, "high": 1024}"#,
    ]
    let more = (five.count..<max(width, five.count)).map {
      #""x\#($0)": {"type": "float", "low": 0, "high": 1}"#
    }
    var settings = Study.Settings()
    settings.space = try Space(json: "{\((five + more).joined(separator: ", "))}")
    settings.strategy = "random"
    settings.seed = 1
    settings.durability = durability
    return settings
  }

  private static func work(_ study: Study, _ trials: Int) throws {
    for number in 0..<trials {
      let trial = try study.ask()
      try study.tell(trial, values: [Double(number)])
    }
  }
}

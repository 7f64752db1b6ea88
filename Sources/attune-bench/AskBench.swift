import Attune
import AttuneCore
import AttuneStrategies
import Glibc

/// What one ask and tell cost through the Swift engine, by strategy.
struct AskBench {
  private static let rounds = 5
  private static let space = """
    {"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true},
     "layers": {"type": "int", "low": 1, "high": 8},
     "kernel": {"type": "categorical", "choices": ["rbf", "poly", "linear"]},
     "momentum": {"type": "float", "low": 0, "high": 1},
     "width": {"type": "int", "low": 16, "high": 1024}}
    """

  /// Trials of a round: those that fit a Gaussian process are for hundreds of trials.
  private static func trialCount(of strategy: String) -> Int {
    ["gp", "bayesian"].contains(strategy) ? 200 : 50_000
  }

  func run() throws {
    Row.heading("ask + tell in Swift, 5 parameters, microseconds")
    for strategy in StrategyCatalog.descriptions.map(\.name) {
      let name = "\(strategy), in memory"
      let median = try Clock.median(rounds: Self.rounds) {
        try microseconds(strategy: strategy, trials: Self.trialCount(of: strategy))
      }
      Row.measured(name, median, decimals: 2)
    }
  }

  private func microseconds(strategy: String, trials: Int) throws -> Double {
    var settings = Study.Settings()
    settings.space = try Space(json: Self.space)
    settings.strategy = strategy
    settings.seed = 1
    if strategy == "grid" {
      settings.strategyOptions = [(key: "points", value: .int(20))]
    }
    let study = try Study.create(settings)
    defer { study.close() }
    let seconds = try Clock.seconds {
      for number in 0..<trials {
        let trial = try study.ask()
        try study.tell(trial, values: [Double(number)])
      }
    }
    return seconds / Double(trials) * 1e6
  }
}

import Attune
import AttuneCore
import AttuneNumerics
import Glibc

/// How much of its time a worker of a deterministic study waits for slow trials: eight jobs, and trials that
/// sleep for times of a log-normal distribution, as trainings of different sizes take.
struct WaitingBench {
  private static let jobs = 8
  private static let trials = 300
  private static let median = 0.04

  func run() throws {
    for spread in [0.25, 0.5, 1] {
      Row.heading("percent idle, 8 jobs, log-normal of sigma \(spread)")
      Row.measured("no window", 100 * (try idle(window: nil, spread)))
      for window in [8, 16, 32] {
        Row.measured("window \(window)", 100 * (try idle(window: window, spread)))
      }
    }
  }

  /// The share of the workers' time in which they evaluated nothing.
  private func idle(window: Int?, _ spread: Double) throws -> Double {
    let objective = SleepingObjective(median: Self.median, spread: spread)
    var settings = Study.Settings()
    settings.space = try Space(json: #"{"x": {"type": "float", "low": 0, "high": 1}}"#)
    settings.strategy = "random"
    settings.seed = 1
    settings.window = window
    let study = try Study.create(settings)
    defer { study.close() }
    let seconds = try Clock.seconds {
      _ = try study.optimize(objective, RunOptions(nTrials: Self.trials, nJobs: Self.jobs))
    }
    let work = (0..<Self.trials).reduce(0) { $0 + objective.seconds($1) }
    return 1 - work / (seconds * Double(Self.jobs))
  }
}

/// Sleeps as long as the trial's number says.
private final class SleepingObjective: Objective, Evaluator {
  private let median: Double
  private let spread: Double

  init(median: Double, spread: Double) {
    self.median = median
    self.spread = spread
  }

  var description: ObjectiveDescription { ObjectiveDescription(kind: "callback", id: "sleep") }

  func seconds(_ number: Int) -> Double {
    let uniform = RandomStream(seed: 7, trial: UInt64(number), stream: 0).unit(at: 0)
    return median * exp(spread * StandardNormal.quantile(uniform))
  }

  func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator {
    self
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    usleep(UInt32(seconds(trial.number) * 1e6))
    values[0] = 1
    return .complete
  }
}

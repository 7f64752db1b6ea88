import Attune
import AttuneCore
import Glibc

/// What each ask and tell of one whole study costs, with 10 mixed parameters: the space and the objective
/// of `Tests/peers/overhead_worker.py`.
///
/// `attune-bench overhead STRATEGY TRIALS [SEED [FILE]]`; with FILE the study is stored there, and what
/// opening it again and the first asks then cost is measured too. Prints processor time by windows of
/// trials, the most memory the process had, and a fingerprint of all points proposed: two builds that
/// show the same one propose the same.
struct OverheadBench {
  static let space = """
    {"x0": {"type": "float", "low": -5, "high": 5}, "x1": {"type": "float", "low": 0, "high": 1},
     "x2": {"type": "float", "low": -1, "high": 1},
     "rate": {"type": "float", "low": 1e-5, "high": 0.1, "log": true},
     "decay": {"type": "float", "low": 1e-8, "high": 0.01, "log": true},
     "layers": {"type": "int", "low": 1, "high": 8},
     "width": {"type": "int", "low": 16, "high": 1024, "log": true},
     "depth": {"type": "int", "low": 1, "high": 20},
     "kernel": {"type": "categorical", "choices": ["rbf", "poly", "linear"]},
     "optimizer": {"type": "categorical", "choices": ["sgd", "adam", "rmsprop", "adagrad"]}}
    """

  let strategy: String
  let trialCount: Int
  let seed: UInt64
  let storage: String?

  init(_ arguments: [String]) throws(AttuneError) {
    guard (2...4).contains(arguments.count), let trials = Int(arguments[1]), trials > 0,
      let seed = UInt64(arguments.count > 2 ? arguments[2] : "1")
    else {
      throw AttuneError(
        .invalidArgument,
        "arguments are \(arguments), wanted: overhead STRATEGY TRIALS [SEED [FILE]]")
    }
    (strategy, trialCount, self.seed) = (arguments[0], trials, seed)
    storage = arguments.count > 3 ? arguments[3] : nil
  }

  func run() throws {
    Row.heading("ask + tell, \(strategy), 10 parameters, microseconds")
    var settings = Study.Settings()
    settings.name = "overhead"
    settings.space = try Space(json: Self.space)
    settings.strategy = strategy
    settings.seed = seed
    let study = try Study.create(settings, storage: storage)
    var times: [Double] = []
    times.reserveCapacity(trialCount)
    var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325
    for _ in 0..<trialCount {
      let start = Clock.processor
      let trial = try study.ask()
      let asked = Clock.processor
      let value = Self.value(trial.point, in: trial.space)
      for index in trial.point.slots.indices {
        fingerprint = (fingerprint ^ (trial.point[index] ?? 0)) &* 0x100_0000_01b3
      }
      let told = Clock.processor
      _ = try study.tell(trial, values: [value])
      times.append((asked - start + Clock.processor - told) * 1e6)
    }
    study.close()
    report(times)
    Row.measured("most memory of the process, MB", Self.peakMemory, decimals: 1)
    print("points: \(String(fingerprint, radix: 16))")
    if let storage { try reopen(storage) }
  }

  /// What the first asks of a study cost that was opened from its file.
  private func reopen(_ storage: String) throws {
    let start = Clock.processor
    let study = try Study.open(storage: storage, name: "overhead")
    defer { study.close() }
    let opened = Clock.processor
    Row.measured("opening the study, ms", (opened - start) * 1e3, decimals: 1)
    // Some of the next few asks are of the process, which is fitted anew then.
    var times: [Double] = []
    for _ in 0..<8 {
      times.append(
        try Clock.processorSeconds {
          let trial = try study.ask()
          _ = try study.tell(trial, values: [Self.value(trial.point, in: trial.space)])
        } * 1e3)
    }
    Row.measured("the first ask then, ms", times[0], decimals: 1)
    Row.measured("the longest of the first 8, ms", times.max() ?? 0, decimals: 1)
  }

  private func report(_ times: [Double]) {
    let windows = [
      ("first 100", 0..<100), ("100", 90..<110), ("200", 190..<210), ("first 210", 0..<210),
      ("500", 475..<525), ("1,000", 950..<1050), ("2,000", 1950..<2050), ("10,000", 9500..<10500),
      ("100,000", 99_500..<100_000), ("all", 0..<times.count),
    ]
    for (name, window) in windows where window.upperBound <= times.count {
      let chosen = times[window]
      let mean = chosen.reduce(0, +) / Double(chosen.count)
      let sorted = chosen.sorted()
      let late = sorted[min(Int(0.99 * Double(sorted.count)), sorted.count - 1)]
      let worst = sorted[sorted.count - 1]
      Row.measured("\(name): mean", mean)
      Row.measured("\(name): 99th percentile", late)
      Row.measured("\(name): worst, trial \(window.lowerBound + place(worst, chosen))", worst)
    }
  }

  private func place(_ value: Double, _ times: ArraySlice<Double>) -> Int {
    (times.firstIndex(of: value) ?? times.startIndex) - times.startIndex
  }

  /// A smooth objective of all ten, with terms that depend on a choice.
  private static func value(_ point: Point, in space: Space) -> Double {
    func number(_ index: Int) -> Double {
      guard let slot = point[index] else { return 0 }
      return space.parameters[index].distribution.number(ofSlot: slot)
    }
    func square(_ x: Double) -> Double { x * x }
    let offset = [0, 0.7, 1.5][Int(point[8] ?? 0)]
    let centre = [1, -2, 2.5, 0][Int(point[9] ?? 0)]
    let smooth =
      offset + 0.1 * square(number(0) - centre) + square(number(1) - 0.3) + square(number(2) + 0.4)
    let rates = 50 * square(number(3) - 0.01) + 100 * number(4)
    let sizes =
      0.05 * abs(number(5) - 3) + 1e-6 * square(number(6) - 200) + 0.01 * abs(number(7) - 7)
    return smooth + rates + sizes
  }

  /// The most memory that this process has had resident, in MB.
  private static var peakMemory: Double {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}

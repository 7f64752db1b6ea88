import AttuneCore

/// Measures the quality of strategies: `attune-bench quality`.
struct QualityBench {
  private var options: QualityOptions
  private let thresholds: QualityThresholds?

  init(_ options: QualityOptions) throws {
    self.options = options
    guard let path = options.check else {
      thresholds = nil
      return
    }
    guard options.problems.isEmpty else {
      throw AttuneError(.invalidArgument, "--check judges groups, so it does not take --problems")
    }
    let thresholds = try QualityThresholds(parsing: TextFile(path: path).read())
      .limited(to: options.strategies?.map(\.label), groups: options.groups)
    self.options.seeds = thresholds.seeds
    self.options.trials = thresholds.trials
    self.options.strategies = try thresholds.strategies.map { try StrategySpec($0) }
    self.thresholds = thresholds
  }

  /// The exit status: 1 when thresholds are exceeded.
  func run() throws -> Int32 {
    if options.isHelp {
      print(QualityOptions.usage)
      return 0
    }
    let families = try options.families()
    if options.isList {
      for family in families { print(family.name.padded(to: 28) + family.group.rawValue) }
      return 0
    }
    let strategies = try options.strategies ?? QualityOptions.standardStrategies()
    var results = try measure(families, strategies)
    if let path = options.json {
      let lines = results.map { $0.json(options.checkpoints).text(.spaced) + "\n" }
      try TextFile(path: path).write(lines.joined())
    }
    var labels = strategies.map(\.label)
    if let path = options.with {
      let others = try earlier(path, beside: results, labels: labels)
      for other in others where !labels.contains(other.strategy) { labels.append(other.strategy) }
      results += others
    }
    let table = QualityTable(
      results: results, strategies: labels, checkpoints: options.checkpoints)
    if options.isVerbose { table.printProblems() }
    table.printGroups()
    table.printBelowOptimum()
    return try judge(QualityBlock.blocks(results, options.checkpoints), labels)
  }

  private func measure(
    _ families: [ProblemFamily], _ strategies: [StrategySpec]
  ) throws -> [QualityResult] {
    let runs = families.flatMap { family in
      (0..<options.seeds).map {
        QualityRun(family: family, seed: options.firstSeed + $0, checkpoints: options.checkpoints)
      }
    }
    return try Workers.map(runs.count, jobs: options.jobs) { try runs[$0].results(strategies) }
      .flatMap { $0 }
  }

  /// Results of an earlier call, of the instances that are measured here; strategies that are
  /// measured here too get a star.
  private func earlier(
    _ path: String, beside results: [QualityResult], labels: [String]
  ) throws -> [QualityResult] {
    let instances = Set(results.map { "\($0.problem) \($0.seed)" })
    return try TextFile(path: path).read().split(separator: "\n").compactMap { line in
      var result = try QualityResult(JSON(parsing: line), checkpoints: options.checkpoints)
      if labels.contains(result.strategy) { result.strategy += "*" }
      return instances.contains("\(result.problem) \(result.seed)") ? result : nil
    }
  }

  private func judge(_ blocks: [QualityBlock], _ labels: [String]) throws -> Int32 {
    if let path = options.writeCheck {
      let measured = QualityThresholds(
        of: blocks, strategies: labels, seeds: options.seeds, trials: options.trials)
      try TextFile(path: path).write(measured.text)
    }
    guard let thresholds else { return 0 }
    let shortfalls = thresholds.shortfalls(blocks)
    for shortfall in shortfalls { print("short: " + shortfall) }
    print("quality: \(shortfalls.count) of \(2 * thresholds.lines.count) thresholds exceeded")
    return shortfalls.isEmpty ? 0 : 1
  }
}

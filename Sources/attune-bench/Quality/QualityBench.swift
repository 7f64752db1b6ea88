/// Measures the quality of strategies: `attune-bench quality`.
struct QualityBench {
  let options: QualityOptions

  /// The exit status: 1 when thresholds are exceeded.
  func run() throws -> Int32 {
    if options.isHelp {
      print(QualityOptions.usage)
      return 0
    }
    let families = try options.families()
    if options.isList {
      for family in families {
        print(family.name.padded(to: 28) + family.group.rawValue)
      }
      return 0
    }
    let results = try measure(families)
    let table = QualityTable(
      results: results, strategies: options.strategies.map(\.label),
      checkpoints: options.checkpoints)
    if options.isVerbose { table.printProblems() }
    table.printGroups()
    return 0
  }

  private func measure(_ families: [ProblemFamily]) throws -> [QualityResult] {
    let runs = families.flatMap { family in
      (0..<options.seeds).map {
        QualityRun(family: family, seed: options.firstSeed + $0, checkpoints: options.checkpoints)
      }
    }
    let strategies = options.strategies
    return try Workers.map(runs.count, jobs: options.jobs) { try runs[$0].results(strategies) }
      .flatMap { $0 }.compactMap { $0 }
  }
}

import AttuneCore
import AttuneStrategies
import Testing

/// That every strategy stands whatever a study meets: valid points, the same ones when made anew.
struct StrategyHardshipTests {
  private static let spaces: [LawSpace] = [.mixed, .nested, .extremes, .oneFloat, .oneBool]

  /// Three proposals for a study, of a strategy that was led along and of one made anew.
  private func check(_ study: BareStudy, _ name: String, _ comment: String) throws {
    var (study, anew) = (study, study)
    anew.strategy = try StrategyCatalog.make(
      named: name, space: study.space, directions: study.directions)
    for attempt in 0..<3 {
      let request = Request(
        seed: study.seed, number: study.log.trialCount, ordinal: study.log.trialCount,
        attempt: attempt)
      let point = study.strategy.propose(request, given: study.log.snapshot)
      let again = anew.strategy.propose(request, given: study.log.snapshot)
      #expect(point == again, "\(name), \(comment)")
      guard let point else {
        // Only what can be counted ends.
        #expect(study.strategy.pointCount != nil, "\(name), \(comment)")
        return
      }
      #expect(
        StrategyLaws.faults(of: point, request, in: study.space) == [], "\(name), \(comment)")
    }
  }

  @Test("no end of trials breaks a strategy", arguments: Hardship.allCases, StrategyCatalog.names)
  func ends(hardship: Hardship, name: String) throws {
    for law in Self.spaces where !StrategyLawTests.refuses(name, law) {
      for direction in [Direction.minimize, .maximize] {
        var study = try BareStudy(try law.space(), strategy: name, directions: [direction])
        for number in 0..<20 {
          try study.start(study.drawn(number))
          let end = hardship.end(of: number)
          study.log.finish(
            number, end.state, values: [end.value], violation: end.violation,
            outlook: end.outlook, at: 1)
          // Only that the strategy has read so far matters: a small grid may have no point left.
          if number == 12 { _ = try? study.proposal() }
        }
        try check(study, name, "\(hardship), \(law), \(direction)")
      }
    }
  }

  @Test(
    "no end of trials breaks a strategy with several objectives",
    arguments: Hardship.allCases, StrategyCatalog.names)
  func objectives(hardship: Hardship, name: String) throws {
    guard try StrategyCatalog.description(named: name).supportsSeveralObjectives else { return }
    for directions in [[Direction.minimize, .maximize], [.maximize, .maximize, .minimize]] {
      var study = try BareStudy(
        try LawSpace.mixed.space(), strategy: name, directions: directions)
      for number in 0..<20 {
        try study.start(study.drawn(number))
        let end = hardship.end(of: number)
        // One objective is hard, the others are easy.
        let values = directions.indices.map { number % 4 == $0 ? end.value : Double(number % 7) }
        study.log.finish(
          number, end.state, values: values, violation: end.violation, outlook: end.outlook, at: 1)
      }
      try check(study, name, "\(hardship), \(directions.count) objectives")
    }
  }

  /// As when its owner dies while it chooses, or somebody ends it meanwhile.
  @Test(
    "trials that fail before their point is chosen are no burden", arguments: StrategyCatalog.names)
  func pointless(name: String) throws {
    let several = try StrategyCatalog.description(named: name).supportsSeveralObjectives
    for directions in [[Direction.minimize], [.minimize, .maximize]].prefix(several ? 2 : 1) {
      for law in Self.spaces where !StrategyLawTests.refuses(name, law) {
        for failures in [0..<3, 5..<6, 12..<20] {
          var study = try BareStudy(try law.space(), strategy: name, directions: directions)
          for number in 0..<20 {
            if failures.contains(number) {
              _ = study.log.claim(.strategy, at: 0)
              study.log.finish(number, .fail, values: [], at: 1)
            } else {
              try study.start(study.drawn(number))
              let values = directions.indices.map { Double(number * ($0 + 3) % 7) }
              study.log.finish(number, .complete, values: values, at: 1)
            }
            // Only what the strategy has read so far matters: a small grid may have no point left.
            let request = Request(seed: study.seed, number: number + 1, ordinal: number + 1)
            if number % 4 == 1 { _ = study.strategy.propose(request, given: study.log.snapshot) }
          }
          try check(study, name, "\(law), \(directions.count) objectives, \(failures) never asked")
        }
      }
    }
  }

  @Test("200 parameters are no burden", arguments: StrategyCatalog.names)
  func manyParameters(name: String) throws {
    guard !StrategyLawTests.refuses(name, .wide) else { return }
    var study = try BareStudy(try LawSpace.wide.space(), strategy: name)
    for number in 0..<24 {
      try study.start(study.drawn(number))
      study.finish(number) { $0.reduce(0) { $0 + ($1 ?? 0) } }
    }
    try check(study, name, "200 parameters")
  }

  @Test(
    "10,000 running trials are no burden", .timeLimit(.minutes(2)),
    arguments: StrategyCatalog.names)
  func pending(name: String) throws {
    let space = try Space([LawSpace.float("x", 0, 1), LawSpace.int("y", 0, 99)])
    var study = try BareStudy(space, strategy: name)
    for number in 0..<20 {
      try study.start(study.drawn(number))
      study.finish(number) { ($0[0] ?? 0) + ($0[1] ?? 0) }
    }
    for number in 20..<10_020 { try study.start(study.drawn(number)) }
    try check(study, name, "10,000 pending")
    for number in stride(from: 20, to: 10_020, by: 77) { study.finish(number) { $0[0] ?? 0 } }
    try check(study, name, "10,000 pending and some of them finished")
  }
}

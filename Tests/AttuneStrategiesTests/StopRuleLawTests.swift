import AttuneCore
import AttuneStrategies
import Testing

/// What every stop rule promises.
@Suite("Laws of stop rules")
struct StopRuleLawTests {
  private typealias Samples = StopRuleSamples

  /// Trials that end in every way there is; their values turned for another direction.
  private static func story(_ space: Space, count: Int, sign: Double = 1) -> HistoryLog {
    var log = HistoryLog(valueCount: 1, width: space.count)
    for number in 0..<count {
      _ = log.claim(number % 9 == 4 ? .enqueued : .strategy, at: 0)
      log.fill(
        number,
        space.point { index in
          IndependentSampler.slot(of: space.parameters[index], seed: 77, trial: number)
        })
      switch number % 11 {
      case 0: break
      case 1: log.finish(number, .fail, values: [], at: 1)
      case 2: log.finish(number, .complete, values: [sign * .infinity], at: 1)
      case 4: log.finish(number, .pruned, values: [sign * 0.5], at: 1)
      case 6:
        log.finish(number, .complete, values: [-sign], violation: Double(number % 3), at: 1)
      default: log.finish(number, .complete, values: [sign * Double(number % 5 - 2)], at: 1)
      }
    }
    return log
  }

  @Test(
    "a rule that was kept says what one made anew says",
    arguments: StopRuleCatalog.names, LawSpace.allCases.filter { $0 != .wide })
  func anew(name: String, kind: LawSpace) throws {
    let space = try kind.space()
    let history = Self.story(space, count: 60).snapshot
    var kept = try Samples.rule(name, space)
    #expect(kept.reasonToStop() == nil)
    var seen = 0
    for end in stride(from: 7, through: history.eventCount, by: 7) {
      kept.follow(history, events: seen..<end)
      seen = end
      let reason = kept.reasonToStop()
      var anew = try Samples.rule(name, space)
      anew.follow(history, events: 0..<end)
      #expect(anew.reasonToStop() == reason, "after \(end) events")
      #expect(kept.reasonToStop() == reason, "asked again after \(end) events")
      #expect(reason?.contains("\n") != true)
      #expect(reason?.isEmpty != true)
    }
  }

  @Test("values turned with the direction are judged the same", arguments: StopRuleCatalog.names)
  func turned(name: String) throws {
    let space = try LawSpace.mixed.space()
    func holds(_ sign: Double) throws -> [Bool] {
      let history = Self.story(space, count: 50, sign: sign).snapshot
      var options = Samples.options(name)
      if name == "target" { options = [("value", .float(sign * -1.9))] }
      if name == "regret_bound" { options = [("threshold", .float(4))] }
      var rule = try Samples.rule(
        name, space, sign > 0 ? .minimize : .maximize, options: options)
      return (0..<history.eventCount).map { event in
        rule.follow(history, events: event..<(event + 1))
        return rule.reasonToStop() != nil
      }
    }
    #expect(try holds(1) == holds(-1))
  }

  @Test("a rule serves one objective, and says so", arguments: StopRuleCatalog.names)
  func severalObjectives(name: String) throws {
    let space = try LawSpace.oneFloat.space()
    let error = #expect(throws: AttuneError.self) {
      try StopRuleCatalog.make(
        named: name, space: space, directions: [.minimize, .maximize],
        options: Samples.options(name))
    }
    #expect(error?.code == .notSupported)
    #expect(
      error?.message
        == "stop rule \(name) compares one value, and this study has 2 objectives; use n_trials or a "
        + "timeout")
  }

  @Test("a rule that needs a declared space refuses one that is discovered")
  func discovered() throws {
    for description in StopRuleCatalog.descriptions {
      func make() throws -> any StopRule {
        try StopRuleCatalog.make(
          named: description.name, space: .empty, isDefineByRun: true, directions: [.minimize],
          options: Samples.options(description.name))
      }
      guard description.needsSpace else {
        _ = try make()
        continue
      }
      let error = #expect(throws: AttuneError.self) { try make() }
      #expect(error?.code == .notSupported)
      #expect(error?.message.hasSuffix("use no_improvement, target") == true)
    }
  }

  @Test("options are described, and wrong ones refused", arguments: StopRuleCatalog.names)
  func options(name: String) throws {
    let description = try StopRuleCatalog.description(named: name)
    #expect(!description.summary.isEmpty && !description.options.isEmpty)
    let space = try LawSpace.oneFloat.space()
    let error = #expect(throws: AttuneError.self) {
      try Samples.rule(name, space, options: [("speed", .int(1))])
    }
    #expect(error?.message.hasPrefix("stop rule \(name): unknown option \"speed\"") == true)
    let main = description.options[0].key
    let wrong = #expect(throws: AttuneError.self) {
      try Samples.rule(name, space, options: [(main, .string("few"))])
    }
    #expect(
      wrong?.message.hasPrefix("stop rule \(name): option \"\(main)\" is \"few\", wanted") == true)
  }
}

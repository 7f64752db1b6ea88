import AttuneCore
import AttuneStrategies
import Testing

/// When the rules without a model hold, and how rules are written.
@Suite("Stop rules")
struct StopRuleTests {
  private typealias Samples = StopRuleSamples

  @Test("no improvement: the first trial of so many without a better value")
  func patience() throws {
    #expect(try Samples.firstHold("no-improvement=3", values: [5, 6, 7, 8, 9]) == 4)
    #expect(try Samples.firstHold("no-improvement=3", values: [5, 6, 7, 4, 4, 4, 4]) == 7)
    #expect(try Samples.firstHold("no-improvement=3", values: [5, 6, 7, 4, 5, 3, 5, 2]) == nil)
    #expect(try Samples.firstHold("no-improvement=3", .maximize, values: [5, 4, 6, 1, 1, 1]) == 6)
    #expect(try Samples.firstHold("no-improvement=1", values: [5, 4, 3, 3]) == 4)
    let falling = (0..<40).map { -Double($0) }
    #expect(try Samples.firstHold("no-improvement", values: falling) == nil)
    #expect(try Samples.firstHold("no-improvement", values: falling.reversed()) == 31)
    #expect(try Samples.firstHold("no-improvement=2", values: [.infinity, .infinity, 5]) == nil)
    #expect(try Samples.firstHold("no-improvement=2", values: [-.infinity, 1, 0]) == 3)
  }

  @Test("no improvement: small steps count once they add up to more than min_delta")
  func margin() throws {
    let rule = "no-improvement=3,min_delta=1"
    #expect(try Samples.firstHold(rule, values: [10, 9.5, 9, 9.2, 0]) == 4)
    #expect(try Samples.firstHold(rule, values: [10, 9.5, 8.9, 8.5, 8, 7.8, 7]) == nil)
    #expect(try Samples.firstHold(rule, .maximize, values: [1, 1.5, 2, 1.9]) == 4)
    #expect(try Samples.firstHold("no-improvement=3,min-delta=1", values: [10, 9, 9, 9]) == 4)
  }

  @Test("no improvement: every finished trial counts, feasible ones are better than others")
  func endings() throws {
    let rule = "no-improvement=3"
    #expect(try Samples.firstHold(rule, endings: [.fail, .fail, .fail]) == 3)
    #expect(try Samples.firstHold(rule, endings: [.value(1), .pruned(0), .fail, .value(1)]) == 4)
    // PRUNED values are not final: they improve nothing.
    #expect(
      try Samples.firstHold(rule, endings: [.value(1), .pruned(0), .value(0.5), .fail, .fail])
        == nil)
    #expect(
      try Samples.firstHold(
        rule,
        endings: [.infeasible(0, 3), .infeasible(9, 2), .value(99), .infeasible(0, 1), .value(99)])
        == nil)
    #expect(
      try Samples.firstHold(
        rule, endings: [.value(99), .infeasible(0, 1), .infeasible(0, 0.5), .infeasible(0, 0.1)])
        == 4)
    var none = try Samples.rule(text: rule)
    let history = try Samples.history([.fail, .fail, .fail])
    for trial in 0..<3 { none.follow(trial, in: history) }
    #expect(none.reasonToStop() == "none of 3 trials is complete")
  }

  @Test("target: the first feasible COMPLETE trial as good, in either direction")
  func target() throws {
    #expect(try Samples.firstHold("target=0.5", values: [2, 1, 0.5]) == 3)
    #expect(try Samples.firstHold("target=0.5", values: [2, 1, 0.6]) == nil)
    #expect(try Samples.firstHold("target=-1e-3", values: [2, -1, 0.6]) == 2)
    #expect(try Samples.firstHold("target=0.5", .maximize, values: [0.4, 0.1, 0.9]) == 3)
    #expect(try Samples.firstHold("target=3", .maximize, values: [2, .infinity]) == 2)
    #expect(
      try Samples.firstHold(
        "target=1", endings: [.pruned(0), .infeasible(0, 0.1), .fail, .value(1)]) == 4)
    var rule = try Samples.rule(text: "target=1")
    let history = try Samples.history([.value(3), .value(0.5), .value(9)])
    for trial in 0..<3 { rule.follow(trial, in: history) }
    #expect(rule.reasonToStop() == "trial 1 has 0.5, the target is 1.0")
  }

  @Test("rules are read with their options, several between semicolons")
  func texts() throws {
    let rules = try StopRuleText.rules(
      parsing: " target = 0.01 ;No-Improvement=50, min_delta=1e-3; regret-bound;EI")
    #expect(
      rules.map(\.description.name) == [
        "target", "no_improvement", "regret_bound", "expected_improvement",
      ])
    #expect(rules[0].options.map(\.value) == [.float(0.01)])
    #expect(rules[1].options.map(\.key) == ["patience", "min_delta"])
    #expect(rules[1].options.map(\.value) == [.int(50), .float(0.001)])
    #expect(rules[2].options.isEmpty)
    for (text, wanted) in [
      ("", "a stop rule is \"\", wanted a name"), (";target=1", "a stop rule is \"\""),
      ("=1", "a stop rule is \"=1\""),
      ("targt=1", "no stop rule \"targt\" (did you mean \"target\"?)"),
      ("target=1,2", "stop rule target: found \"2\", wanted key=value"),
      ("target=1,=2", "stop rule target: found \"=2\", wanted key=value"),
    ] {
      let error = #expect(throws: AttuneError.self) { try StopRuleText.rules(parsing: text) }
      #expect(error?.message.hasPrefix(wanted) == true, "\(text): \(error?.message ?? "")")
    }
    #expect(throws: AttuneError.self) { try Samples.rule(text: "target") }
    #expect(throws: AttuneError.self) { try Samples.rule(text: "no-improvement=0") }
    #expect(throws: AttuneError.self) { try Samples.rule(text: "no-improvement=1,min_delta=-1") }
    #expect(throws: AttuneError.self) { try Samples.rule(text: "regret-bound=0") }
    #expect(throws: AttuneError.self) { try Samples.rule(text: "target=1,value=2") }
  }
}

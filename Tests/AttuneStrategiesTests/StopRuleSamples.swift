import AttuneCore
import AttuneStrategies

/// Histories and rules that tests of stop rules share.
enum StopRuleSamples {
  /// Options with which each rule may fire soon.
  static func options(_ name: String) -> [(key: String, value: Value)] {
    switch name {
    case "no_improvement": [("patience", .int(5))]
    case "target": [("value", .float(-1.9))]
    default: []
    }
  }

  static func rule(
    _ name: String, _ space: Space, _ direction: Direction = .minimize,
    options: [(key: String, value: Value)]? = nil
  ) throws(AttuneError) -> any StopRule {
    try StopRuleCatalog.make(
      named: name, space: space, directions: [direction], options: options ?? Self.options(name))
  }

  /// A rule made of a text, for one number and one objective.
  static func rule(
    text: String, _ direction: Direction = .minimize
  ) throws -> any StopRule {
    let parsed = try StopRuleText.rules(parsing: text)
    return try rule(
      parsed[0].description.name, LawSpace.oneFloat.space(), direction, options: parsed[0].options)
  }

  /// Trials one after the other that end as said: COMPLETE with a value, or else.
  static func history(_ outcomes: [Ending]) throws -> History {
    let space = try LawSpace.oneFloat.space()
    var log = HistoryLog(valueCount: 1, width: space.count)
    for outcome in outcomes {
      let number = log.claim(.strategy, at: 0)
      log.fill(number, space.point { space.parameters[$0].distribution.slot(atUnit: 0.5) })
      switch outcome {
      case .value(let value): log.finish(number, .complete, values: [value], at: 1)
      case .infeasible(let value, let violation):
        log.finish(number, .complete, values: [value], violation: violation, at: 1)
      case .pruned(let value): log.finish(number, .pruned, values: [value], at: 1)
      case .fail: log.finish(number, .fail, values: [], at: 1)
      }
    }
    return log.snapshot
  }

  enum Ending {
    case value(Double)
    case infeasible(Double, Double)
    case pruned(Double)
    case fail
  }

  /// After how many of the trials a rule holds for the first time.
  static func firstHold(
    _ text: String, _ direction: Direction = .minimize, endings: [Ending]
  ) throws -> Int? {
    var rule = try rule(text: text, direction)
    let history = try history(endings)
    for trial in endings.indices {
      rule.follow(trial, in: history)
      if rule.reasonToStop() != nil { return trial + 1 }
    }
    return nil
  }

  static func firstHold(
    _ text: String, _ direction: Direction = .minimize, values: [Double]
  ) throws -> Int? {
    try firstHold(text, direction, endings: values.map(Ending.value))
  }
}

extension StopRule {
  /// Follows the trials that ended in a part of a history.
  mutating func follow(_ history: History, events: Range<Int>) {
    for index in events {
      if case .finished(let trial) = history.event(index) { follow(trial, in: history) }
    }
  }
}

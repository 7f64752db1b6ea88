import AttuneCore
import AttuneStrategies

/// Going on with another strategy than a study is recorded with.
extension StudyDefinition {
  /// This study with another strategy or options, where they are given.
  func with(
    _ name: String?, _ options: [(key: String, value: Value)]
  ) throws(AttuneError) -> StudyDefinition {
    var other = self
    if let name { other.strategy = try StrategyCatalog.description(named: name).name }
    // The same strategy, of which nothing more is said, goes on as it was.
    if other.strategy != strategy || !options.isEmpty { other.strategyOptions = options }
    return other
  }

  func hasStrategy(of other: StudyDefinition) -> Bool { strategyJSON == other.strategyJSON }

  /// The strategy with its options, as JSON text.
  var strategyJSON: String {
    var object = JSON.Object()
    object["strategy"] = .string(strategy)
    if !strategyOptions.isEmpty {
      object["options"] = JSON(params: strategyOptions.map { ($0.key, $0.value) })
    }
    return JSON.object(object).text(.spaced)
  }

  /// This study with a strategy that `strategyJSON` gave.
  func withStrategy(json: String) throws(AttuneError) -> StudyDefinition {
    let object = try JSON.object(parsing: json, what: "strategy")
    let options = try JSON.values(of: object["options"]?.objectValue ?? [:], what: "options")
    return try with(object["strategy"]?.stringValue, options.map { ($0.name, $0.value) })
  }
}

extension Study {
  /// The fact of a trial that tells which strategy chose it, where it is not the study's.
  static let strategyKey = "attune:strategy"
}

import AttuneCore
import Testing

@testable import AttuneStrategies

struct StrategyCatalogTests {
  @Test("strategies are listed in their order; a study that names none is bayesian")
  func names() throws {
    #expect(
      StrategyCatalog.names == [
        "grid", "random", "sobol", "tpe", "gp", "cmaes", "bayesian", "evolution", "nsga2",
        "reinforce", "gradient",
      ])
    #expect(StrategyCatalog.standardName == "bayesian")
    #expect(
      PrunerCatalog.names == [
        "none", "median", "percentile", "threshold", "patience", "wilcoxon", "successive_halving",
        "asha", "hyperband", "curve", "dominance",
      ])
    #expect(PrunerCatalog.names.contains(PrunerCatalog.standardName))
  }

  @Test("every alias means a strategy or pruner, and hides none")
  func aliases() throws {
    for (alias, name) in StrategyCatalog.aliases {
      #expect(try StrategyCatalog.description(named: alias).name == name)
      #expect(!StrategyCatalog.names.contains(alias))
    }
    for (alias, name) in PrunerCatalog.aliases {
      #expect(try PrunerCatalog.description(named: alias).name == name)
      #expect(!PrunerCatalog.names.contains(alias))
    }
    #expect(try StrategyCatalog.description(named: "RandomSampler").name == "random")
    #expect(try StrategyCatalog.description(named: "QMC").name == "sobol")
    #expect(try StrategyCatalog.description(named: "TPESampler").name == "tpe")
    #expect(try StrategyCatalog.description(named: "hyperopt").name == "tpe")
    #expect(try StrategyCatalog.description(named: "GPSampler").name == "gp")
    #expect(try StrategyCatalog.description(named: "BoTorchSampler").name == "gp")
    #expect(try StrategyCatalog.description(named: "AutoSampler").name == "bayesian")
    #expect(try StrategyCatalog.description(named: "bo").name == "bayesian")
    #expect(try StrategyCatalog.description(named: "default").name == StrategyCatalog.standardName)
    #expect(try PrunerCatalog.description(named: "MedianPruner").name == "median")
  }

  @Test("an unknown name is met with the nearest and the list")
  func unknown() throws {
    let error = #expect(throws: AttuneError.self) { try StrategyCatalog.strategy(named: "sobl") }
    #expect(error?.code == .notFound)
    #expect(
      error?.message
        == "no strategy \"sobl\" (did you mean \"sobol\"?); strategies: "
        + StrategyCatalog.names.joined(separator: ", "))
    let pruner = #expect(throws: AttuneError.self) { try PrunerCatalog.pruner(named: "") }
    #expect(
      pruner?.message == "no pruner \"\"; pruners: " + PrunerCatalog.names.joined(separator: ", "))
  }

  @Test("a wrong option names the strategy, the value found and the values wanted")
  func options() throws {
    let space = try LawSpace.mixed.space()
    func message(_ name: String, _ key: String, _ value: Value) -> String? {
      #expect(throws: AttuneError.self) {
        try StrategyCatalog.make(
          named: name, space: space, directions: [.minimize], options: [(key, value)])
      }?.message
    }
    #expect(
      message("grid", "order", .string("random"))
        == "strategy grid: option \"order\" is \"random\", wanted string,"
        + " one of ordered, shuffled, coarse_to_fine")
    #expect(message("grid", "points", .int(0))?.contains("wanted int, 1 to 1000000") == true)
    #expect(message("grid", "point", .int(5))?.contains("did you mean \"points\"?") == true)
    #expect(message("sobol", "skip", .int(-1))?.contains("wanted int, 0 to 4294967295") == true)
    #expect(message("random", "seed", .int(1))?.contains("it takes none") == true)
  }

  @Test("the standard strategy serves whatever a study is, so that naming none is never an error")
  func standard() throws {
    let description = try StrategyCatalog.description(named: StrategyCatalog.standardName)
    #expect(description.supportsSeveralObjectives)
    #expect(description.supportsConditions && description.supportsDefineByRun)
    for objectives in [1, 2, 4] {
      let directions = [Direction](repeating: .minimize, count: objectives)
      for space in [try LawSpace.mixed.space(), try LawSpace.nested.space(), .empty] {
        _ = try StrategyCatalog.make(
          named: StrategyCatalog.standardName, space: space, directions: directions)
      }
    }
  }

  @Test("a strategy is refused with one sentence where its abilities end")
  func abilities() throws {
    let limited = StrategyDescription(
      name: "limited", summary: "", supportsSeveralObjectives: false, supportsConditions: false,
      supportsDefineByRun: false)
    let plain = try LawSpace.mixed.space()
    func able(_ isAble: (StrategyDescription) -> Bool) -> String {
      StrategyCatalog.descriptions.filter(isAble).map(\.name).joined(separator: ", ")
    }
    func message(_ space: Space, _ isDefineByRun: Bool, _ directions: [Direction]) -> String? {
      let error = #expect(throws: AttuneError.self) {
        try StrategyCatalog.check(limited, space, isDefineByRun: isDefineByRun, directions)
      }
      #expect(error?.code == .notSupported)
      return error?.message
    }
    #expect(
      message(plain, false, [.minimize, .minimize])
        == "strategy limited does not serve several objectives, and this study has 2;"
        + " try \(able { $0.supportsSeveralObjectives })")
    #expect(
      message(try LawSpace.nested.space(), false, [.minimize])
        == "strategy limited does not serve conditional parameters, and \"gamma\" is one;"
        + " try \(able { $0.supportsConditions })")
    #expect(
      message(.empty, true, [.minimize])
        == "strategy limited does not serve define-by-run studies: it needs the whole space before"
        + " the first trial; try \(able { $0.supportsDefineByRun })")
    try StrategyCatalog.check(limited, plain, isDefineByRun: false, [.maximize])
    #expect(throws: AttuneError.self) {
      try StrategyCatalog.make(
        named: "grid", space: .empty, isDefineByRun: true, directions: [.minimize])
    }
    let pruner = #expect(throws: AttuneError.self) {
      try PrunerCatalog.make(named: "median", directions: [.minimize, .minimize])
    }
    #expect(
      pruner?.message
        == "pruner median compares one value, and this study has 2 objectives; use none or dominance"
    )
  }

  @Test("descriptions are complete and read back as JSON")
  func descriptions() throws {
    for description in StrategyCatalog.descriptions {
      let json = try JSON(parsing: description.json)
      #expect(
        json.objectValue?.keys == [
          "name", "summary", "multi_objective", "conditional", "define_by_run", "options",
        ])
      #expect(json["name"]?.stringValue == description.name)
      #expect(json["options"]?.arrayValue?.count == description.options.count)
      for option in json["options"]?.arrayValue ?? [] {
        #expect(option.objectValue?.keys == ["key", "type", "default", "range", "summary"])
        #expect(option["range"]?.stringValue?.isEmpty == false)
      }
      #expect(!description.summary.isEmpty)
    }
    for description in PrunerCatalog.descriptions {
      let json = try JSON(parsing: description.json)
      #expect(json.objectValue?.keys == ["name", "summary", "multi_objective", "options"])
    }
    #expect(
      try JSON(parsing: StrategyCatalog.description(named: "sobol").json)["options"]?
        .arrayValue?[0]
        == [
          "key": "scramble", "type": "bool", "default": true, "range": "true or false",
          "summary": "scramble the sequence by the seed; without, all seeds give the same points",
        ])
  }

  @Test("what an option's description calls its default is what holds without it")
  func defaults() throws {
    let space = try LawSpace.ranges.space()
    for description in StrategyCatalog.descriptions {
      let spelled = description.options.map { (key: $0.key, value: $0.standard) }
      let plain = try StrategyLaws.replay(space, seed: 4, count: 40) {
        try StrategyCatalog.strategy(named: description.name)
          .init(space: space, directions: [.minimize], options: .none)
      }
      let full = try StrategyLaws.replay(space, seed: 4, count: 40) {
        try StrategyCatalog.make(
          named: description.name, space: space, directions: [.minimize], options: spelled)
      }
      #expect(plain.points == full.points)
    }
  }
}

public import AttuneCore

/// Every strategy by name: to add one, write its file and its line in `all`.
///
/// Names are matched without regard to letter case; what other libraries call the same method is an
/// alias. Whether a strategy can serve a study is decided here, in one place.
public enum StrategyCatalog {
  /// All strategies, in the order in which lists show them.
  public static let all: [any Strategy.Type] = [
    GridStrategy.self,
    RandomStrategy.self,
    SobolStrategy.self,
    TPEStrategy.self,
    GPStrategy.self,
    CMAESStrategy.self,
    BayesianStrategy.self,
    EvolutionStrategy.self,
    NSGA2Strategy.self,
    ReinforceStrategy.self,
    GradientStrategy.self,
  ]

  /// The strategy of studies that name none.
  public static let standardName = "bayesian"

  /// Other names, in lower case, and the strategy each means.
  static let aliases: [(alias: String, name: String)] = [
    ("gridsampler", "grid"), ("grid_search", "grid"), ("bruteforce", "grid"),
    ("brute_force", "grid"), ("bruteforcesampler", "grid"),
    ("randomsampler", "random"), ("random_search", "random"),
    ("qmc", "sobol"), ("qmcsampler", "sobol"), ("quasi_random", "sobol"),
    ("tpesampler", "tpe"), ("tpe_sampler", "tpe"), ("hyperopt", "tpe"), ("parzen", "tpe"),
    ("tree_structured_parzen_estimator", "tpe"),
    ("gpsampler", "gp"), ("gp_sampler", "gp"), ("gaussian_process", "gp"),
    ("gaussianprocess", "gp"), ("kriging", "gp"), ("botorch", "gp"), ("botorchsampler", "gp"),
    ("cma", "cmaes"), ("cma-es", "cmaes"), ("cma_es", "cmaes"), ("cmaessampler", "cmaes"),
    ("catcma", "cmaes"), ("catcmawm", "cmaes"), ("evolution_strategy", "cmaes"),
    ("bo", "bayesian"), ("bayes", "bayesian"), ("bayesian_optimization", "bayesian"),
    ("bayesianoptimization", "bayesian"), ("auto", "bayesian"), ("autosampler", "bayesian"),
    ("regularized_evolution", "evolution"), ("aging_evolution", "evolution"),
    ("nsgaii", "nsga2"), ("nsga-ii", "nsga2"), ("nsgaiisampler", "nsga2"), ("nsga3", "nsga2"),
    ("nsgaiii", "nsga2"), ("nsga-iii", "nsga2"), ("nsgaiiisampler", "nsga2"),
    ("reinforcement", "reinforce"), ("policy_gradient", "reinforce"), ("rl", "reinforce"),
    ("evolutionary", "evolution"), ("genetic", "evolution"),
    ("lbfgs", "gradient"), ("l-bfgs-b", "gradient"), ("mlsl", "gradient"),
    ("gradient_descent", "gradient"),
    ("default", "bayesian"), ("smac", "bayesian"), ("hebo", "bayesian"),
  ]

  public static var names: [String] { all.map { $0.description.name } }

  public static var descriptions: [StrategyDescription] { all.map { $0.description } }

  /// The strategy of a name or alias; the error names the nearest one and all.
  public static func strategy(named name: String) throws(AttuneError) -> any Strategy.Type {
    let known = try CatalogName.resolve(
      name, among: names, aliases: aliases, kind: "strategy", kinds: "strategies")
    return all[known]
  }

  /// What the strategy of a name or alias says of itself.
  public static func description(named name: String) throws(AttuneError) -> StrategyDescription {
    try strategy(named: name).description
  }

  /// Makes a strategy for a study, its options and abilities checked.
  ///
  /// `isDefineByRun` says that `space` is discovered by suggest calls and holds what was found so
  /// far. Throws for an unknown name, a wrong option, and a study the strategy cannot serve.
  public static func make(
    named name: String, space: Space, isDefineByRun: Bool = false, directions: [Direction],
    options: [(key: String, value: Value)] = []
  ) throws(AttuneError) -> any Strategy {
    let type = try strategy(named: name)
    let description = type.description
    let checked = try Options(
      options, known: description.options, owner: "strategy \(description.name)")
    try check(description, space, isDefineByRun: isDefineByRun, directions)
    var made = isDefineByRun && type.comparesWholePoints ? learning(type) : type
    if space.isConstrained { made = constrained(made) }
    return try made.init(space: space, directions: directions, options: checked)
  }

  /// A strategy whose proposals keep to the space's constraints.
  private static func constrained<Inner: Strategy>(_ type: Inner.Type) -> any Strategy.Type {
    ConstraintKeeping<Inner>.self
  }

  /// A strategy that finds out by itself which parameters depend on which.
  private static func learning<Inner: Strategy>(_ type: Inner.Type) -> any Strategy.Type {
    BranchLearning<Inner>.self
  }

  /// Throws, with one sentence, for what a study has and a strategy cannot serve.
  static func check(
    _ description: StrategyDescription, _ space: Space, isDefineByRun: Bool,
    _ directions: [Direction]
  ) throws(AttuneError) {
    func refuse(_ found: String, others: (StrategyDescription) -> Bool) -> AttuneError {
      let able = descriptions.filter(others).map(\.name)
      let hint = able.isEmpty ? "no strategy does yet" : "try \(able.joined(separator: ", "))"
      return AttuneError(
        .notSupported, "strategy \(description.name) does not serve \(found); \(hint)",
        subject: "strategy")
    }
    if directions.count > 1, !description.supportsSeveralObjectives {
      throw refuse("several objectives, and this study has \(directions.count)") {
        $0.supportsSeveralObjectives
      }
    }
    if space.isConditional, !description.supportsConditions {
      let child = space.parameters.first { !$0.conditions.isEmpty }?.name ?? ""
      throw refuse("conditional parameters, and \"\(child)\" is one") { $0.supportsConditions }
    }
    if isDefineByRun, !description.supportsDefineByRun {
      throw refuse("define-by-run studies: it needs the whole space before the first trial") {
        $0.supportsDefineByRun
      }
    }
  }
}

/// How both catalogs read a name.
enum CatalogName {
  /// The index in `names` of what `name` means; the error names the nearest name and lists all.
  static func resolve(
    _ name: String, among names: [String], aliases: [(alias: String, name: String)], kind: String,
    kinds: String
  ) throws(AttuneError) -> Int {
    let lowered = name.lowercased()
    let meant = aliases.first { $0.alias == lowered }?.name ?? lowered
    if let index = names.firstIndex(of: meant) { return index }
    throw AttuneError(
      .notFound,
      "no \(kind) \"\(name)\"\(suggestion(for: name, among: names)); \(kinds): "
        + names.joined(separator: ", "),
      subject: kind)
  }
}

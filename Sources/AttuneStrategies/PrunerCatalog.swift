public import AttuneCore

/// Every pruner by name: to add one, write its file and its line in `all`.
public enum PrunerCatalog {
  /// All pruners, in the order in which lists show them.
  public static let all: [any Pruner.Type] = [
    NonePruner.self,
    MedianPruner.self,
    PercentilePruner.self,
    ThresholdPruner.self,
    PatiencePruner.self,
    WilcoxonPruner.self,
    SuccessiveHalvingPruner.self,
    ASHAPruner.self,
    HyperbandPruner.self,
    CurvePruner.self,
    DominancePruner.self,
  ]

  /// The pruner of studies that name none.
  public static let standardName = "none"

  /// Other names, in lower case, and the pruner each means.
  static let aliases: [(alias: String, name: String)] = [
    ("nop", "none"), ("noppruner", "none"), ("medianpruner", "median"),
    ("percentilepruner", "percentile"), ("thresholdpruner", "threshold"),
    ("patientpruner", "patience"), ("patient", "patience"), ("wilcoxonpruner", "wilcoxon"),
    ("successivehalvingpruner", "successive_halving"), ("sha", "successive_halving"),
    ("successivehalving", "successive_halving"), ("hyperbandpruner", "hyperband"),
    ("learning_curve", "curve"), ("pareto", "dominance"),
  ]

  public static var names: [String] { all.map { $0.description.name } }

  public static var descriptions: [PrunerDescription] { all.map { $0.description } }

  /// The pruner of a name or alias; the error names the nearest one and all.
  public static func pruner(named name: String) throws(AttuneError) -> any Pruner.Type {
    all[
      try CatalogName.resolve(
        name, among: names, aliases: aliases, kind: "pruner", kinds: "pruners")]
  }

  /// What the pruner of a name or alias says of itself.
  public static func description(named name: String) throws(AttuneError) -> PrunerDescription {
    try pruner(named: name).description
  }

  /// Makes a pruner for a study, its options and abilities checked.
  ///
  /// Throws for an unknown name, a wrong option, and several objectives where it serves one.
  public static func make(
    named name: String, directions: [Direction], options: [(key: String, value: Value)] = []
  ) throws(AttuneError) -> any Pruner {
    let type = try pruner(named: name)
    let description = type.description
    let checked = try Options(
      options, known: description.options, owner: "pruner \(description.name)")
    guard directions.count <= 1 || description.supportsSeveralObjectives else {
      throw AttuneError(
        .notSupported,
        "pruner \(description.name) compares one value, and this study has \(directions.count)"
          + " objectives; use none or dominance",
        subject: "pruner")
    }
    return try type.init(directions: directions, options: checked)
  }
}

import AttuneCore
import AttuneStrategies

/// The arguments of `attune-bench quality`.
struct QualityOptions {
  static let usage = """
    usage: attune-bench quality [OPTION...]
    Measures how good the strategies' trials are, on random instances of test problems.

      --strategies LIST  what to compare (default: all but grid); options stand after a colon:
                         tpe,gp,gp:warp=none,gp:warp=none,starts=4
      --seeds N          instances of each problem (default 5)
      --first-seed N     the seed of the first instance (default 0); tune on some, judge by others
      --trials N         trials of each study (default 100); regret is shown at 25, 50 and N
      --groups LIST      low, d10, d20, scaled, mixed, categorical, hpo, conditional, noisy
      --problems LIST    names or beginnings of names, such as svm or rosenbrock-5
      --jobs N           threads (default 1); results do not depend on it
      --json FILE        write every result as a line of JSON
      --with FILE        put the results of such a file beside these, strategies of the same name
                         with a star: what another build of the engine reaches
      --verbose          a line per problem too: mean/geometric mean at the last trial
      --list             print the problems and end
      --check FILE       run what FILE has thresholds for (of --strategies and --groups, where
                         given), with its seeds and trials; exit status 1 when one is exceeded
      --write-check FILE write such a file from what is measured, with some slack

    Regret is (best - optimum) / (median of random search's best - optimum), in 0...1.5, of the
    noiseless value of the best observed point: 0 is the optimum, 1 is random search. geo is its
    geometric mean with 1e-4 as the least. rank, wins and the difference to the first strategy (with
    95 % interval) compare instance by instance at the last trial. n is the number of instances; us
    is processor time of ask and tell a trial. In "all" every problem weighs the same, in
    "balanced" every group.
    """

  /// `nil`: those of the thresholds, or else `standardStrategies`.
  var strategies: [StrategySpec]?
  var seeds = 5
  var firstSeed = 0
  var trials = 100
  var groups: Set<String> = []
  var problems: [String] = []
  var jobs = 1
  var json: String?
  var with: String?
  var check: String?
  var writeCheck: String?
  var isVerbose = false
  var isList = false
  var isHelp = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let name = rest.popFirst() {
      switch name {
      case "--verbose": isVerbose = true
      case "--list": isList = true
      case "--help", "-h": isHelp = true
      default:
        guard let value = rest.popFirst() else {
          throw Self.refuse("\(name) is unknown or lacks its value")
        }
        try set(name, value)
      }
    }
  }

  static func standardStrategies() throws -> [StrategySpec] {
    try StrategyCatalog.names.filter { $0 != "grid" }.map { try StrategySpec($0) }
  }

  private static func refuse(_ text: String) -> AttuneError {
    AttuneError(.invalidArgument, "\(text); see attune-bench quality --help")
  }

  private mutating func set(_ name: String, _ value: String) throws {
    func number(_ least: Int) throws -> Int {
      guard let number = Int(value), number >= least else {
        throw Self.refuse("\(name) is \(value), wanted a number from \(least)")
      }
      return number
    }
    switch name {
    case "--strategies": strategies = try StrategySpec.list(value)
    case "--seeds": seeds = try number(1)
    case "--first-seed": firstSeed = try number(0)
    case "--trials": trials = try number(1)
    case "--jobs": jobs = try number(1)
    case "--json": json = value
    case "--with": with = value
    case "--check": check = value
    case "--write-check": writeCheck = value
    case "--problems": problems = value.split(separator: ",").map(String.init)
    case "--groups":
      groups = Set(value.split(separator: ",").map(String.init))
      for group in groups.sorted() where ProblemGroup(rawValue: group) == nil {
        throw Self.refuse("there is no group \(group)")
      }
    default: throw Self.refuse("there is no option \(name)")
    }
  }

  /// The numbers of trials at which regret is measured.
  var checkpoints: [Int] { [25, 50].filter { $0 < trials } + [trials] }

  /// The problems asked for.
  func families() throws -> [ProblemFamily] {
    let chosen = ProblemCatalog.all.filter { family in
      (groups.isEmpty || groups.contains(family.group.rawValue))
        && (problems.isEmpty || problems.contains { family.name.hasPrefix($0) })
    }
    guard !chosen.isEmpty else {
      throw Self.refuse("no problem is in both --groups and --problems")
    }
    return chosen
  }
}

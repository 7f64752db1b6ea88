import Attune
import AttuneCore
import AttuneStrategies

/// The keys of `attune_study_create`'s options that are not the strategy's.
enum StudyOptions {
  private static let known = [
    OptionDescription(
      "seed", .int(low: .min, high: .max), default: .null, "chosen and recorded when not given"),
    OptionDescription(
      "duplicates", .choice(["allow", "avoid", "reuse"]), default: .string("allow"),
      "what becomes of a point that was proposed before"),
    OptionDescription(
      "deterministic", .bool, default: .bool(false),
      "the same study with any number of workers; its window is 1 when not given"),
    OptionDescription(
      "window", .int(low: 1, high: .max), default: .null,
      "of a deterministic study: the trials that may run at a time"),
    OptionDescription(
      "load_if_exists", .bool, default: .bool(false), "open a study of that name"),
    OptionDescription(
      "durability", .choice(["process", "full"]), default: .string("process"),
      "what a finished trial survives: the death of every process, or a loss of power too"),
  ]

  /// Puts the study's own keys into `settings`, the others into its strategy's options.
  ///
  /// Gives whether an existing study is to be opened. All keys are checked here together, so that
  /// the error for an unknown one knows them all.
  static func apply(
    _ given: [(key: String, value: Value)], to settings: inout Study.Settings
  ) throws(AttuneError) -> Bool {
    let strategy = try StrategyCatalog.description(
      named: settings.strategy ?? StrategyCatalog.standardName)
    _ = try Options(
      given, known: known + strategy.options, owner: "study with strategy \(strategy.name)")
    let own = given.filter { entry in known.contains { $0.key == entry.key } }
    let options = try Options(own, known: known, owner: "study")
    // A seed has no sign: C's int64 carries its bits.
    settings.seed = options.int("seed").map { UInt64(bitPattern: Int64($0)) }
    if let policy = options.string("duplicates").flatMap(DuplicatePolicy.init(rawValue:)) {
      settings.duplicates = policy
    }
    if let durability = options.string("durability").flatMap(Durability.init(rawValue:)) {
      settings.durability = durability
    }
    settings.isDeterministic = options.bool("deterministic") ?? false
    settings.window = options.int("window")
    settings.strategyOptions = given.filter { entry in !known.contains { $0.key == entry.key } }
    return options.bool("load_if_exists") ?? false
  }
}

/// The directions of a study: as many as `count` says, where 0 is 1; all minimize where NULL.
func directions(
  _ pointer: UnsafePointer<Int32>?, _ count: Int
) throws(AttuneError) -> [Direction] {
  guard 0...1024 ~= count else {
    throw AttuneError(
      .invalidArgument, "n_directions is \(UInt(bitPattern: count)), wanted at most 1024",
      subject: "n_directions")
  }
  var directions: [Direction] = []
  for index in 0..<max(count, 1) {
    directions.append(
      try pointer.map { pointer throws(AttuneError) in
        try member(pointer[index], "directions[\(index)]")
      } ?? .minimize)
  }
  return directions
}

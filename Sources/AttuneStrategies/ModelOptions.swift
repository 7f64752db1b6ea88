import AttuneCore

/// The options that strategies with models of the objective share.
enum ModelOptions {
  static let shared = [
    OptionDescription(
      "n_startup_trials", .int(low: 1, high: 1 << 20), default: .null,
      "trials of the design before the first fit; if not given, 2 a parameter, 5 to 12"),
    OptionDescription(
      "noisy", .bool, default: .null,
      "whether the same parameters give different values; found out if not given"),
    OptionDescription(
      "batch_size", .int(low: 1, high: 1 << 20), default: .int(1),
      "how many trials run at once; the design has at least as many"),
    OptionDescription(
      "warp", .choice(["auto", "none", "log"]), default: .string("auto"),
      "how values are warped before the fit: as evidence asks, not at all, or by logarithm"),
  ]

  static func settings(_ options: Options) -> Schedule.Settings {
    var settings = Schedule.Settings()
    settings.startupCount = options.int("n_startup_trials")
    settings.noise = options.bool("noisy").map { $0 ? .some : .none } ?? .unknown
    settings.batchSize = options.int("batch_size") ?? 1
    return settings
  }

  /// The warp that is asked for; `nil` where evidence is to choose.
  static func warp(_ options: Options) -> OutputWarp? {
    switch options.string("warp") {
    case "none": .identity
    case "log": .logarithm(quantile: 0.5)
    default: nil
    }
  }
}

import AttuneCore

/// The options of CMA-ES, read.
struct CMAESSettings: Sendable {
  /// What happens when a search has converged or is stuck.
  enum Restart: String, CaseIterable, Sendable {
    case bipop, ipop, none
  }

  var populationSize: Int?
  var deviation = 0.2
  var restart = Restart.bipop
  var isNoisy = false

  init() {}

  init(_ options: Options) {
    populationSize = options.int("population_size")
    deviation = options.float("sigma0") ?? 0.2
    restart = options.string("restart_strategy").flatMap(Restart.init(rawValue:)) ?? .bipop
    isNoisy = options.bool("noisy") ?? false
  }

  static let descriptions: [OptionDescription] = [
    OptionDescription(
      "population_size", .int(low: 2, high: 1 << 20), default: .null,
      "results that make a generation, before restarts change it; without, 4 + 3 ln(parameters)"),
    OptionDescription(
      "sigma0", .float(low: 1e-6, high: 10), default: .float(0.2),
      "the standard deviation at the start, as a share of each parameter's range"),
    OptionDescription(
      "restart_strategy", .choice(Restart.allCases.map(\.rawValue)), default: .string("bipop"),
      "what follows a search that converged: large and small populations in turns, doubled ones,"
        + " or nothing"),
    OptionDescription(
      "noisy", .bool, default: .bool(false),
      "values differ when repeated: learning rates adapt to the noise, points may repeat"),
  ]
}

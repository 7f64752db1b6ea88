import AttuneCore

/// The options of TPE, read.
struct TPESettings: Sendable {
  let startupCount: Int
  let candidateCount: Int
  let gamma: Double?
  let isNoisy: Bool
  let priorWeight: Double
  let randomShare: Double

  init(_ options: Options) {
    startupCount = options.int("n_startup_trials") ?? 10
    candidateCount = options.int("n_ei_candidates") ?? 24
    gamma = options.float("gamma")
    isNoisy = options.bool("noisy") ?? false
    priorWeight = options.float("prior_weight") ?? 1
    randomShare = options.float("random_share") ?? 0.03125
  }

  static let descriptions: [OptionDescription] = [
    OptionDescription(
      "n_startup_trials", .int(low: 0, high: 1_000_000), default: .int(10),
      "finished trials before the densities are used; until then points of a Sobol sequence"),
    OptionDescription(
      "n_ei_candidates", .int(low: 1, high: 10_000), default: .int(24),
      "points drawn from the density of the good trials, of which the best is proposed"),
    OptionDescription(
      "gamma", .float(low: 0.001, high: 1), default: .null,
      "the share of trials that count as good, at most 25 (40 when noisy); without:"
        + " 0.15 up to 6 parameters, 0.1 above and with several objectives, 0.2 when noisy"),
    OptionDescription(
      "noisy", .bool, default: .bool(false),
      "values differ when repeated: more good trials, wider kernels, points may repeat"),
    OptionDescription(
      "prior_weight", .float(low: 0, high: 1000), default: .float(1),
      "the weight of the uniform-like prior kernel against an average trial's"),
    OptionDescription(
      "random_share", .float(low: 0, high: 1), default: .float(0.03125),
      "the share of trials that go on with the Sobol sequence, so that no region is left for ever"),
  ]

  /// How many of `count` ranked trials are good.
  func goodCount(of count: Int, dimensionCount: Int, objectiveCount: Int) -> Int {
    let standard = isNoisy ? 0.2 : dimensionCount <= 6 && objectiveCount == 1 ? 0.15 : 0.1
    // 0.1 · 30 is a little more than 3.
    let share = ((gamma ?? standard) * Double(count) - 1e-9).rounded(.up)
    return min(Int(min(max(share, 0), 1e9)), count, isNoisy ? TPERanking.limit : 25)
  }
}

extension FinishedReports {
  /// How many of the newest trials are compared with: a long study opens no slower for it.
  private static let outlookCount = 256

  /// What a trial that was stopped would have ended with, as its last report tells; `nil` where none of
  /// the newest COMPLETE trials has a finite value at that step and at its end.
  ///
  /// `nil` with several objectives too. The values that COMPLETE trials had at the last step and
  /// those that the same trials ended with are both put in order, and the trial's value is carried from
  /// the first to the second: an order statistic to its own, between two linearly, beyond the first or
  /// last as far beyond. So what counts is how trials stand at a step, whatever the shape of their curves,
  /// and a trial stopped early is not worse than one stopped late because losses still fall. (That a model
  /// learns from partial results is in A. Klein and others, "Fast Bayesian optimization of machine learning
  /// hyperparameters on large datasets", AISTATS 2017, and S. Falkner and others, "BOHB", ICML 2018,
  /// section 3; the map by order statistics is our own.)
  ///
  /// At most 256 trials are looked at.
  public func outlook(of reports: Reports) -> Double? {
    guard let latest = reports.latest, latest.values.count == 1, latest.values[0].isFinite else {
      return nil
    }
    var thens: [Double] = []
    var finals: [Double] = []
    for entry in entries.suffix(Self.outlookCount) where entry.state == .complete {
      guard let then = entry.trial.reports.report(at: latest.step)?.values.first, then.isFinite,
        let final = entry.values.first, final.isFinite
      else { continue }
      thens.append(then)
      finals.append(final)
    }
    guard !thens.isEmpty else { return nil }
    thens.sort()
    finals.sort()
    return Self.carried(latest.values[0], from: thens, to: finals)
  }

  /// Ascending `thens` and `finals` are as many.
  private static func carried(
    _ value: Double, from thens: [Double], to finals: [Double]
  ) -> Double {
    let above = thens.firstIndex { $0 > value } ?? thens.count
    if above == 0 || above == thens.count {
      let end = max(above - 1, 0)
      let beyond = finals[end] + (value - thens[end])
      return beyond.isFinite ? beyond : finals[end]
    }
    // Halves, so that no difference overflows.
    let width = thens[above] / 2 - thens[above - 1] / 2
    let share = width > 0 ? (value / 2 - thens[above - 1] / 2) / width : 0
    return finals[above - 1] * (1 - share) + finals[above] * share
  }
}

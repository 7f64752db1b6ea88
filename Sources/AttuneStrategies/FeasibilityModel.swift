/// Which points succeed: a process of +1 where trials were feasible, −1 where they failed or broke a
/// constraint.
enum FeasibilityModel {
  /// The model of what is known; `nil` below two failures.
  static func process(_ observations: Observations) -> GaussianProcess? {
    let model = observations.model
    let axisCount = model.axes.count
    let failed = min(observations.failureCount, 128)
    guard failed >= 2 else { return nil }
    var feasible: [Int] = []
    for index in observations.values.indices.reversed() {
      if feasible.count == 128 { break }
      if observations.violations[index] == 0 { feasible.append(index) }
    }
    let length = 0.25 * Double(axisCount).squareRoot()
    var process = GaussianProcess(
      .init(lengths: [Double](repeating: length, count: axisCount), signal: 1, noise: 0.01),
      orderedCount: model.orderedCount)
    process.setPoints(
      feasible.reversed().flatMap { observations.coordinates(of: $0) }
        + observations.failures.suffix(failed * axisCount))
    process.setTargets(
      [Double](repeating: 1, count: feasible.count) + [Double](repeating: -1, count: failed))
    return process
  }
}

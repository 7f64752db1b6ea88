import AttuneNumerics

/// What a surrogate makes of derivatives that trials give.
///
/// The process knows the values of all members and as many derivatives as its size allows: all of them in
/// small studies, else those of the best members and of those near the best. The fit takes in fewer, as
/// hyperparameters need less. Where the covariance cannot be factored, or the derivatives turn out to
/// be noise, the process is that of the values alone.
extension Surrogate {
  /// The most rows, values and derivatives, of a process and of a fit; there is always room for the
  /// derivatives of one member.
  static let rowLimit = 600
  static let fitRowLimit = 320
  /// Beyond this ρ derivatives say little more than nothing.
  static let noisiest = 10.0
  /// Larger targets count as this.
  private static let steepest = 1e6

  /// What the slopes of a fit's points are warped by.
  struct FitSlopes {
    let chosen: [Int]
    let ruler: OutputWarp.Ruler
    let deviation: Double
  }

  /// What is believed of ln ρ.
  private var noisePrior: (mean: Double, deviation: Double) {
    switch noise {
    case .unknown: (Elementary.log(1e-4), 3)
    case .none: (Elementary.log(1e-5), 1)
    case .some: (Elementary.log(1e-2), 2)
    }
  }

  /// The process of the members' values and derivatives; `nil` where it can know none.
  func processWithDerivatives(_ observations: Observations) -> GaussianProcess? {
    guard let theta, let logDerivativeNoise, logDerivativeNoise < Elementary.log(Self.noisiest),
      let rows = derivativeRows(observations, members, limit: Self.rowLimit)
    else { return nil }
    var hyperparameters = GaussianProcessFit.hyperparameters(theta)
    hyperparameters.derivativeNoise = Elementary.exp(logDerivativeNoise)
    var process = GaussianProcess(hyperparameters, orderedCount: model.orderedCount)
    let coordinates = members.flatMap { observations.coordinates(of: $0) }
    return process.setPoints(coordinates, rows) ? process : nil
  }

  /// The slopes of the process's rows, as its targets are warped.
  func slopeTargets(_ observations: Observations) -> [Double] {
    guard let rows = process?.derivatives, let ruler else { return [] }
    return targets(
      observations, rows, FitSlopes(chosen: members, ruler: ruler, deviation: standard.deviation))
  }

  /// The process's slopes by divided coordinates, not warped, and the member that each is of.
  func scaledSlopes(
    _ process: GaussianProcess, _ observations: Observations
  ) -> [(value: Int, slope: Double)] {
    guard let rows = process.derivatives else { return [] }
    return zip(rows.points, rows.axes).map { point, axis in
      let slope = observations.slope(members[point], axis, objective: objective)
      return (point, slope * process.hyperparameters.lengths[axis])
    }
  }

  /// The θ that values and derivatives make likeliest, but for ln ρ, which is kept beside; `nil` where there
  /// are no derivatives, or nothing is found.
  mutating func fitWithDerivatives(
    _ observations: Observations, _ slopes: FitSlopes, _ coordinates: [Double],
    _ targets: [Double], _ prior: GaussianProcessFit.Prior, _ starts: [[Double]],
    _ evaluations: Int
  ) -> [Double]? {
    guard slopes.deviation > 0,
      let rows = derivativeRows(observations, slopes.chosen, limit: Self.fitRowLimit)
    else {
      logDerivativeNoise = nil
      return nil
    }
    var search = DerivativeFit(
      coordinates: coordinates, axisCount: model.axes.count, orderedCount: model.orderedCount,
      targets: targets, slopes: self.targets(observations, rows, slopes), rows: rows,
      prior: prior, logDerivativeNoise: noisePrior)
    // What a search begins with where nothing is known allows for derivatives of little use.
    let first = Elementary.log(logDerivativeNoise == nil ? 1e-3 : 1e-1)
    let joint = starts.enumerated().map { place, start in
      start + [place == 0 ? logDerivativeNoise ?? first : first]
    }
    guard let found = search.fit(from: joint, evaluations: evaluations) else {
      logDerivativeNoise = nil
      return nil
    }
    logDerivativeNoise = found.theta[model.axes.count + 2]
    return Array(found.theta.dropLast())
  }

  private func targets(
    _ observations: Observations, _ rows: DerivativeRows, _ slopes: FitSlopes
  ) -> [Double] {
    zip(rows.points, rows.axes).map { point, axis in
      let index = slopes.chosen[point]
      let rate = slopes.ruler.slope(at: observations.columns[objective][index])
      let target = observations.slope(index, axis, objective: objective) * rate / slopes.deviation
      return target.isNaN ? 0 : max(-Self.steepest, min(target, Self.steepest))
    }
  }

  /// The derivatives of `chosen` observations that have room beside their values; `nil` where none are known.
  func derivativeRows(
    _ observations: Observations, _ chosen: [Int], limit: Int
  ) -> DerivativeRows? {
    let axes = chosen.map { index in
      model.gradientAxes.map(\.axis).filter {
        observations.slope(index, $0, objective: objective).isFinite
      }
    }
    let total = axes.reduce(0) { $0 + $1.count }
    guard total > 0 else { return nil }
    var isKept = [Bool](repeating: true, count: chosen.count)
    if chosen.count + total > limit {
      isKept = kept(observations, chosen, axes.map(\.count), room: limit - chosen.count)
    }
    var rows = DerivativeRows()
    for place in chosen.indices { rows.append(axes: isKept[place] ? axes[place] : []) }
    return rows
  }

  /// Which of `chosen` keep their derivatives: in turns the best and the nearest to the best.
  private func kept(
    _ observations: Observations, _ chosen: [Int], _ counts: [Int], room: Int
  ) -> [Bool] {
    var place = [Int?](repeating: nil, count: (chosen.last ?? -1) + 1)
    for (index, member) in chosen.enumerated() where counts[index] > 0 { place[member] = index }
    let best = observations.ranked(first: place.count).compactMap { place[$0] }
    guard let top = best.first else { return chosen.map { _ in false } }
    let distances = distances(observations, chosen, from: chosen[top])
    let near = best.sorted {
      distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
    }
    var isKept = [Bool](repeating: false, count: chosen.count)
    var rest = room
    for place in zip(best, near).flatMap({ [$0, $1] }) where !isKept[place] {
      // The best one's have room in any case.
      guard counts[place] <= rest || rest == room else { break }
      isKept[place] = true
      rest -= counts[place]
    }
    return isKept
  }

  /// The squares of the distances of observations from one of them, in lengths.
  func distances(
    _ observations: Observations, _ chosen: [Int], from centre: Int
  ) -> [Double] {
    let scales = model.axes.indices.map { axis in theta.map { Elementary.exp(-$0[axis]) } ?? 1 }
    let best = Array(observations.coordinates(of: centre))
    return chosen.map { index in
      var sum = 0.0
      for (axis, x) in observations.coordinates(of: index).enumerated() {
        let difference = axis < model.orderedCount ? x - best[axis] : x == best[axis] ? 0 : 1
        sum += difference * scales[axis] * (difference * scales[axis])
      }
      return sum
    }
  }
}

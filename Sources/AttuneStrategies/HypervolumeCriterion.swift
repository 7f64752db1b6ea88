import AttuneNumerics

/// The worth of points by the volume that a front is expected to gain, with a process for each objective.
///
/// The volume gained is convex in each value, so that a larger variance is never worth less.
struct HypervolumeCriterion: SearchCriterion {
  /// Kernel rows by every process, and what is known of the deviations so far.
  struct Room: Sendable {
    fileprivate var batches: [GaussianProcess.Batch] = []
    fileprivate var means: [Double] = []
    fileprivate var deviations: [Double] = []
  }

  let processes: [GaussianProcess]
  let improvement: LogExpectedHypervolumeImprovement
  let lengths: [Double]

  init(processes: [GaussianProcess], improvement: LogExpectedHypervolumeImprovement) {
    self.processes = processes
    self.improvement = improvement
    lengths = processes[0].hyperparameters.lengths.indices.map { axis in
      processes.reduce(.infinity) { min($0, $1.hyperparameters.lengths[axis]) }
    }
  }

  static func makeRoom() -> Room { Room() }

  func fill(_ room: inout Room, _ queries: [Double]) {
    prepare(&room)
    for (objective, process) in processes.enumerated() {
      process.fill(&room.batches[objective], queries)
    }
  }

  func fill(_ room: inout Room, _ query: [Double], along axis: Int, to places: [Double]) {
    prepare(&room)
    for (objective, process) in processes.enumerated() {
      process.fill(&room.batches[objective], query, along: axis, to: places)
    }
  }

  private func prepare(_ room: inout Room) {
    while room.batches.count < processes.count { room.batches.append(GaussianProcess.Batch()) }
    room.means = Array(repeating: 0, count: processes.count)
    room.deviations = room.means
  }

  func bound(_ room: inout Room, into bounds: inout [Double]) {
    bounds.removeAll(keepingCapacity: true)
    for query in 0..<room.batches[0].count { bounds.append(bound(&room, query)) }
  }

  /// What a point of the room is worth at most.
  private func bound(_ room: inout Room, _ query: Int) -> Double {
    for objective in processes.indices {
      room.means[objective] = room.batches[objective].means[query]
      room.deviations[objective] = max(room.batches[objective].bounds[query], 1e-12).squareRoot()
    }
    return improvement.value(means: room.means, deviations: room.deviations)
  }

  func solve(
    _ group: [Int], of room: inout Room, reaching bar: Double
  ) -> [(index: Int, value: Double)] {
    var rest = group
    // The deviations of each of `rest`, objective by objective as they become known.
    var known: [[Double]] = rest.map { _ in [] }
    var solved: [(index: Int, value: Double)] = []
    for (objective, process) in processes.enumerated() {
      var found: [Double] = []
      process.solve(rest, of: &room.batches[objective]) { _, _ in
        true
      } found: { _, variance in
        found.append(variance.squareRoot())
      }
      let isLast = objective == processes.count - 1
      var kept: [(query: Int, deviations: [Double])] = []
      for (place, query) in rest.enumerated() {
        let deviations = known[place] + [found[place]]
        let value = value(&room, query, deviations)
        if isLast {
          solved.append((query, value))
        } else if !(value < bar) {
          kept.append((query, deviations))
        }
      }
      (rest, known) = (kept.map(\.query), kept.map(\.deviations))
    }
    return solved
  }

  /// What a point is worth of which the first deviations are known.
  private func value(_ room: inout Room, _ query: Int, _ deviations: [Double]) -> Double {
    for objective in processes.indices {
      room.means[objective] = room.batches[objective].means[query]
      room.deviations[objective] =
        objective < deviations.count
        ? deviations[objective] : max(room.batches[objective].bounds[query], 1e-12).squareRoot()
    }
    return improvement.value(means: room.means, deviations: room.deviations)
  }

  func value(at coordinates: [Double]) -> Double {
    let found = processes.map { $0.posterior(at: coordinates) }
    return improvement.value(
      means: found.map(\.mean), deviations: found.map { $0.variance.squareRoot() })
  }

  func value(at coordinates: [Double], along axes: [Int], gradient: inout [Double]) -> Double {
    let (width, axisCount) = (processes.count, axes.count)
    var (means, deviations) = (
      [Double](repeating: 0, count: width), [Double](repeating: 1, count: width)
    )
    var slopes: [(mean: [Double], variance: [Double])] = []
    for (objective, process) in processes.enumerated() {
      var byMean = [Double](repeating: 0, count: axisCount)
      var byVariance = byMean
      let (mean, variance) = process.posterior(
        at: coordinates, along: axes, meanSlopes: &byMean, varianceSlopes: &byVariance)
      (means[objective], deviations[objective]) = (mean, variance.squareRoot())
      slopes.append((byMean, byVariance))
    }
    var (byMeans, byDeviations) = (means, deviations)
    let value = improvement.valueAndSlopes(
      means: means, deviations: deviations, byMeans: &byMeans, byDeviations: &byDeviations)
    for index in 0..<axisCount { gradient[index] = 0 }
    for objective in 0..<width {
      let byVariance = 0.5 * byDeviations[objective] / deviations[objective]
      for index in 0..<axisCount {
        gradient[index] +=
          byMeans[objective] * slopes[objective].mean[index]
          + byVariance * slopes[objective].variance[index]
      }
    }
    return value
  }
}

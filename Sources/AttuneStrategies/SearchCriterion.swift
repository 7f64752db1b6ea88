/// What a search makes large: the worth of points to a model, as `AcquisitionSearch` asks for it.
///
/// A variance is never larger than what the nearest known point leaves of it, and a larger one is never
/// worth less: so points can be given up before their variances are known.
protocol SearchCriterion: Sendable {
  /// Room for the kernel rows of the points that are being valued.
  associatedtype Room: Sendable

  static func makeRoom() -> Room

  /// The length of each axis within which the worth of points is alike.
  var lengths: [Double] { get }

  /// Takes in points, one after the other.
  func fill(_ room: inout Room, _ queries: [Double])

  /// Takes in the point `query`, moved along `axis` to each of `places`.
  func fill(_ room: inout Room, _ query: [Double], along axis: Int, to places: [Double])

  /// Sets `bounds` to what the points in the room are worth at most.
  func bound(_ room: inout Room, into bounds: inout [Double])

  /// The worth of points of the room, but for those that cannot reach `bar`; at most
  /// `GaussianProcess.groupSize` of them.
  func solve(
    _ group: [Int], of room: inout Room, reaching bar: Double
  ) -> [(index: Int, value: Double)]

  /// The worth of a point.
  func value(at coordinates: [Double]) -> Double

  /// The worth of a point, and its slopes along `axes`.
  func value(at coordinates: [Double], along axes: [Int], gradient: inout [Double]) -> Double
}

/// The worth of points by an acquisition of one process.
struct AcquisitionCriterion: SearchCriterion {
  let process: GaussianProcess
  let acquisition: Acquisition

  static func makeRoom() -> GaussianProcess.Batch { GaussianProcess.Batch() }

  var lengths: [Double] { process.hyperparameters.lengths }

  func fill(_ room: inout GaussianProcess.Batch, _ queries: [Double]) {
    process.fill(&room, queries)
  }

  func fill(
    _ room: inout GaussianProcess.Batch, _ query: [Double], along axis: Int, to places: [Double]
  ) {
    process.fill(&room, query, along: axis, to: places)
  }

  func bound(_ room: inout GaussianProcess.Batch, into bounds: inout [Double]) {
    bounds.removeAll(keepingCapacity: true)
    for index in room.means.indices {
      bounds.append(
        acquisition.value(mean: room.means[index], variance: max(room.bounds[index], 1e-12)))
    }
  }

  func solve(
    _ group: [Int], of room: inout GaussianProcess.Batch, reaching bar: Double
  ) -> [(index: Int, value: Double)] {
    let means = room.means
    var solved: [(index: Int, value: Double)] = []
    process.solve(group, of: &room) { query, variance in
      !(acquisition.value(mean: means[query], variance: max(variance, 1e-12)) < bar)
    } found: { query, variance in
      solved.append((query, acquisition.value(mean: means[query], variance: variance)))
    }
    return solved
  }

  func value(at coordinates: [Double]) -> Double {
    let (mean, variance) = process.posterior(at: coordinates)
    return acquisition.value(mean: mean, variance: variance)
  }

  func value(at coordinates: [Double], along axes: [Int], gradient: inout [Double]) -> Double {
    var byMean = [Double](repeating: 0, count: axes.count)
    var byVariance = byMean
    let (mean, variance) = process.posterior(
      at: coordinates, along: axes, meanSlopes: &byMean, varianceSlopes: &byVariance)
    let worth = acquisition.valueAndSlopes(mean: mean, variance: variance)
    for index in axes.indices {
      gradient[index] = worth.byMean * byMean[index] + worth.byVariance * byVariance[index]
    }
    return worth.value
  }
}

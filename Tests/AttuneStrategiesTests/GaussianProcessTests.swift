import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That the process computes the posterior it says, however its points came.
struct GaussianProcessTests {
  private static let points: [Double] = [
    0.1, 0.2, 0, 0.9, 0.35, 1, 0.4, 0.8, 2, 0.65, 0.1, 0, 0.25, 0.55, 1,
  ]
  private static let targets = [-0.7, 1.3, 0.4, -1.1, 0.2]
  private static let hyperparameters = GaussianProcess.Hyperparameters(
    lengths: [0.3, 0.7, 1.5], signal: 1.7, noise: 0.02)

  private static func sample() -> GaussianProcess {
    var process = GaussianProcess(hyperparameters, orderedCount: 2)
    process.setPoints(points)
    process.setTargets(targets)
    return process
  }

  /// `count` points of three numbers and two choices, with targets.
  private static func mixed(_ count: Int) -> (points: [Double], targets: [Double]) {
    (
      ModelSamples.mixed(count, ordered: 3, unordered: 2, salt: 4),
      ModelSamples.normals(count, salt: 5)
    )
  }

  private static let mixedHyperparameters = GaussianProcess.Hyperparameters(
    lengths: [0.4, 1.1, 0.2, 0.9, 2], signal: 0.8, noise: 1e-3)

  /// Reference: mpmath with 50 digits, K solved by LU; k and the mean from their definitions.
  @Test("means and variances are those of 50-digit arithmetic, over numbers and choices")
  func reference() {
    let process = Self.sample()
    #expect(ModelSamples.isClose(process.mean, 0.08034317199477372356, relative: 1e-13))
    let expected: [(query: [Double], mean: Double, variance: Double)] = [
      ([0.5, 0.5, 0], -0.50430996768305271141, 0.60452742138392513354),
      ([0.1, 0.2, 0], -0.68868092924634407197, 0.019672418063865647105),
      ([0.95, 0.95, 2], 0.70479334268711673167, 1.3084000901833325114),
      ([0.3, 0.3, 1], -0.073993236029051064214, 0.33848097427399541582),
    ]
    ModelSamples.expect(process, expected, relative: 1e-12)
  }

  @Test("many queries at once give what one at a time gives, and no less than a bound before")
  func batches() {
    let process = Self.sample()
    let queries = ModelSamples.mixed(40, ordered: 2, unordered: 1, salt: 8)
    var batch = GaussianProcess.Batch()
    process.fill(&batch, queries)
    var variances: [Int: Double] = [:]
    for start in Swift.stride(from: 0, to: 40, by: 10) {
      process.solve(
        start..<(start + 10), of: &batch, while: { _, _ in true },
        found: { variances[$0] = $1 })
    }
    for index in 0..<40 {
      let one = process.posterior(at: Array(queries[(3 * index)..<(3 * index + 3)]))
      #expect(batch.means[index] == one.mean && variances[index] == one.variance)
      #expect(one.variance <= batch.bounds[index] + 1e-12)
    }
  }

  @Test("queries that are given up leave the others their bits, and were bounded from above")
  func givenUp() {
    let (points, targets) = Self.mixed(150)
    var process = GaussianProcess(Self.mixedHyperparameters, orderedCount: 3)
    process.setPoints(points)
    process.setTargets(targets)
    let queries = ModelSamples.mixed(16, ordered: 3, unordered: 2, salt: 9)
    var batch = GaussianProcess.Batch()
    process.fill(&batch, queries)
    var (asked, found): ([Int: Double], [Int: Double]) = ([:], [:])
    process.solve(
      0..<16, of: &batch,
      while: { query, bound in
        asked[query] = bound
        return query % 3 != 1
      }, found: { found[$0] = $1 })
    #expect(found.keys.sorted() == (0..<16).filter { $0 % 3 != 1 } && asked.count == 16)
    for index in 0..<16 {
      let one = process.posterior(at: Array(queries[(5 * index)..<(5 * index + 5)])).variance
      #expect(found[index].map { $0 == one } ?? true)
      #expect(asked[index].map { one <= $0 + 1e-12 } ?? false)
    }
  }

  @Test("a point moved along one axis is what the moved point is", arguments: [1, 4])
  func along(axis: Int) {
    let (points, targets) = Self.mixed(43)
    var process = GaussianProcess(Self.mixedHyperparameters, orderedCount: 3)
    process.setPoints(points)
    process.setTargets(targets)
    let query = ModelSamples.mixed(1, ordered: 3, unordered: 2, salt: 10)
    let places: [Double] = [0, 1, 2]
    var batch = GaussianProcess.Batch()
    process.fill(&batch, query, along: axis, to: places)
    for index in places.indices {
      var moved = query
      moved[axis] = places[index]
      let (mean, variance) = process.posterior(at: moved)
      #expect(ModelSamples.isClose(batch.means[index], mean, relative: 1e-12, absolute: 1e-12))
      #expect(variance <= batch.bounds[index] + 1e-12)
    }
  }

  @Test("the mean at a known point follows from its target")
  func fitted() {
    let process = Self.sample()
    for index in 0..<5 {
      let mean = process.posterior(at: Array(Self.points[(3 * index)..<(3 * index + 3)])).mean
      let fitted = process.fitted(index, target: Self.targets[index])
      #expect(ModelSamples.isClose(fitted, mean, relative: 1e-12, absolute: 1e-12))
    }
  }

  @Test("points added one by one give the same bits as all at once", arguments: [0, 1, 7, 40])
  func append(first: Int) {
    let (points, targets) = Self.mixed(43)
    var whole = GaussianProcess(Self.mixedHyperparameters, orderedCount: 3)
    whole.setPoints(points)
    whole.setTargets(targets)
    var grown = GaussianProcess(Self.mixedHyperparameters, orderedCount: 3)
    grown.setPoints(Array(points.prefix(5 * first)))
    grown.setTargets(Array(targets.prefix(first)))
    for index in first..<43 { grown.append(Array(points[(5 * index)..<(5 * index + 5)])) }
    grown.setTargets(targets)
    #expect(grown.count == 43 && grown.targetCount == 43 && grown.mean == whole.mean)
    let queries = ModelSamples.mixed(30, ordered: 3, unordered: 2, salt: 6)
    for index in 0..<30 {
      let query = Array(queries[(5 * index)..<(5 * index + 5)])
      let (a, b) = (grown.posterior(at: query), whole.posterior(at: query))
      #expect(a.mean == b.mean && a.variance == b.variance, "query \(index)")
    }
  }

  @Test("slopes of mean and variance are those of central differences")
  func slopes() {
    let (points, targets) = Self.mixed(25)
    var process = GaussianProcess(Self.mixedHyperparameters, orderedCount: 3)
    process.setPoints(points)
    process.setTargets(targets)
    let queries = ModelSamples.mixed(12, ordered: 3, unordered: 2, salt: 7)
    for index in 0..<12 {
      let query = Array(queries[(5 * index)..<(5 * index + 5)])
      var (byMean, byVariance) = ([0.0, 0, 0], [0.0, 0, 0])
      _ = process.posterior(
        at: query, along: [2, 0, 1], meanSlopes: &byMean, varianceSlopes: &byVariance)
      for (place, axis) in [2, 0, 1].enumerated() {
        let mean = ModelSamples.difference(at: query, axis: axis, step: 1e-5) {
          process.posterior(at: $0).mean
        }
        let variance = ModelSamples.difference(at: query, axis: axis, step: 1e-5) {
          process.posterior(at: $0).variance
        }
        #expect(ModelSamples.isClose(byMean[place], mean, relative: 1e-5, absolute: 1e-7))
        #expect(ModelSamples.isClose(byVariance[place], variance, relative: 1e-5, absolute: 1e-7))
      }
    }
  }

  @Test("pending points narrow the variance and leave the mean alone")
  func pending() {
    let before = Self.sample()
    var after = before
    after.append([0.55, 0.5, 0])
    after.append([0.9, 0.9, 2])
    #expect(after.count == 7 && after.targetCount == 5)
    let queries = ModelSamples.mixed(60, ordered: 2, unordered: 1, salt: 9)
    for index in 0..<60 {
      let query = Array(queries[(3 * index)..<(3 * index + 3)])
      let (old, new) = (before.posterior(at: query), after.posterior(at: query))
      #expect(ModelSamples.isClose(new.mean, old.mean, relative: 1e-12, absolute: 1e-14))
      #expect(new.variance <= old.variance + 1e-13)
    }
    let (old, new) = (before.posterior(at: [0.55, 0.5, 0]), after.posterior(at: [0.55, 0.5, 0]))
    #expect(new.variance < 0.05 * old.variance)
  }

  @Test(
    "points that coincide or nearly do break nothing, taken in at once or one by one",
    arguments: [0, 1e-17, 1e-12, 1e-8, 1e-4], [0, 1e-12, 1e-6])
  func coincident(distance: Double, noise: Double) {
    var points: [Double] = []
    for index in 0..<20 { points += [0.5 + distance * Double(index), 0.25, Double(index % 2)] }
    let targets = (0..<20).map { Double($0 % 3) - 1 }
    for length in [0.025, 1, 30] {
      let hyperparameters = GaussianProcess.Hyperparameters(
        lengths: [length, length, length], signal: 1, noise: noise)
      var (whole, grown) = (
        GaussianProcess(hyperparameters, orderedCount: 2),
        GaussianProcess(hyperparameters, orderedCount: 2)
      )
      whole.setPoints(points)
      for index in 0..<20 { grown.append(Array(points[(3 * index)..<(3 * index + 3)])) }
      for var process in [whole, grown] {
        #expect(process.count == 20)
        process.setTargets(targets)
        for query in [[0.5, 0.25, 0], [0.5, 0.25, 1], [0, 1, 2]] {
          var (byMean, byVariance) = ([0.0, 0], [0.0, 0])
          let (mean, variance) = process.posterior(
            at: query, along: [0, 1], meanSlopes: &byMean, varianceSlopes: &byVariance)
          #expect(mean.isFinite && variance > 0 && variance <= 1)
          #expect((byMean + byVariance).allSatisfy { $0.isFinite })
        }
      }
    }
  }

  @Test("a process without points, or that was given no numbers, answers with its prior")
  func nothing() {
    var process = GaussianProcess(Self.hyperparameters, orderedCount: 2)
    process.setPoints([])
    process.setTargets([])
    #expect(process.posterior(at: [0.5, 0.5, 1]) == (0, 1.7))
    process.setPoints([.nan, 0, 0, 0.5, 0.5, 1])
    process.setTargets([1, 2])
    #expect(process.count == 0 && process.posterior(at: [0.5, 0.5, 1]) == (0, 1.7))
    process.append([0.5, 0.5, 0])
    process.append([.infinity, 0.5, 0])
    process.append([0.5, .nan, 0])
    #expect(process.count == 1)
    process.setTargets([1])
    let (mean, variance) = process.posterior(at: [0.5, 0.5, 1])
    #expect(mean.isFinite && variance.isFinite)
  }
}

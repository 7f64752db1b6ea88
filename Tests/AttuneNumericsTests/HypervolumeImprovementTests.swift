import AttuneNumerics
import Testing

/// The boxes that fronts leave, and the volume that predictions are expected to add: against
/// sampling, integration and differences.
struct HypervolumeImprovementTests {
  private static func units(_ count: Int, salt: UInt64) -> [Double] {
    let stream = RandomStream(seed: salt, trial: 0, stream: 98)
    return (0..<count).map { stream.unit(at: UInt32($0)) }
  }

  /// Points about the unit simplex: mostly a front.
  private static func front(_ count: Int, _ width: Int, salt: UInt64) -> [Double] {
    let draws = units(count * width, salt: salt)
    return (0..<count).flatMap { row -> [Double] in
      let raw = draws[(row * width)..<((row + 1) * width)].map { $0 + 0.01 }
      let sum = raw.reduce(0, +)
      return raw.map { $0 / sum }
    }
  }

  private static func inside(_ boxes: NondominatedBoxes, _ point: [Double]) -> Int {
    (0..<boxes.count).count { box in
      point.indices.allSatisfy { axis in
        let place = 2 * (box * boxes.width + axis)
        let low = boxes.levels[axis][Int(boxes.places[place])]
        let high = boxes.levels[axis][Int(boxes.places[place + 1])]
        return low <= point[axis] && point[axis] < high
      }
    }
  }

  @Test(
    "a point is in one box if the front does not dominate it, else in none",
    arguments: [2, 3, 4])
  func partition(width: Int) {
    let front = Self.front(14, width, salt: UInt64(width))
    let reference = [Double](repeating: 0.9, count: width)
    let boxes = NondominatedBoxes(front: front, reference: reference)
    let draws = Self.units(3000 * width, salt: 40 + UInt64(width))
    var (free, covered) = (0, 0)
    for row in 0..<3000 {
      let point = draws[(row * width)..<((row + 1) * width)].map { 1.1 * $0 - 0.1 }
      let isDominated = stride(from: 0, to: front.count, by: width).contains { start in
        let isBetter = (0..<width).allSatisfy { front[start + $0] < reference[$0] }
        return isBetter && (0..<width).allSatisfy { front[start + $0] <= point[$0] }
      }
      let isBeyond = (0..<width).contains { point[$0] >= reference[$0] }
      #expect(Self.inside(boxes, point) == (isDominated || isBeyond ? 0 : 1))
      if isDominated { covered += 1 } else if !isBeyond { free += 1 }
    }
    #expect(free > 20 && covered > 20)
  }

  @Test("two values make one box more than there are points, three at most twice as many and one")
  func counts() {
    let two = NondominatedBoxes(front: Self.front(40, 2, salt: 3), reference: [2, 2])
    #expect(two.count == 41)
    let three = NondominatedBoxes(front: Self.front(40, 3, salt: 4), reference: [2, 2, 2])
    #expect(three.count <= 81)
    let none = NondominatedBoxes(front: [3, 1, .nan, 0, 1, 2], reference: [2, 2])
    #expect(none.count == 1)
    let same = NondominatedBoxes(front: [1, 1, 1, 1], reference: [2, 2])
    #expect(same.count == 2)
  }

  private static func improvement(
    _ front: [Double], _ reference: [Double]
  ) -> LogExpectedHypervolumeImprovement {
    LogExpectedHypervolumeImprovement(NondominatedBoxes(front: front, reference: reference))
  }

  @Test("the mean gain of many draws is what is expected", arguments: [2, 3, 4])
  func sampling(width: Int) {
    let front = Self.front(8, width, salt: 60 + UInt64(width))
    let reference = [Double](repeating: 0.9, count: width)
    let means = (0..<width).map { 0.2 + 0.1 * Double($0) }
    let deviations = (0..<width).map { 0.3 - 0.05 * Double($0) }
    let draws = Self.units(20_000 * width, salt: 70 + UInt64(width))
    var (sum, squares) = (0.0, 0.0)
    for row in 0..<20_000 {
      let point = (0..<width).map { axis in
        means[axis] + deviations[axis]
          * StandardNormal.quantile(
            min(max(draws[row * width + axis], 1e-12), 1 - 1e-12))
      }
      let gain = Hypervolume.gain(of: point, among: front, reference: reference)
      sum += gain
      squares += gain * gain
    }
    let mean = sum / 20_000
    let error = ((squares / 20_000 - mean * mean) / 20_000).squareRoot()
    let value = Self.improvement(front, reference).value(means: means, deviations: deviations)
    #expect((Elementary.exp(value) - mean).magnitude < 4 * error)
    #expect(error < 0.02 * mean)
  }

  @Test("two values agree with the integral of what a point gains")
  func integral() {
    let front = [0.1, 0.8, 0.35, 0.4, 0.7, 0.15]
    let (means, deviations) = ([0.3, 0.25], [0.2, 0.3])
    let steps = 400
    func node(_ axis: Int, _ index: Int) -> (place: Double, weight: Double) {
      let u = -8 + 16 * (Double(index) + 0.5) / Double(steps)
      return (
        means[axis] + deviations[axis] * u, StandardNormal.density(u) * 16 / Double(steps)
      )
    }
    var total = 0.0
    for i in 0..<steps {
      let x = node(0, i)
      for j in 0..<steps {
        let y = node(1, j)
        total +=
          x.weight * y.weight
          * Hypervolume.gain(of: [x.place, y.place], among: front, reference: [1, 1])
      }
    }
    let value = Self.improvement(front, [1, 1]).value(means: means, deviations: deviations)
    // The gain has kinks, where the sum is off by the square of a step.
    #expect((Elementary.exp(value) - total).magnitude < 1e-4 * total)
  }

  @Test("one value is the expected improvement, an empty front the product of them")
  func knownForms() {
    let one = Self.improvement([0.4, 0.7], [1]).value(means: [0.6], deviations: [0.2])
    let known = LogExpectedImprovement.value((0.4 - 0.6) / 0.2) + Elementary.log(0.2)
    #expect((one - known).magnitude < 1e-12)
    let none = Self.improvement([], [1, 2]).value(means: [0.3, 1.9], deviations: [0.5, 0.1])
    let product =
      LogExpectedImprovement.value((1 - 0.3) / 0.5) + Elementary.log(0.5)
      + LogExpectedImprovement.value((2 - 1.9) / 0.1) + Elementary.log(0.1)
    #expect((none - product).magnitude < 1e-12)
    // A sure point adds what it adds.
    let front = Self.front(6, 3, salt: 8)
    let sure = Self.improvement(front, [1, 1, 1]).value(
      means: [0.2, 0.3, 0.1], deviations: [1e-7, 1e-7, 1e-7])
    let gain = Hypervolume.gain(of: [0.2, 0.3, 0.1], among: front, reference: [1, 1, 1])
    #expect((Elementary.exp(sure) - gain).magnitude < 1e-6 * gain)
  }

  @Test(
    "slopes are those of differences, near and where only logarithms hold",
    arguments: [0.3, 3, 60, 4000])
  func slopes(distance: Double) {
    let front = Self.front(9, 3, salt: 12)
    let improvement = Self.improvement(front, [0.9, 0.9, 0.9])
    let means = [0.3, 0.25, 0.4].map { $0 * distance }
    let deviations = [0.3, 0.2, 0.15]
    var (byMeans, byDeviations) = (means, deviations)
    let value = improvement.valueAndSlopes(
      means: means, deviations: deviations, byMeans: &byMeans, byDeviations: &byDeviations)
    #expect(value.isFinite)
    #expect(
      (value - improvement.value(means: means, deviations: deviations)).magnitude
        <= 1e-12 * max(1, value.magnitude))
    for axis in 0..<3 {
      let step = 1e-6 * deviations[axis]
      var (low, high) = (means, means)
      low[axis] -= step
      high[axis] += step
      let mean =
        (improvement.value(means: high, deviations: deviations)
          - improvement.value(means: low, deviations: deviations)) / (high[axis] - low[axis])
      #expect((byMeans[axis] - mean).magnitude < 1e-4 * max(1, mean.magnitude), "mean \(axis)")
      (low, high) = (deviations, deviations)
      low[axis] -= step
      high[axis] += step
      let deviation =
        (improvement.value(means: means, deviations: high)
          - improvement.value(means: means, deviations: low)) / (high[axis] - low[axis])
      #expect(
        (byDeviations[axis] - deviation).magnitude < 1e-4 * max(1, deviation.magnitude),
        "deviation \(axis)")
    }
  }

  @Test("a lower mean and a larger deviation are never worth less")
  func order() {
    let improvement = Self.improvement(Self.front(12, 2, salt: 15), [0.9, 0.9])
    for row in 0..<200 {
      let draws = Self.units(4, salt: 500 + UInt64(row))
      let means = [2 * draws[0] - 0.5, 2 * draws[1] - 0.5]
      let deviations = [0.01 + draws[2], 0.01 + draws[3]]
      let value = improvement.value(means: means, deviations: deviations)
      for axis in 0..<2 {
        var (better, wider) = (means, deviations)
        better[axis] -= 0.1
        wider[axis] *= 1.2
        #expect(improvement.value(means: better, deviations: deviations) >= value - 1e-9)
        #expect(improvement.value(means: means, deviations: wider) >= value - 1e-9)
      }
    }
  }

  @Test("predictions that are no numbers have a value that is none")
  func notANumber() {
    let improvement = Self.improvement(Self.front(12, 2, salt: 16), [0.9, 0.9])
    for (mean, deviation) in [(Double.nan, 1.0), (0.1, .nan), (.infinity, .infinity)] {
      let (means, deviations) = ([mean, 0.1], [deviation, 1])
      #expect(improvement.value(means: means, deviations: deviations).isNaN)
      var (byMeans, byDeviations) = ([0.0, 0], [0.0, 0])
      let value = improvement.valueAndSlopes(
        means: means, deviations: deviations, byMeans: &byMeans, byDeviations: &byDeviations)
      #expect(value.isNaN)
    }
  }
}

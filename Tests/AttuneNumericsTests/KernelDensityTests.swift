import AttuneNumerics
import Testing

@Suite("Kernel density")
struct KernelDensityTests {
  typealias Workspace = KernelDensity.Workspace

  private func evaluate(
    _ density: KernelDensity, _ points: [Float], _ count: Int,
    _ logs: [KernelDensity.CategoryLogs] = [], newest: Int = .max
  ) -> [Double] {
    var workspace = Workspace()
    return evaluate(density, points, count, logs, newest: newest, &workspace)
  }

  private func evaluate(
    _ density: KernelDensity, _ points: [Float], _ count: Int,
    _ logs: [KernelDensity.CategoryLogs], newest: Int, _ workspace: inout Workspace
  ) -> [Double] {
    var result = [Double](repeating: 77, count: count)
    points.withUnsafeBufferPointer { points in
      result.withUnsafeMutableBufferPointer {
        density.logDensities(
          points, count: count, categoryLogs: logs, newest: newest, workspace: &workspace,
          into: $0)
      }
    }
    return result
  }

  private func complete(
    _ density: KernelDensity, _ chosen: [Int], of points: [Float],
    _ logs: [KernelDensity.CategoryLogs], limits: [Double] = [], _ workspace: inout Workspace
  ) -> [Double] {
    var result = [Double](repeating: 77, count: chosen.count)
    points.withUnsafeBufferPointer { points in
      result.withUnsafeMutableBufferPointer {
        density.complete(
          chosen, of: points, categoryLogs: logs, limits: limits, workspace: &workspace, into: $0)
      }
    }
    return result
  }

  /// Kernels of three numeric, two categorical and one tabulated variable, some lacking some.
  private struct Sample {
    var density = KernelDensity(shape: .init(numeric: 3, categorical: 2, levels: [4]))
    var means: [[Double?]] = []
    var deviations: [[Double]] = []
    var categories: [[Int?]] = []
    var tables: [[Double]] = []
    var weights: [Double] = []
    let logs = [
      KernelDensity.CategoryLogs(same: -0.25, different: -2.5),
      KernelDensity.CategoryLogs(same: -0.125, different: -4),
    ]

    init(count: Int, seed: UInt64) {
      var stream = RandomStream(seed: seed, trial: 0, stream: 0)
      for _ in 0..<count {
        let weight = Double(Float(stream.nextUnit()))
        let kernel = density.append(logWeight: Float(weight))
        weights.append(weight)
        means.append([])
        deviations.append([])
        categories.append([])
        tables.append([])
        for j in 0..<3 {
          let mean = Double(Float(stream.nextUnit()))
          let deviation = Double(Float(0.02 + 0.3 * stream.nextUnit()))
          let isPresent = stream.nextUnit() < 0.8
          means[kernel].append(isPresent ? mean : nil)
          deviations[kernel].append(deviation)
          guard isPresent else { continue }
          density.setNumeric(j, mean: Float(mean), deviation: Float(deviation), of: kernel)
        }
        for j in 0..<2 {
          let category = stream.nextUnit() < 0.8 ? Int(stream.nextBelow(5)) : nil
          categories[kernel].append(category)
          density.setCategory(category, variable: j, of: kernel)
        }
        for _ in 0..<4 { tables[kernel].append(Double(Float(-3 * stream.nextUnit()))) }
        density.setTable(tables[kernel].map { Float($0) }, variable: 0, of: kernel)
      }
    }

    func logDensity(_ point: [Float]) -> Double {
      Elementary.logSumExp(
        weights.indices.map { i in
          var sum = weights[i] + tables[i][Int(point[5])]
          for j in 0..<3 {
            guard let mean = means[i][j] else { continue }
            let t = (Double(point[j]) - mean) / deviations[i][j]
            sum -= 0.5 * t * t
          }
          for j in 0..<2 {
            guard let category = categories[i][j] else { continue }
            sum += Double(Float(category) == point[3 + j] ? logs[j].same : logs[j].different)
          }
          return sum
        })
    }
  }

  private func randomPoints(_ count: Int) -> [Float] {
    var stream = RandomStream(seed: 9, trial: 1, stream: 0)
    return (0..<count).flatMap { _ in
      [
        Float(stream.nextUnit()), Float(stream.nextUnit()), Float(stream.nextUnit()),
        Float(stream.nextBelow(5)), Float(stream.nextBelow(5)), Float(stream.nextBelow(4)),
      ]
    }
  }

  @Test(
    "is the logarithm of the weighted sum, with every kind of variable, also lacking ones",
    arguments: [1, 7, 8, 9, 40, 333])
  func matchesDefinition(count: Int) {
    let sample = Sample(count: count, seed: 3)
    let points = randomPoints(23)
    let found = evaluate(sample.density, points, 23, sample.logs)
    for k in 0..<23 {
      let expected = sample.logDensity(Array(points[(6 * k)..<(6 * k + 6)]))
      #expect((found[k] - expected).magnitude <= 1e-5 * max(1, expected.magnitude))
    }
  }

  @Test("has the same bits at a point whatever other points there are")
  func pointsAreIndependent() {
    let sample = Sample(count: 50, seed: 4)
    let points = randomPoints(9)
    let all = evaluate(sample.density, points, 9, sample.logs)
    for k in 0..<9 {
      let alone = evaluate(
        sample.density, Array(points[(6 * k)..<(6 * k + 6)]), 1, sample.logs)
      #expect(alone == [all[k]])
    }
  }

  @Test("a sum that ends early is between its limit and the whole")
  func earlyEnds() {
    let sample = Sample(count: 1000, seed: 8)
    let points = randomPoints(12)
    let whole = evaluate(sample.density, points, 12, sample.logs)
    var workspace = Workspace()
    let part = evaluate(sample.density, points, 12, sample.logs, newest: 100, &workspace)
    let limits = zip(part, whole).enumerated().map { k, pair in
      k < 4 ? pair.0 + 0.3 * (pair.1 - pair.0) : k < 8 ? -.infinity : Double.infinity
    }
    func complete(_ chosen: [Int], limits: [Double] = []) -> [Double] {
      self.complete(sample.density, chosen, of: points, sample.logs, limits: limits, &workspace)
    }
    let limited = complete(Array(0..<12), limits: limits)
    for k in 0..<12 {
      #expect(part[k] < whole[k])
      #expect(limited[k] > limits[k] || limited[k] == whole[k])
      #expect(limited[k] <= whole[k])
    }
    #expect((0..<4).contains { limited[$0] < whole[$0] })
    #expect((4..<8).allSatisfy { limited[$0] < whole[$0] })
    #expect((8..<12).allSatisfy { limited[$0] == whole[$0] })
    // In any order and company, the bits are those of the sum in one go.
    #expect(complete([7, 2, 11, 3, 2]) == [7, 2, 11, 3, 2].map { whole[$0] })
    #expect(complete([]) == [])
    let refused = [77.0]
    #expect(complete([3], limits: [0, 0]) == refused)
    #expect(complete([12]) == refused)
    #expect(complete([-1]) == refused)
    let fewer = KernelDensity(shape: sample.density.shape)
    #expect(self.complete(fewer, [3], of: points, sample.logs, &workspace) == refused)
    // A wider density than the workspace has room for: no sense, but no harm either.
    var wide = KernelDensity(shape: .init(numeric: 40, categorical: 2, levels: [4, 4]))
    for _ in 0..<1000 { wide.append(logWeight: 0) }
    let senseless = self.complete(
      wide, [3], of: [Float](repeating: 0.5, count: 12 * 44), sample.logs, &workspace)
    #expect(senseless != refused)
    let all = evaluate(sample.density, points, 12, sample.logs, newest: 1000, &workspace)
    #expect(all == whole)
    #expect(complete([5, 0]) == [whole[5], whole[0]])
  }

  @Test("follows kernels that come, change and go")
  func changes() {
    var sample = Sample(count: 21, seed: 5)
    let points = randomPoints(3)
    let before = evaluate(sample.density, points, 3, sample.logs)
    let more = sample.density.append(logWeight: 5)
    #expect(more == 21)
    let during = evaluate(sample.density, points, 3, sample.logs)
    #expect(during != before)
    sample.density.removeLast()
    #expect(evaluate(sample.density, points, 3, sample.logs) == before)
    sample.density.copy(20, over: 4)
    sample.density.setLogWeight(-.infinity, of: 20)
    for array in [20] {
      sample.means[4] = sample.means[array]
      sample.deviations[4] = sample.deviations[array]
      sample.categories[4] = sample.categories[array]
      sample.tables[4] = sample.tables[array]
      sample.weights[4] = sample.weights[array]
      sample.weights[array] = -.infinity
    }
    let after = evaluate(sample.density, points, 3, sample.logs)
    for k in 0..<3 {
      let expected = sample.logDensity(Array(points[(6 * k)..<(6 * k + 6)]))
      #expect((after[k] - expected).magnitude <= 1e-5 * max(1, expected.magnitude))
    }
    sample.density.removeAll()
    #expect(
      evaluate(sample.density, points, 3, sample.logs) == [-.infinity, -.infinity, -.infinity])
    sample.density.removeLast()
    #expect(sample.density.count == 0)
  }

  @Test("tells far points apart without underflow")
  func farPoints() {
    var density = KernelDensity(shape: .init(numeric: 1))
    density.setNumeric(0, mean: 0, deviation: 0.01, of: density.append(logWeight: 0))
    let found = evaluate(density, [1, 2, 100], 3)
    for (value, x) in zip(found, [1.0, 2, 100]) {
      #expect((value / (-5000 * x * x) - 1).magnitude < 1e-5)
    }
  }

  @Test("answers unusable coordinates, and leaves results alone when lengths differ")
  func specials() {
    var density = KernelDensity(shape: .init(numeric: 1, levels: [2]))
    let kernel = density.append(logWeight: 1)
    density.setNumeric(0, mean: 0.5, deviation: 0.1, of: kernel)
    density.setTable([-1, 0], variable: 0, of: kernel)
    let found = evaluate(
      density, [.nan, 0, .infinity, 0, 0.5, 0, 0.5, 7, 0.5, .nan, 0.5, -.infinity], 6)
    #expect(found[0].isNaN)
    #expect(found[1] == -.infinity)
    #expect(found[2] == 0)
    #expect(found[3] == 1 && found[4] == 1 && found[5] == 1)
    #expect(evaluate(density, [0.5], 1) == [77])
    #expect(evaluate(density, [0.5, 0], 1, [.init(same: 0, different: 0)]) == [77])
    for deviation in [Float(0), -1, .nan] {
      density.setNumeric(0, mean: 0.5, deviation: deviation, of: kernel)
      #expect(evaluate(density, [0.9, 1], 1) == [1])
    }
    density.setNumeric(0, mean: 0.5, deviation: .leastNonzeroMagnitude, of: kernel)
    #expect(evaluate(density, [0.5, 1], 1) == [1])
    #expect(evaluate(density, [0.6, 1], 1)[0] < -1e20)
    let nothing = KernelDensity(shape: .init(numeric: -2, categorical: -1, levels: [-3]))
    #expect(nothing.shape.pointLength == 1)
    #expect(evaluate(nothing, [0], 1) == [-.infinity])
  }

  /// Recorded on x86-64 without fused multiplication: any other rounding anywhere changes the hash.
  @Test("gives the same bits on every machine")
  func recordedBits() {
    let sample = Sample(count: 99, seed: 6)
    var hash: UInt64 = 0
    for value in evaluate(sample.density, randomPoints(24), 24, sample.logs) {
      hash = splitMix64(hash ^ value.bitPattern)
    }
    #expect(hash == 0x26D6_F24D_4984_B56F)
  }
}

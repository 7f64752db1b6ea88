import AttuneNumerics
import CLanes
import Testing

@Suite("Kernel densities in lanes")
struct LanesDensityTests {
  @Test("both variants have the same bits", arguments: 1...LANES_CHUNK, [0, 1, 5])
  func sameBits(blockCount: Int, numericCount: Int) {
    let (categoricalCount, levels) = (2, 3)
    let plain = 8 * (1 + 2 * numericCount + categoricalCount)
    let length = plain + 8 * levels
    var elements = LanesSamples.numbers(
      (blockCount + 1) * length, -1...1, seed: UInt64(blockCount)
    ).map { Float($0) }
    var lackingCounts = [Int32](repeating: 0, count: blockCount + 1)
    var stream = RandomStream(seed: 4, trial: 0, stream: 0)
    for block in 0...blockCount {
      let start = block * length
      // Some kernels are far from all points, some absent, and categories are whole numbers or lacking.
      if block % 3 == 1 { for lane in 0..<8 { elements[start + lane] -= 30 } }
      elements[start + 3] = -1e30
      for place in (plain - 8 * categoricalCount)..<plain {
        elements[start + place] = Float(stream.nextBelow(4)) - 1
        if elements[start + place] < 0 { lackingCounts[block] += 1 }
      }
    }
    let x = LanesSamples.numbers(
      LANES_TILE * (numericCount + categoricalCount), 0...2, seed: 8
    ).enumerated().map { Float($0 < LANES_TILE * numericCount ? $1 : $1.rounded()) }
    let tables = [plain, plain + 8, -1, plain + 16]
    let logs: [Float] = [-0.25, -2.5, -0.125, -4]
    let results = LanesSamples.both.map { kernels in
      var sums = [Float](repeating: 0, count: 8 * LANES_TILE)
      var largest = [Float](repeating: -1e30, count: LANES_TILE)
      elements.withUnsafeBufferPointer { elements in
        lackingCounts.withUnsafeBufferPointer { counts in
          logs.withUnsafeBufferPointer { logs in
            guard let elements = elements.baseAddress, let counts = counts.baseAddress else {
              return
            }
            var density = lanes_density(
              elements: elements, lacking_counts: counts, block_length: length,
              numeric_count: numericCount, categorical_count: categoricalCount, table_count: 1,
              category_logs: logs.baseAddress, absent: -1e30, reach: 16)
            // The second time the sums stand already, relative to another exponent.
            kernels.density_add(&density, blockCount, blockCount + 1, x, tables, &sums, &largest)
            kernels.density_add(&density, 0, blockCount, x, tables, &sums, &largest)
          }
        }
      }
      return LanesSamples.bits(sums + largest)
    }
    #expect(results[0] == results[1])
  }
}

import AttuneNumerics
import Testing

@Suite("Sobol's sequence")
struct SobolSequenceTests {
  /// The first ten points in three dimensions, in Gray code order, as printed by the program
  /// sobol.cc of S. Joe and F. Y. Kuo (https://web.maths.unsw.edu.au/~fkuo/sobol/).
  static let joeKuoPoints: [[Double]] = [
    [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
    [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375],
    [0.1875, 0.3125, 0.9375], [0.6875, 0.8125, 0.4375],
  ]

  @Test("gives the points its direction numbers' authors print")
  func publishedPoints() {
    let sequence = SobolSequence(dimensionCount: 3)
    for (n, point) in Self.joeKuoPoints.enumerated() {
      let index = UInt64(n ^ n >> 1)
      #expect((0..<3).map { sequence.coordinate(index: index, dimension: $0) } == point)
    }
  }

  static let referenceDimensions = [1, 2, 3, 4, 5, 10, 37, 100, 360, 500, 1000, 1024, 1111]

  /// Coordinates times 2³² in those dimensions, from scipy 1.17.1 (stats.qmc.Sobol with
  /// scramble=False, bits=32), whose n-th point has the index n xor n/2 here. Exact.
  static let referencePoints: [(index: UInt64, bits: [UInt32])] = [
    (
      1,
      [
        2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648,
        2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648, 2_147_483_648,
        2_147_483_648,
      ]
    ),
    (
      2,
      [
        1_073_741_824, 3_221_225_472, 3_221_225_472, 3_221_225_472, 1_073_741_824, 1_073_741_824,
        3_221_225_472, 1_073_741_824, 1_073_741_824, 3_221_225_472, 1_073_741_824, 1_073_741_824,
        1_073_741_824,
      ]
    ),
    (
      3,
      [
        3_221_225_472, 1_073_741_824, 1_073_741_824, 1_073_741_824, 3_221_225_472, 3_221_225_472,
        1_073_741_824, 3_221_225_472, 3_221_225_472, 1_073_741_824, 3_221_225_472, 3_221_225_472,
        3_221_225_472,
      ]
    ),
    (
      5,
      [
        2_684_354_560, 536_870_912, 3_758_096_384, 2_684_354_560, 2_684_354_560, 1_610_612_736,
        3_758_096_384, 536_870_912, 2_684_354_560, 3_758_096_384, 3_758_096_384, 536_870_912,
        536_870_912,
      ]
    ),
    (
      100,
      [
        637_534_208, 3_321_888_768, 2_986_344_448, 4_127_195_136, 2_248_146_944, 4_261_412_864,
        4_261_412_864, 3_992_977_408, 2_382_364_672, 2_717_908_992, 3_187_671_040, 1_845_493_760,
        2_852_126_720,
      ]
    ),
    (
      1023,
      [
        4_290_772_992, 1_094_713_344, 3_141_533_696, 1_891_631_104, 3_862_953_984, 2_805_989_376,
        281_018_368, 3_091_202_048, 448_790_528, 96_468_992, 1_589_641_216, 641_728_512,
        155_189_248,
      ]
    ),
    (
      4095,
      [
        4_293_918_720, 286_261_248, 11_534_336, 3_488_612_352, 3_079_667_712, 3_933_208_576,
        2_888_826_880, 2_454_716_416, 867_172_352, 753_926_144, 1_657_798_656, 783_286_272,
        1_838_153_728,
      ]
    ),
  ]

  @Test("gives SciPy's points in low and high dimensions", arguments: referencePoints)
  func referencePoint(_ reference: (index: UInt64, bits: [UInt32])) {
    let sequence = SobolSequence(dimensionCount: SobolSequence.maximumDimension)
    let found = Self.referenceDimensions.map {
      sequence.bits(index: reference.index, dimension: $0 - 1)
    }
    #expect(found == reference.bits)
  }

  /// FNV-1a hashes of the little-endian coordinates of all 1111 dimensions; the last two points are
  /// computed from SciPy's table of direction numbers, as its sequence is slow to get there.
  @Test(
    "gives SciPy's points in all dimensions and with all direction numbers",
    arguments: [
      (1, 0x7384_83F8_6DF5_AC55), (3, 0x6E22_6CCB_5514_8315), (1000, 0xF1DF_E423_4F78_A88C),
      (4095, 0xF992_7988_3650_48CD), (0x00AB_CDEF, 0x0688_4FA7_7020_B7CB),
      (0xFEDC_BA98, 0xFAAA_6863_747E_1F75), (0xFFFF_FFFF, 0x3FE3_6494_2FB3_0960),
    ] as [(UInt64, UInt64)])
  func allDimensions(index: UInt64, hash: UInt64) {
    let sequence = SobolSequence(dimensionCount: 1111)
    #expect(SobolSequence.maximumDimension == 1111)
    let bytes = (0..<1111).flatMap { dimension in
      let bits = sequence.bits(index: index, dimension: dimension)
      return (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
    }
    #expect(fnv1a(bytes) == hash)
  }

  @Test("puts one of the first 2ᵏ points into each 2⁻ᵏ of an axis, scrambled or not")
  func axesAreStratified() {
    for seed in [nil, 0, 1, .max] as [UInt64?] {
      let sequence = SobolSequence(dimensionCount: 40, scrambleSeed: seed)
      for dimension in 0..<40 {
        for k in [1, 2, 5, 8] as [UInt32] {
          let cells = (0..<UInt64(1) << UInt64(k)).map {
            sequence.bits(index: $0, dimension: dimension) >> (32 - k)
          }
          #expect(Set(cells).count == cells.count)
        }
      }
    }
  }

  @Test("scrambling keeps the spread of every pair of axes", arguments: [1, 2, 3] as [UInt64])
  func planesKeepTheirQuality(seed: UInt64) {
    let plain = SobolSequence(dimensionCount: 6)
    let scrambled = SobolSequence(dimensionCount: 6, scrambleSeed: seed)
    #expect(Self.quality(of: plain, 0, 1, m: 8) == 0)
    for first in 0..<5 {
      for second in first + 1..<6 {
        for m in [4, 8] as [UInt32] {
          #expect(
            Self.quality(of: plain, first, second, m: m)
              == Self.quality(of: scrambled, first, second, m: m))
        }
      }
    }
  }

  /// The smallest t for which the first 2ᵐ points are a (t, m, 2)-net in two of the axes.
  ///
  /// That is: each box of area 2ᵗ⁻ᵐ, of whatever shape, holds 2ᵗ of them.
  static func quality(
    of sequence: SobolSequence, _ first: Int, _ second: Int, m: UInt32
  ) -> UInt32 {
    let points = (0..<UInt64(1) << UInt64(m)).map {
      (
        sequence.bits(index: $0, dimension: first), sequence.bits(index: $0, dimension: second)
      )
    }
    for t in 0..<m {
      let isNet = (0...m - t).allSatisfy { a in
        var held = [Int](repeating: 0, count: 1 << Int(m - t))
        for (x, y) in points {
          let column = a == 0 ? 0 : x >> (32 - a)
          let b = m - t - a
          let row = b == 0 ? 0 : y >> (32 - b)
          held[Int(column << b | row)] += 1
        }
        return held.allSatisfy { $0 == 1 << Int(t) }
      }
      if isNet { return t }
    }
    return m
  }

  @Test("scrambled coordinates lie strictly inside the cube, and differ between seeds and axes")
  func scrambledCoordinates() {
    let a = SobolSequence(dimensionCount: 1200, scrambleSeed: 1)
    let b = SobolSequence(dimensionCount: 1200, scrambleSeed: 2)
    var seen: Set<Double> = []
    for dimension in 0..<1200 {
      for sequence in [a, b] {
        let value = sequence.coordinate(index: 0, dimension: dimension)
        #expect(value > 0 && value < 1)
        seen.insert(value)
      }
    }
    #expect(seen.count == 2400)
  }

  @Test("a scrambled point is uniform over seeds, in value and in pairs of axes")
  func scramblingIsUniform() {
    let seeds = 20_000
    var sums = [Double](repeating: 0, count: 3)
    var crossing = 0.0
    for seed in 0..<UInt64(seeds) {
      let sequence = SobolSequence(dimensionCount: 3, scrambleSeed: seed)
      let point = (0..<3).map { sequence.coordinate(index: 5, dimension: $0) - 0.5 }
      for axis in 0..<3 { sums[axis] += point[axis] }
      crossing += 12 * point[0] * point[1]
    }
    let spread = Double(seeds).squareRoot()
    for sum in sums { #expect(sum.magnitude < 4 * spread / 12.0.squareRoot()) }
    #expect(crossing.magnitude < 4 * spread)
  }

  @Test("integrates a smooth function of eight variables far better than random points do")
  func integration() {
    func error(_ coordinate: (UInt64, Int) -> Double) -> Double {
      let count: UInt64 = 4096
      var sum = 0.0
      for index in 0..<count {
        sum += (0..<8).reduce(1) { $0 * (1 + 0.5 * (coordinate(index, $1) - 0.5)) }
      }
      return (sum / Double(count) - 1).magnitude
    }
    for seed in 0..<5 as Range<UInt64> {
      let sequence = SobolSequence(dimensionCount: 8, scrambleSeed: seed)
      // Random points err by 6.5 · 10⁻³ (one standard deviation).
      #expect(error { sequence.coordinate(index: $0, dimension: $1) } < 3e-4)
    }
  }

  @Test("dimensions beyond the table are random, and need a seed like any other")
  func beyondTheTable() {
    let count = SobolSequence.maximumDimension + 5
    let sequence = SobolSequence(dimensionCount: count, scrambleSeed: 4)
    let again = SobolSequence(dimensionCount: count, scrambleSeed: 4)
    let other = SobolSequence(dimensionCount: count, scrambleSeed: 5)
    var sum = 0.0
    for index in 0..<2000 as Range<UInt64> {
      let value = sequence.coordinate(index: index, dimension: count - 1)
      #expect(value == again.coordinate(index: index, dimension: count - 1))
      #expect(value != other.coordinate(index: index, dimension: count - 1))
      #expect(value != sequence.coordinate(index: index, dimension: count - 2))
      sum += value
    }
    #expect((sum / 2000 - 0.5).magnitude < 0.03)
  }

  @Test("a seed keeps its points from release to release; indices count modulo 2³²")
  func recordedPoint() {
    let sequence = SobolSequence(dimensionCount: 3, scrambleSeed: 42)
    let found = (0..<3).map { sequence.bits(index: 17, dimension: $0) }
    #expect(found == [4_195_236_177, 669_024_599, 1_641_126_836])
    #expect(
      sequence.bits(index: 17 + 1 << 32, dimension: 2) == sequence.bits(index: 17, dimension: 2))
    #expect(SobolSequence(dimensionCount: -1).dimensionCount == 0)
  }
}

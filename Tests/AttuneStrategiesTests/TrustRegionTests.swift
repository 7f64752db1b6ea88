import Testing

@testable import AttuneStrategies

/// That the box around the best trial grows and shrinks as it should, and never leaves the space.
struct TrustRegionTests {
  private func side(_ region: TrustRegion) -> Double {
    let box = region.box(
      around: [Double](repeating: 0.5, count: 20), lengths: [Double](repeating: 1, count: 20),
      orderedCount: 18)
    #expect(box[18] == 0...1 && box[19] == 0...1)
    return box[0].upperBound - box[0].lowerBound
  }

  @Test("few axes are searched whole")
  func few() {
    var region = TrustRegion(axisCount: 15)
    for index in 0..<100 { region.follow((0..<100).map(Double.init), index: index) }
    let box = region.box(
      around: [Double](repeating: 0.1, count: 15), lengths: [Double](repeating: 0.1, count: 15),
      orderedCount: 15)
    #expect(box == [ClosedRange<Double>](repeating: 0...1, count: 15))
  }

  @Test("three better values in a row double the box, as many worse ones as axes halve it")
  func sides() {
    var region = TrustRegion(axisCount: 20)
    #expect((side(region) - 0.8).magnitude < 1e-12)
    var values = [1.0]
    region.follow(values, index: 0)
    for _ in 0..<20 {
      values.append(2)
      region.follow(values, index: values.count - 1)
    }
    #expect((side(region) - 0.4).magnitude < 1e-12)
    for number in 0..<3 {
      values.append(-Double(number))
      region.follow(values, index: values.count - 1)
    }
    #expect((side(region) - 0.8).magnitude < 1e-12)
    // Smaller than the least it starts again.
    for _ in 0..<(20 * 7) {
      values.append(2)
      region.follow(values, index: values.count - 1)
    }
    #expect((side(region) - 0.8).magnitude < 1e-12)
  }

  @Test("the box stays in the space and is longer along longer lengths")
  func box() {
    let region = TrustRegion(axisCount: 20)
    var lengths = [Double](repeating: 1, count: 20)
    (lengths[0], lengths[1]) = (0.025, 30)
    var centre = [Double](repeating: 0.5, count: 20)
    (centre[2], centre[3]) = (0, 1)
    let box = region.box(around: centre, lengths: lengths, orderedCount: 20)
    for (range, x) in zip(box, centre) {
      #expect(range.lowerBound >= 0 && range.upperBound <= 1 && range.contains(x))
    }
    #expect(box[1] == 0...1)
    #expect(box[0].upperBound - box[0].lowerBound < 0.1)
  }
}

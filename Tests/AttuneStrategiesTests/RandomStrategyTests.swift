import AttuneCore
import AttuneStrategies
import Testing

struct RandomStrategyTests {
  private func points(_ space: Space, seed: UInt64, _ numbers: [Int]) throws -> [Int: Point] {
    var strategy = try RandomStrategy(space: space, directions: [.minimize], options: .none)
    let history = HistoryLog(valueCount: 1, width: space.count).snapshot
    var points: [Int: Point] = [:]
    for number in numbers {
      points[number] = strategy.propose(
        Request(seed: seed, number: number, ordinal: 0), given: history)
    }
    return points
  }

  @Test("a point depends on its trial number, not on the order of asks")
  func order() throws {
    let space = try LawSpace.mixed.space()
    let upward = try points(space, seed: 5, Array(0..<50))
    let downward = try points(space, seed: 5, Array((0..<50).reversed()))
    #expect(upward == downward)
    #expect(Set(upward.values).count == 50)
  }

  @Test("a value depends on its parameter's name, not on the other parameters")
  func otherParameters() throws {
    let small = try Space([LawSpace.float("x", -2.5, 7.25)])
    let large = try LawSpace.mixed.space()
    let place = try #require(large.find("x"))
    let alone = try points(small, seed: 5, Array(0..<20))
    let among = try points(large, seed: 5, Array(0..<20))
    for number in 0..<20 { #expect(alone[number]?[0] == among[number]?[place]) }
  }

  @Test("a parameter asked for alone has the value of the whole proposal")
  func independent() throws {
    let space = try LawSpace.mixed.space()
    let points = try points(space, seed: 11, Array(0..<20))
    for number in 0..<20 {
      for (index, parameter) in space.parameters.enumerated() {
        let slot = IndependentSampler.slot(of: parameter, seed: 11, trial: number)
        #expect(points[number]?[index] == slot)
      }
    }
  }

  @Test("every level is drawn equally often")
  func uniform() throws {
    let space = try Space([
      LawSpace.int("int", -3, 6), LawSpace.choice("choice", (0..<10).map { .int($0) }),
      LawSpace.float("step", 0, 0.9, step: 0.1),
    ])
    let points = try points(space, seed: 3, Array(0..<20_000))
    for (index, parameter) in space.parameters.enumerated() {
      var counts = [Int](repeating: 0, count: 10)
      for point in points.values {
        let slot = try #require(point[index])
        counts[Int(parameter.distribution.level(ofSlot: slot))] += 1
      }
      // Chi-square with 9 degrees of freedom exceeds 33.7 once in ten thousand.
      let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 2000) * (Double($1) - 2000) / 2000 }
      #expect(chiSquare < 33.7)
    }
  }

  @Test("a proposal turned down is followed by another one")
  func attempts() throws {
    let space = try LawSpace.mixed.space()
    var strategy = try RandomStrategy(space: space, directions: [.minimize], options: .none)
    let history = HistoryLog(valueCount: 1, width: space.count).snapshot
    let tries = (0..<100).map {
      strategy.propose(Request(seed: 1, number: 0, ordinal: 0, attempt: $0), given: history)
    }
    #expect(Set(tries).count == 100)
  }

  @Test("a seed gives the points it has always given")
  func recorded() throws {
    let space = try LawSpace.mixed.space()
    let point = try #require(try points(space, seed: 42, [1000])[1000])
    let values = space.parameters.indices.map { space.value($0, in: point)?.text ?? "-" }
    #expect(values == ["0.0784885801730574", "5.229909944592083", "0.2", "2", "2", "3", "2.5"])
  }
}

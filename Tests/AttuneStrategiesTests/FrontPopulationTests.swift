import Testing

@testable import AttuneStrategies

@Suite("The population of fronts")
struct FrontPopulationTests {
  private static let feasible = FrontPopulation.Class(tier: 0, violation: 0)

  @Test("fronts are peeled, classes before values")
  func ranks() {
    var population = FrontPopulation(width: 2, limit: 10, survival: .crowding)
    for (trial, point) in [[1.0, 4], [2, 2], [4, 1], [3, 3], [5, 5], [2, 2]].enumerated() {
      population.add(trial, point, Self.feasible)
    }
    #expect(population.ranks == [0, 0, 0, 1, 2, 0])
    population.add(6, [0, 0], .init(tier: 2, violation: 3))
    population.add(7, [9, 9], .init(tier: 2, violation: 1))
    population.add(8, [0, 0], .init(tier: 1, violation: 0))
    #expect(population.ranks == [0, 0, 0, 1, 2, 0, 5, 4, 3])
  }

  @Test("the most crowded of the last front goes; the ends stay")
  func crowding() {
    var population = FrontPopulation(width: 2, limit: 4, survival: .crowding)
    for (trial, x) in [0.0, 10, 5, 5.5, 9].enumerated() {
      population.add(trial, [x, 10 - x], Self.feasible)
    }
    #expect(population.trials.sorted() == [0, 1, 2, 4])
    // What is dominated goes first, wherever it lies.
    population.add(5, [6, 3], Self.feasible)
    population.add(6, [6.5, 3.5], Self.feasible)
    #expect(!population.trials.contains(6))
  }

  @Test("the point that adds least volume goes")
  func hypervolume() {
    var population = FrontPopulation(width: 2, limit: 3, survival: .hypervolume)
    for (trial, point) in [[0.0, 1], [1, 0], [0.9, 0.05], [0.4, 0.4]].enumerated() {
      population.add(trial, point, Self.feasible)
    }
    #expect(population.trials == [0, 1, 3])
  }

  @Test("directions keep one of each niche, the nearest to it")
  func directions() {
    let lattice = ReferenceDirections(width: 3, limit: 12)
    #expect(lattice.count == 10)
    var population = FrontPopulation(width: 3, limit: 10, survival: .directions(lattice))
    // A point on each direction, then as many beside them.
    for index in 0..<10 {
      let point = Array(lattice.directions[(3 * index)..<(3 * index + 3)])
      population.add(index, point, Self.feasible)
    }
    for index in 0..<10 {
      var point = Array(lattice.directions[(3 * index)..<(3 * index + 3)])
      point[index % 3] += 0.06
      point[(index + 1) % 3] -= 0.06
      population.add(10 + index, point, Self.feasible)
    }
    #expect(population.count == 10)
    #expect(population.trials.filter { $0 < 10 }.count >= 7)
  }

  @Test("a lattice has as many directions as fit, each of sum 1", arguments: [2, 3, 4, 5, 8])
  func lattice(width: Int) {
    let lattice = ReferenceDirections(width: width, limit: 60)
    #expect(lattice.count >= width && (lattice.count <= 60))
    for index in 0..<lattice.count {
      let sum = lattice.directions[(index * width)..<((index + 1) * width)].reduce(0, +)
      #expect((sum - 1).magnitude < 1e-12)
    }
  }
}

import AttuneCore
import Testing

@testable import attune_bench

@Suite("Test problems")
struct ProblemTests {
  @Test("names are different, and every group has problems")
  func names() {
    #expect(Set(ProblemCatalog.all.map(\.name)).count == ProblemCatalog.all.count)
    #expect(Set(ProblemCatalog.all.map(\.group)) == Set(ProblemGroup.allCases))
  }

  @Test("an instance depends on its seed alone", arguments: ProblemCatalog.all.map(\.name))
  func instances(name: String) throws {
    let family = try #require(ProblemCatalog.all.first { $0.name == name })
    let (first, again) = (try family.instance(seed: 7), try family.instance(seed: 7))
    let other = try family.instance(seed: 8)
    #expect(first.space == again.space && first.optimum == again.optimum)
    #expect(first.noiseShare == again.noiseShare)
    var random = InstanceRandom(name: "points", seed: 0)
    var differ = first.space != other.space || first.optimum != other.optimum
    for _ in 0..<20 {
      let bits = random.bits()
      let point = first.space.point { index in
        first.space.parameters[index].distribution.slot(atRandom: bits &* UInt64(2 * index + 1))
      }
      let value = first.value(at: point)
      #expect(value.isFinite && value == again.value(at: point))
      if first.space == other.space, value != other.value(at: point) { differ = true }
    }
    #expect(differ)
  }

  @Test("nothing that a search finds is below the optimum a problem states")
  func optimum() throws {
    for family in ProblemCatalog.all where family.group != .noisy {
      let problem = try family.instance(seed: 3)
      guard let optimum = problem.optimum else { continue }
      var search = OptimumSearch(problem, seed: 3)
      (search.draws, search.starts, search.steps) = (500, 2, 400)
      let found = search.run()
      #expect(found >= optimum - 1e-9 * max(1, optimum.magnitude), "\(family.name)")
    }
  }

  @Test(
    "the optimum a problem states is there",
    arguments: [
      "sphere-5", "ellipsoid-3", "rosenbrock-2", "powers-5", "exponential-3", "bent-cigar-5",
      "attractive-sector-5", "branin-2", "embedded3-10", "rate-valley-4", "int-grid-3",
      "log-ellipsoid-3", "mixed-5", "mixed-12", "svm-2", "forest-6", "boosting-8",
      "model-choice-10", "layers-10", "optimizer-choice-10",
    ])
  func attained(name: String) throws {
    let family = try #require(ProblemCatalog.all.first { $0.name == name })
    let problem = try family.instance(seed: 4)
    var search = OptimumSearch(problem, seed: 4)
    (search.draws, search.starts, search.steps) = (2000, 4, 1500)
    let reference = Reference(problem, seed: 4, checkpoints: [100])
    let regret = try #require(reference.regret(search.run(), at: 0))
    #expect(regret < 0.05)
  }

  @Test("the brute-force search finds an optimum in a corner")
  func search() throws {
    let space = try SpaceDraft.box(4, 0, 1)
    let problem = BenchProblem(space) { x in
      var product = 1.0
      for coordinate in x {
        let gap = coordinate - 0.97
        product /= 1 + 50 * gap * gap
      }
      return 1 - product
    }
    var search = OptimumSearch(problem, seed: 1)
    #expect(search.run() < 1e-6)
  }

  @Test("the middle of the box is no good guess on numeric problems")
  func middle() throws {
    for family in ProblemCatalog.all where [.low, .d10, .d20].contains(family.group) {
      // Four equal wells may lie anywhere, the middle included.
      if family.name.hasPrefix("hartmann") || family.name.hasPrefix("gallagher") { continue }
      let problem = try family.instance(seed: 5)
      let optimum = try #require(problem.optimum)
      let parameters = problem.space.parameters
      let middle = problem.space.point { parameters[$0].distribution.slot(atUnit: 0.5) }
      #expect(problem.value(at: middle) > optimum + 1e-3, "\(family.name)")
    }
  }

  @Test("rotations keep lengths and are not the identity")
  func rotations() {
    var random = InstanceRandom(name: "rotations", seed: 1)
    let rotation = random.rotation(7)
    let vector = random.normals(7)
    let turned = rotation(vector)
    func square(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 } }
    #expect(abs(square(vector) - square(turned)) < 1e-12 * square(vector))
    #expect(zip(vector, turned).contains { abs($0 - $1) > 0.1 })
  }
}

import AttuneNumerics
import Testing

@testable import AttuneStrategies

@Suite("Draws of cmaes by a triangular factor")
struct CMAESFactorTests {
  private static func distribution(_ deviations: [Double]) -> CMAESDistribution {
    CMAESDistribution(
      CMAESDistribution.Start(
        mean: deviations.map { _ in 0.5 }, sigma: 0.5, deviations: deviations),
      shares: [], isNoisy: false)
  }

  private static let ones = [Double](repeating: 1, count: CMAESDistribution.factorLimit)

  @Test("there is a factor from ten axes on, else and with noise there are eigenvectors")
  func limit() {
    #expect(Self.distribution(Self.ones).sampler.factor != nil)
    #expect(Self.distribution(Self.ones).sampler.basis == nil)
    let few = Self.distribution(Array(Self.ones.dropLast()))
    #expect(few.sampler.factor == nil && few.sampler.basis != nil)
    let noisy = CMAESDistribution(
      CMAESDistribution.Start(mean: Self.ones, sigma: 0.5), shares: [], isNoisy: true)
    #expect(noisy.sampler.factor == nil && noisy.sampler.basis != nil)
  }

  @Test("where bounds by the factor are near what matters, eigenvalues are computed")
  func range() {
    // Two axes that depend on one another: the largest root is √1.5, the smallest √½.
    var turned = Self.distribution(Self.ones)
    turned.matrix?[1, 0] = 0.5
    turned.decompose()
    let bounds = turned.rootRange(limit: 10)
    #expect(bounds.largest == 1 && bounds.smallest == 0.75.squareRoot())
    // σ times the root of the trace is 1.6.
    let exact = turned.rootRange(limit: 1.5)
    #expect((exact.largest - 1.5.squareRoot()).magnitude < 1e-14)
    #expect((exact.smallest - 0.5.squareRoot()).magnitude < 1e-14)
    let long = Self.distribution([1e6] + Self.ones.dropFirst()).rootRange(limit: 1e9)
    #expect((long.largest - 1e6).magnitude < 1e-8 && (long.smallest - 1).magnitude < 1e-3)
  }

  @Test(
    "a covariance without a factor is drawn from by eigenvectors, one of no numbers begins anew")
  func fallback() {
    var broken = Self.distribution(Self.ones)
    broken.matrix?[1, 0] = 2
    broken.decompose()
    #expect(broken.sampler.factor == nil && broken.sampler.basis != nil)
    let roots = broken.sampler.roots
    #expect((roots.min() ?? 0) > 0 && (roots.max() ?? 2) < 2)
    let sum = broken.sampler.draw(seed: 1, trial: 2, attempt: 0).numbers.reduce(0, +)
    #expect(sum.isFinite)
    broken.matrix?[3, 3] = .nan
    broken.decompose()
    #expect(broken.sampler.factor == nil && broken.sampler.basis == nil)
    #expect(broken.sampler.roots == Self.ones && broken.matrix?[3, 3] == 1)
    // What is drawn from then is known as a factor again with the next decomposition.
    broken.decompose()
    #expect(broken.sampler.factor != nil)
  }
}

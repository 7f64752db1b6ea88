import AttuneNumerics
import Testing

@testable import AttuneStrategies

/// That acquisitions have the slopes they say and order points as they promise.
struct AcquisitionTests {
  static let rules: [Acquisition] = [
    .logExpectedImprovement(best: -1.2, noise: 0.05), .logExpectedImprovement(best: -1.2),
    .confidenceBound(width: 1.8),
    .exploration(threshold: 0.4),
  ]

  @Test("slopes are those of central differences", arguments: rules.indices)
  func slopes(rule: Int) {
    let acquisition = Self.rules[rule]
    for mean in [-4.0, -1.3, -0.7, 0.2, 3] {
      for variance in [1e-4, 0.02, 0.7, 5] {
        let found = acquisition.valueAndSlopes(mean: mean, variance: variance)
        #expect(found.value == acquisition.value(mean: mean, variance: variance))
        let step = 1e-6 * variance.squareRoot()
        let byMean = ModelSamples.difference(at: [mean], axis: 0, step: step) {
          acquisition.value(mean: $0[0], variance: variance)
        }
        let byVariance = ModelSamples.difference(at: [variance], axis: 0, step: 1e-6 * variance) {
          acquisition.value(mean: mean, variance: $0[0])
        }
        let comment: Comment = "mean \(mean), variance \(variance)"
        #expect(
          ModelSamples.isClose(found.byMean, byMean, relative: 1e-4, absolute: 1e-5), comment)
        #expect(
          ModelSamples.isClose(found.byVariance, byVariance, relative: 1e-4, absolute: 1e-4),
          comment)
      }
    }
  }

  @Test("values and slopes are finite for the least variances", arguments: rules.indices)
  func tinyVariance(rule: Int) {
    for variance in [1e-9, 1e-12, 1e-15] {
      for mean in [-8.0, -1.2, -0.4, 0, 8] {
        let found = Self.rules[rule].valueAndSlopes(mean: mean, variance: variance)
        #expect(found.value.isFinite && found.byMean.isFinite && found.byVariance.isFinite)
      }
    }
  }

  @Test("a lower mean and a larger variance are never worth less", arguments: rules.indices)
  func order(rule: Int) {
    let acquisition = Self.rules[rule]
    for mean in stride(from: -3.0, through: 3, by: 0.37) {
      for variance in [1e-6, 0.01, 0.5, 3] {
        let value = acquisition.value(mean: mean, variance: variance)
        #expect(acquisition.value(mean: mean - 0.1, variance: variance) >= value - 1e-12)
        #expect(acquisition.value(mean: mean, variance: 1.3 * variance) >= value - 1e-12)
      }
    }
  }

  @Test("the expected improvement of a sure point is what it improves by")
  func certain() {
    let acquisition = Acquisition.logExpectedImprovement(best: 2)
    let value = acquisition.value(mean: 0.5, variance: 1e-12)
    #expect(ModelSamples.isClose(value, Elementary.log(1.5), relative: 1e-9))
  }

  @Test("exploration prefers what is unknown among points that hold promise, and those to others")
  func exploration() {
    let acquisition = Acquisition.exploration(threshold: 1)
    #expect(acquisition.value(mean: -2, variance: 0.5) == 0.5.squareRoot())
    let lacking = acquisition.value(mean: 0.5, variance: 0.5)
    #expect(lacking < acquisition.value(mean: -1, variance: 0.01))
  }
}

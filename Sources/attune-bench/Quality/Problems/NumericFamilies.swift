import AttuneCore
import Glibc

/// Floats in -5...5, the optimum anywhere in the middle four fifths.
enum NumericFamilies {
  static let all: [ProblemFamily] =
    [2, 5, 10].map { shifted("sphere", $0, NumericFunction.sphere) }
    + [3, 5, 10, 20].map { turned("ellipsoid", $0, NumericFunction.ellipsoid) }
    + [2, 5, 10, 20].map { shifted("rosenbrock", $0, reach: 3, NumericFunction.rosenbrock) }
    + [2, 5].map { shifted("rastrigin", $0, NumericFunction.rastrigin) }
    + [5, 10, 20].map { turned("rastrigin-rot", $0, NumericFunction.rastrigin) }
    + [3, 5, 10, 20].map { turned("ackley", $0, scale: 1...6, NumericFunction.ackley) }
    + [5, 10].map { turned("powers", $0, NumericFunction.powers) }
    + [3, 5, 10].map { shifted("exponential", $0, NumericFunction.exponential) }
    + [3, 5, 10].map { shifted("griewank", $0, scale: 10...120, NumericFunction.griewank) }
    + [5, 10, 20].map { bentCigar($0) }
    + [5, 10].map { turned("sharp-ridge", $0, NumericFunction.sharpRidge) }
    + [5, 10].map { turned("weierstrass", $0, NumericFunction.weierstrass) }
    + [3, 10].map { shifted("levy", $0, scale: 1...2, NumericFunction.levy) }
    + [5, 10].map { attractiveSector($0) } + [5, 10, 20].map { stepEllipsoid($0) }
    + [gallagher(2, peaks: 21), gallagher(5, peaks: 101), gallagher(10, peaks: 21)]
    + [branin, hartmann(3), hartmann(6), embedded(10, of: 3), embedded(20, of: 4)]

  static func group(_ count: Int) -> ProblemGroup {
    count <= 6 ? .low : count <= 12 ? .d10 : .d20
  }

  private static func family(
    _ name: String, _ count: Int, reach: Double = 4,
    _ make:
      @escaping @Sendable (inout InstanceRandom, [Double]) -> (
        @Sendable ([Double]) -> Double
      )
  ) -> ProblemFamily {
    ProblemFamily("\(name)-\(count)", group(count)) { random in
      let optimum = random.uniforms(count, -reach, reach)
      let offset = random.uniform(-100, 100)
      let function = make(&random, optimum)
      return BenchProblem(try SpaceDraft.box(count, -5, 5), optimum: offset) { x in
        offset + function(zip(x, optimum).map { $0 - $1 })
      }
    }
  }

  private static func shifted(
    _ name: String, _ count: Int, reach: Double = 4, scale: ClosedRange<Double> = 1...1,
    _ function: @escaping @Sendable ([Double]) -> Double
  ) -> ProblemFamily {
    family(name, count, reach: reach) { random, _ in
      let scale = random.uniform(scale.lowerBound, scale.upperBound)
      return { z in function(z.map { $0 * scale }) }
    }
  }

  private static func turned(
    _ name: String, _ count: Int, scale: ClosedRange<Double> = 1...1,
    _ function: @escaping @Sendable ([Double]) -> Double
  ) -> ProblemFamily {
    family(name, count) { random, _ in
      let scale = random.uniform(scale.lowerBound, scale.upperBound)
      let rotation = random.rotation(count)
      return { z in function(rotation(z.map { $0 * scale })) }
    }
  }

  private static func bentCigar(_ count: Int) -> ProblemFamily {
    family("bent-cigar", count) { random, _ in
      let rotation = random.rotation(count)
      return { z in
        NumericFunction.bentCigar(rotation(NumericFunction.bent(rotation(z), by: 0.5)))
      }
    }
  }

  /// Steep on the side away from the optimum's own.
  private static func attractiveSector(_ count: Int) -> ProblemFamily {
    family("attractive-sector", count) { random, optimum in
      let (first, second) = (random.rotation(count), random.rotation(count))
      return { z in
        var turned = first(z)
        for index in turned.indices {
          turned[index] *= pow(10, 0.5 * NumericFunction.place(index, count))
        }
        turned = second(turned)
        for index in turned.indices where turned[index] * optimum[index] > 0 {
          turned[index] *= 100
        }
        return pow(NumericFunction.sphere(turned), 0.9)
      }
    }
  }

  /// Plateaus: every coordinate is rounded.
  private static func stepEllipsoid(_ count: Int) -> ProblemFamily {
    family("step-ellipsoid", count) { random, _ in
      let (first, second) = (random.rotation(count), random.rotation(count))
      return { z in
        var steps = first(z)
        for index in steps.indices {
          steps[index] *= pow(10, 0.5 * NumericFunction.place(index, count))
        }
        let slope = steps[0].magnitude / 1e4
        for index in steps.indices {
          let step = steps[index]
          steps[index] =
            step.magnitude > 0.5 ? floor(0.5 + step) : floor(0.5 + 10 * step) / 10
        }
        var sum = 0.0
        for (index, step) in second(steps).enumerated() {
          sum += pow(100, NumericFunction.place(index, count)) * step * step
        }
        return 0.1 * max(slope, sum)
      }
    }
  }

  /// Many peaks of different heights and shapes; the highest is the optimum.
  private static func gallagher(_ count: Int, peaks: Int) -> ProblemFamily {
    family("gallagher\(peaks)", count, reach: 4) { random, optimum in
      let rotation = random.rotation(count)
      var centres: [[Double]] = []
      var widths: [[Double]] = []
      var heights: [Double] = []
      let shapes = random.shuffled((0..<peaks).map { NumericFunction.place($0, peaks) })
      for peak in 0..<peaks {
        // In coordinates relative to the optimum, as `z` is.
        let place = zip(random.uniforms(count, -4.9, 4.9), optimum).map { $0 - $1 }
        centres.append(peak == 0 ? rotation(place.map { _ in 0 }) : rotation(place))
        heights.append(peak == 0 ? 10 : 1.1 + 8 * NumericFunction.place(peak - 1, peaks - 1))
        let condition = pow(1000, 2 * shapes[peak])
        widths.append(
          random.shuffled(
            (0..<count).map { index in
              pow(condition, 0.5 * NumericFunction.place(index, count)) / pow(condition, 0.25)
            }))
      }
      return { [centres, widths, heights] z in
        let turned = rotation(z)
        var highest = 0.0
        for peak in 0..<peaks {
          var distance = 0.0
          for index in 0..<count {
            let gap = turned[index] - centres[peak][index]
            distance += widths[peak][index] * gap * gap
          }
          highest = max(highest, heights[peak] * exp(-distance / Double(2 * count)))
        }
        return (10 - highest) * (10 - highest)
      }
    }
  }

  /// Only some coordinates matter, turned among themselves.
  private static func embedded(_ count: Int, of inner: Int) -> ProblemFamily {
    family("embedded\(inner)", count) { random, _ in
      let chosen = Array(random.shuffled(Array(0..<count)).prefix(inner))
      let rotation = random.rotation(inner)
      return { z in NumericFunction.ellipsoid(rotation(chosen.map { z[$0] })) }
    }
  }

  /// Branin's three equal valleys, mirrored, swapped and somewhat zoomed.
  private static let branin = ProblemFamily("branin-2", .low) { random in
    let (isSwapped, mirrors) = (random.flip(), [random.flip(), random.flip()])
    let zoom = random.uniforms(4, 0, 2)
    return BenchProblem(try SpaceDraft.box(2, -5, 5), optimum: 0.397_887_357_729_738_2) { x in
      var u = x.indices.map { (mirrors[$0] ? -x[$0] : x[$0]) / 10 + 0.5 }
      if isSwapped { u.swapAt(0, 1) }
      let a = -5 - zoom[0] + u[0] * (15 + zoom[0] + zoom[1])
      let b = -zoom[2] + u[1] * (15 + zoom[2] + zoom[3])
      let valley = b - 5.1 / (4 * .pi * .pi) * a * a + 5 / .pi * a - 6
      return valley * valley + 10 * (1 - 1 / (8 * .pi)) * cos(a) + 10
    }
  }

  /// Four wells in the unit cube with random centres and widths, as Hartmann's functions have.
  static func hartmann(_ count: Int) -> ProblemFamily {
    ProblemFamily("hartmann-\(count)", .low) { random in
      var (widths, centres): ([[Double]], [[Double]]) = ([], [])
      for _ in 0..<4 {
        widths.append(random.uniforms(count, log(0.1), log(17)).map { exp($0) })
        centres.append(random.uniforms(count, 0.1, 0.9))
      }
      let depths = random.shuffled([1, 1.2, 3, 3.2])
      return BenchProblem(try SpaceDraft.box(count, 0, 1)) { [centres, widths] x in
        var sum = 0.0
        for well in 0..<4 {
          var distance = 0.0
          for index in 0..<count {
            let gap = x[index] - centres[well][index]
            distance += widths[well][index] * gap * gap
          }
          sum -= depths[well] * exp(-distance)
        }
        return sum
      }
    }
  }
}

import AttuneCore
import Glibc

/// Maps the numbers of a point to 0...1 per parameter: by logarithm where the parameter is
/// logarithmic; a choice stays its index, NaN stays NaN.
struct UnitMap: Sendable {
  private enum Scale {
    case linear(low: Double, width: Double)
    case log(low: Double, width: Double)
    case index
  }
  private let scales: [Scale]
  let space: Space

  init(_ space: Space) {
    self.space = space
    scales = space.parameters.map { parameter in
      switch parameter.distribution {
      case .float(let float):
        Self.scale(float.low, float.high, float.log)
      case .int(let int):
        Self.scale(Double(int.low), Double(int.high), int.log)
      case .categorical, .fixed: .index
      }
    }
  }

  private static func scale(_ low: Double, _ high: Double, _ isLog: Bool) -> Scale {
    isLog
      ? .log(low: log(low), width: log(high) - log(low)) : .linear(low: low, width: high - low)
  }

  func callAsFunction(_ numbers: [Double]) -> [Double] {
    var units = numbers
    for index in scales.indices {
      switch scales[index] {
      case .linear(let low, let width): units[index] = (numbers[index] - low) / width
      case .log(let low, let width): units[index] = (log(numbers[index]) - low) / width
      case .index: break
      }
    }
    return units
  }

  /// A place that a point of the space can have, each unit in `low...high` before rounding.
  func attainable(
    _ random: inout InstanceRandom, _ low: Double = 0.1, _ high: Double = 0.9
  ) -> [Double] {
    let numbers = space.parameters.map { parameter in
      let distribution = parameter.distribution
      return distribution.number(
        ofSlot: distribution.slot(atUnit: random.uniform(low, high)))
    }
    return self(numbers)
  }
}

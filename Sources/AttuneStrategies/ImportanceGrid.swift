import AttuneCore
import AttuneNumerics

/// The cells in which the values of a parameter are counted, and their density estimated.
struct ImportanceGrid {
  private static let cellLimit = 50

  private let distribution: Distribution
  /// Choices are their own cells and have no order.
  private let isCategorical: Bool
  private let count: Int
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool

  /// `nil` for a fixed value.
  init?(_ distribution: Distribution) {
    self.distribution = distribution
    var levels = distribution.levelCount ?? UInt64(Self.cellLimit)
    switch distribution {
    case .fixed: return nil
    case .categorical:
      (isCategorical, isLogarithmic) = (true, false)
      count = Int(clamping: levels)
      (low, high) = (0, 1)
      return
    case .float(let float): (isCategorical, isLogarithmic) = (false, float.log)
    case .int(let int): (isCategorical, isLogarithmic) = (false, int.log)
    }
    let first = distribution.number(ofSlot: distribution.slot(atUnit: 0))
    let last = distribution.number(ofSlot: distribution.slot(atUnit: 1))
    if case .int = distribution, isLogarithmic {
      // As many cells as doublings of the range, and one.
      let doublings = (Elementary.log(last - first + 1) / Elementary.log(2) - 1e-12).rounded(.up)
      levels = UInt64(max(doublings, 0)) + 1
    }
    count = Int(min(levels, UInt64(Self.cellLimit)))
    (low, high) = Self.ends(first, last, isLogarithmic)
  }

  private static func ends(_ low: Double, _ high: Double, _ log: Bool) -> (Double, Double) {
    log ? (Elementary.log(low), Elementary.log(high)) : (low, high)
  }

  private func cell(of slot: UInt64) -> Int {
    if isCategorical { return min(Int(clamping: slot), count - 1) }
    let number = distribution.number(ofSlot: slot)
    let place = isLogarithmic ? Elementary.log(number) : number
    let width = (high / 2 - low / 2) / Double(count - 1) * 2
    let cell = ((place - low) / width - 0.5).rounded(.up)
    return cell > 0 ? Int(min(cell, Double(count - 1))) : 0
  }

  /// The probability of each cell: a kernel a value and a prior of one value's weight.
  func density(of slots: [UInt64]) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    for slot in slots { counts[cell(of: slot)] += 1 }
    let total = Double(slots.count)
    let filled = counts.indices.filter { counts[$0] > 0 }
    if isCategorical { return choices(counts, filled, total) }
    let deviation = max(Self.scott(counts, filled, total), 0.5 / 1.64)
    var density = [Double](repeating: 0, count: count)
    for cell in filled {
      add(Double(cell), deviation, counts[cell] / (total + 1), to: &density)
    }
    add(Double(count - 1) / 2, Double(count), 1 / (total + 1), to: &density)
    return density
  }

  /// Each choice seen is a kernel that shares out one prior weight by their number.
  private func choices(_ counts: [Double], _ filled: [Int], _ total: Double) -> [Double] {
    let share = 1 / Double(filled.count + 1)
    let whole = 1 + Double(count) * share
    var density = [Double](repeating: 1 / Double(count) / (total + 1), count: count)
    for cell in filled {
      let weight = counts[cell] / (total + 1)
      for other in density.indices {
        density[other] += weight * (share + (other == cell ? 1 : 0)) / whole
      }
    }
    return density
  }

  /// Scott's bandwidth of cells by their counts (D. Scott, "Multivariate density estimation", 1992).
  private static func scott(_ counts: [Double], _ filled: [Int], _ total: Double) -> Double {
    let mean = filled.reduce(0.0) { $0 + Double($1) * counts[$1] } / total
    let square = filled.reduce(0.0) {
      $0 + (Double($1) - mean) * (Double($1) - mean) * counts[$1]
    }
    let deviation = (square / max(1, total - 1)).squareRoot()
    var (sum, lower, upper) = (0.0, -1, -1)
    for (place, cell) in filled.enumerated() {
      sum += counts[cell]
      if sum >= (total / 4).rounded(.down), lower < 0 { lower = place }
      if sum > (total * 3 / 4).rounded(.down), upper < 0 { upper = place }
    }
    let last = upper < 0 ? filled.count - 1 : upper
    let quartiles = Double(filled[last] - filled[max(lower, 0)])
    return 1.059 * min(quartiles / 1.34, deviation)
      * Elementary.exp(-0.2 * Elementary.log(total))
  }

  /// Adds a normal kernel's mass in each cell, cut off at the ends of the grid.
  private func add(
    _ mean: Double, _ deviation: Double, _ weight: Double, to density: inout [Double]
  ) {
    func mass(_ from: Double, _ to: Double) -> Double {
      let (a, b) = ((from - mean) / deviation, (to - mean) / deviation)
      // In the upper tail the difference of complements keeps its digits.
      return a > 0
        ? StandardNormal.cumulative(-a) - StandardNormal.cumulative(-b)
        : StandardNormal.cumulative(b) - StandardNormal.cumulative(a)
    }
    let whole = mass(-0.5, Double(count) - 0.5)
    for cell in density.indices {
      density[cell] += weight * mass(Double(cell) - 0.5, Double(cell) + 0.5) / whole
    }
  }
}

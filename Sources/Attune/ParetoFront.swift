import AttuneCore

/// The trials that no other trial dominates.
enum ParetoFront {
  /// The members among `numbers`, in their order. O(n x size of the front x objectives).
  static func members(
    of numbers: [Int], _ directions: [Direction], value: (Int, Int) -> Double
  ) -> [Int] {
    var front: [(number: Int, values: [Double])] = []
    for number in numbers {
      // As minimisation, so that one comparison serves all.
      let values = directions.enumerated().map { objective, direction in
        direction == .minimize ? value(number, objective) : -value(number, objective)
      }
      guard !front.contains(where: { dominates($0.values, values) }) else { continue }
      front.removeAll { dominates(values, $0.values) }
      front.append((number, values))
    }
    return front.map(\.number)
  }

  private static func dominates(_ a: [Double], _ b: [Double]) -> Bool {
    var isBetter = false
    for (x, y) in zip(a, b) {
      if x > y { return false }
      if x < y { isBetter = true }
    }
    return isBetter
  }
}

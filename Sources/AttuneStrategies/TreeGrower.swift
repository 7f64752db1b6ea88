/// Grows a `RegressionTree`: rows are sorted once a column, and a split keeps their order.
struct TreeGrower {
  private static let depthLimit = 64

  private struct Split {
    let column: Int
    /// Numbers below, or the choice of this index, go to the first side.
    let place: Double
    let gain: Double
  }

  private let columns: [RegressionTree.Column]
  private let values: [Double]
  private let weights: [Double]
  /// For each column the rows in its order; a node is the same range of all.
  private var orders: [[Int]]
  private var isFirst: [Bool]
  private var sides: [RegressionTree.Side?]
  private(set) var leaves: [RegressionTree.Leaf] = []

  init(columns: [RegressionTree.Column], values: [Double], weights: [Double]) {
    (self.columns, self.values, self.weights) = (columns, values, weights)
    let rows = values.indices.filter { weights[$0] > 0 }
    orders = columns.map { column in
      rows.sorted { (column.values[$0], $0) < (column.values[$1], $1) }
    }
    isFirst = Array(repeating: false, count: values.count)
    sides = Array(repeating: nil, count: columns.count)
  }

  mutating func grow() {
    guard let count = orders.first?.count, count > 0 else { return }
    grow(0..<count, depth: 0)
  }

  private mutating func grow(_ range: Range<Int>, depth: Int) {
    var (weight, sum, least, most) = (0.0, 0.0, Double.infinity, -Double.infinity)
    for row in orders[0][range] {
      weight += weights[row]
      sum += weights[row] * values[row]
      (least, most) = (min(least, values[row]), max(most, values[row]))
    }
    guard least < most, depth < Self.depthLimit, let split = bestSplit(range, weight, sum) else {
      return addLeaf(sum / weight)
    }
    let middle = partition(range, by: split)
    let whole = sides[split.column]
    let parts = Self.parts(whole, of: columns[split.column], at: split.place)
    sides[split.column] = parts.first
    grow(range.lowerBound..<middle, depth: depth + 1)
    sides[split.column] = parts.second
    grow(middle..<range.upperBound, depth: depth + 1)
    sides[split.column] = whole
  }

  private mutating func addLeaf(_ value: Double) {
    var volume = 1.0
    var narrowed: [(column: Int, side: RegressionTree.Side)] = []
    for (column, side) in sides.enumerated() {
      guard let side else { continue }
      volume *= side.size
      narrowed.append((column, side))
    }
    leaves.append(RegressionTree.Leaf(value: value, volume: volume, sides: narrowed))
  }

  /// The first of the splits that leave the least squared error; `nil` where all rows are one point.
  private func bestSplit(_ range: Range<Int>, _ weight: Double, _ sum: Double) -> Split? {
    var best: Split?
    for (index, column) in columns.enumerated() {
      let found =
        column.choiceCount > 0
        ? choiceSplit(index, range, weight, sum) : numberSplit(index, range, weight, sum)
      if let found, found.gain > best?.gain ?? -.infinity { best = found }
    }
    return best
  }

  private func numberSplit(
    _ index: Int, _ range: Range<Int>, _ weight: Double, _ sum: Double
  ) -> Split? {
    let (own, order) = (columns[index].values, orders[index])
    var (firstWeight, firstSum) = (0.0, 0.0)
    var best: Split?
    for place in range.lowerBound..<(range.upperBound - 1) {
      let row = order[place]
      firstWeight += weights[row]
      firstSum += weights[row] * values[row]
      let (here, next) = (own[row], own[order[place + 1]])
      guard here < next else { continue }
      let gain = Self.gain(firstWeight, firstSum, weight, sum)
      let middle = here + (next - here) / 2
      // Neighbours may be so close that nothing lies between.
      guard gain > best?.gain ?? -.infinity, here < middle else { continue }
      best = Split(column: index, place: middle, gain: gain)
    }
    return best
  }

  private func choiceSplit(
    _ index: Int, _ range: Range<Int>, _ weight: Double, _ sum: Double
  ) -> Split? {
    let (own, order) = (columns[index].values, orders[index])
    var best: Split?
    var start = range.lowerBound
    while start < range.upperBound {
      let choice = own[order[start]]
      var (firstWeight, firstSum, end) = (0.0, 0.0, start)
      while end < range.upperBound, own[order[end]] == choice {
        firstWeight += weights[order[end]]
        firstSum += weights[order[end]] * values[order[end]]
        end += 1
      }
      if end - start == range.count { return nil }
      let gain = Self.gain(firstWeight, firstSum, weight, sum)
      if gain > best?.gain ?? -.infinity { best = Split(column: index, place: choice, gain: gain) }
      start = end
    }
    return best
  }

  /// What a split takes away from the squared error.
  private static func gain(
    _ firstWeight: Double, _ firstSum: Double, _ weight: Double, _ sum: Double
  ) -> Double {
    let (secondWeight, secondSum) = (weight - firstWeight, sum - firstSum)
    return firstSum * firstSum / firstWeight + secondSum * secondSum / secondWeight
      - sum * sum / weight
  }

  /// Puts the rows of the first side in front, in each column's order; where the second begins.
  private mutating func partition(_ range: Range<Int>, by split: Split) -> Int {
    let column = columns[split.column]
    for row in orders[0][range] {
      isFirst[row] =
        column.choiceCount > 0
        ? column.values[row] == split.place : column.values[row] < split.place
    }
    var middle = range.lowerBound
    for index in orders.indices {
      var seconds: [Int] = []
      middle = range.lowerBound
      for place in range {
        let row = orders[index][place]
        if isFirst[row] {
          orders[index][middle] = row
          middle += 1
        } else {
          seconds.append(row)
        }
      }
      orders[index].replaceSubrange(middle..<range.upperBound, with: seconds)
    }
    return middle
  }

  private static func parts(
    _ whole: RegressionTree.Side?, of column: RegressionTree.Column, at place: Double
  ) -> (first: RegressionTree.Side, second: RegressionTree.Side) {
    switch whole ?? .interval(low: 0, high: 1) {
    case .interval(let low, let high) where column.choiceCount == 0:
      return (.interval(low: low, high: place), .interval(low: place, high: high))
    case .interval, .choices:
      var (first, second) = (
        [Bool](repeating: false, count: column.choiceCount),
        [Bool](repeating: true, count: column.choiceCount)
      )
      if case .choices(let isIn) = whole { second = isIn }
      first[Int(place)] = true
      second[Int(place)] = false
      return (.choices(first), .choices(second))
    }
  }
}

/// The value that a quarter of the values do not exceed, as values come: two heaps.
struct RunningQuartile: Sendable {
  /// The lowest quarter, rounded up, negated: the largest first.
  private var lower: [Double] = []
  private var upper: [Double] = []

  /// The largest of the lowest quarter; not-a-number of no values.
  var value: Double { lower.first.map { -$0 } ?? .nan }

  /// Adds a value that is not not-a-number. O(log n).
  mutating func add(_ value: Double) {
    if let top = lower.first, value > -top {
      Self.push(value, &upper)
    } else {
      Self.push(-value, &lower)
    }
    let wanted = (lower.count + upper.count + 3) / 4
    while lower.count > wanted { Self.push(-Self.pop(&lower), &upper) }
    while lower.count < wanted { Self.push(-Self.pop(&upper), &lower) }
  }

  private static func push(_ value: Double, _ heap: inout [Double]) {
    heap.append(value)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private static func pop(_ heap: inout [Double]) -> Double {
    let top = heap[0]
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return top
  }
}

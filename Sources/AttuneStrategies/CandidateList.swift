/// Points of a search, the coordinates of one after the other in one buffer.
struct CandidateList: Sendable {
  /// How many coordinates a point has; at least 1.
  let axisCount: Int
  private(set) var coordinates: [Double] = []

  init(axisCount: Int) { self.axisCount = max(axisCount, 1) }

  var count: Int { coordinates.count / axisCount }

  /// The coordinates of a point.
  subscript(index: Int) -> ArraySlice<Double> {
    coordinates[(index * axisCount)..<((index + 1) * axisCount)]
  }

  mutating func reserve(_ count: Int) { coordinates.reserveCapacity(count * axisCount) }

  mutating func removeAll() { coordinates.removeAll(keepingCapacity: true) }

  /// Adds a copy of `point`, which `change` may alter.
  mutating func append(
    _ point: some Collection<Double>, _ change: (UnsafeMutablePointer<Double>) -> Void
  ) {
    let start = coordinates.count
    coordinates += point
    coordinates.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { change(base + start) }
    }
  }

  /// Keeps the points for which `isKept` holds.
  mutating func filter(_ isKept: (UnsafePointer<Double>) -> Bool) {
    var kept: [Double] = []
    for index in 0..<count {
      let isKept = coordinates.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { isKept($0 + index * axisCount) } ?? false
      }
      if isKept { kept += self[index] }
    }
    coordinates = kept
  }
}

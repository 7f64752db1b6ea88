import AttuneNumerics
import Glibc

/// Draws what is random in an instance of a problem: a pure function of problem and seed.
struct InstanceRandom {
  private var stream: RandomStream

  init(name: String, seed: Int) {
    stream = RandomStream(
      seed: UInt64(bitPattern: Int64(seed)), trial: 0, stream: 0, salt: fnv1a(name.utf8))
  }

  mutating func bits() -> UInt64 { stream.next() }

  mutating func unit() -> Double { stream.nextUnit() }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * stream.nextUnit()
  }

  mutating func below(_ count: Int) -> Int { Int(stream.nextBelow(UInt64(count))) }

  mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  mutating func flip() -> Bool { stream.next() & 1 == 1 }

  mutating func normal() -> Double {
    // Box and Muller; 1 - u is never 0.
    let radius = sqrt(-2 * log(1 - stream.nextUnit()))
    return radius * cos(2 * .pi * stream.nextUnit())
  }

  mutating func uniforms(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
    var drawn: [Double] = []
    for _ in 0..<count { drawn.append(uniform(low, high)) }
    return drawn
  }

  mutating func normals(_ count: Int) -> [Double] {
    var drawn: [Double] = []
    for _ in 0..<count { drawn.append(normal()) }
    return drawn
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in elements.indices.reversed() where index > 0 {
      elements.swapAt(index, below(index + 1))
    }
    return elements
  }

  /// A random rotation: Gram and Schmidt on normal draws.
  mutating func rotation(_ size: Int) -> Rotation {
    var rows: [[Double]] = []
    while rows.count < size {
      var row = normals(size)
      // Twice, since once leaves rounding errors in the directions already taken.
      for _ in 0..<2 {
        for taken in rows {
          let overlap = zip(row, taken).reduce(0) { $0 + $1.0 * $1.1 }
          for index in 0..<size { row[index] -= overlap * taken[index] }
        }
      }
      let length = sqrt(row.reduce(0) { $0 + $1 * $1 })
      if length > 1e-6 { rows.append(row.map { $0 / length }) }
    }
    return Rotation(rows: rows)
  }
}

/// An orthogonal matrix.
struct Rotation: Sendable {
  let rows: [[Double]]

  func callAsFunction(_ vector: [Double]) -> [Double] {
    rows.map { row in
      var sum = 0.0
      for index in row.indices { sum += row[index] * vector[index] }
      return sum
    }
  }
}

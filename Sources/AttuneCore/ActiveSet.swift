/// Which parameters of a point are active: a bit per parameter, the first 64 in place.
public struct ActiveSet: Hashable, Sendable {
  /// Parameters 0 to 63.
  public private(set) var low: UInt64 = 0
  /// Parameters from 64 on, 64 a word; empty for small spaces, so that no memory is taken.
  @usableFromInline private(set) var rest: [UInt64] = []

  public init() {}

  /// The set of the first `count` parameters.
  public init(first count: Int) {
    low = count < 64 ? (1 << UInt64(max(count, 0))) - 1 : .max
    guard count > 64 else { return }
    rest = Array(repeating: .max, count: count / 64 - 1)
    if count % 64 > 0 { rest.append((1 << UInt64(count % 64)) - 1) }
  }

  public subscript(index: Int) -> Bool {
    @inlinable get {
      if index < 64 { return low >> UInt64(index) & 1 == 1 }
      let word = index / 64 - 1
      return word < rest.count && rest[word] >> UInt64(index % 64) & 1 == 1
    }
    set {
      let bit = UInt64(1) << UInt64(index % 64)
      if index < 64 {
        low = newValue ? low | bit : low & ~bit
        return
      }
      let word = index / 64 - 1
      if word >= rest.count {
        guard newValue else { return }
        rest.append(contentsOf: repeatElement(0, count: word + 1 - rest.count))
      }
      rest[word] = newValue ? rest[word] | bit : rest[word] & ~bit
    }
  }

  /// Word `index` of the set: parameters `64 * index` to `64 * index + 63`.
  public func word(_ index: Int) -> UInt64 {
    if index == 0 { return low }
    return index - 1 < rest.count ? rest[index - 1] : 0
  }

  /// The set of `words`, as `word(_:)` gives them.
  public init(words: UnsafeBufferPointer<UInt64>) {
    guard let first = words.first else { return }
    low = first
    if words.count > 1 { rest = Array(words.dropFirst()) }
  }

  public static func == (a: ActiveSet, b: ActiveSet) -> Bool {
    guard a.low == b.low else { return false }
    for word in 0..<max(a.rest.count, b.rest.count) where a.word(word + 1) != b.word(word + 1) {
      return false
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(low)
    var last = rest.count
    while last > 0, rest[last - 1] == 0 { last -= 1 }
    for word in 0..<last { hasher.combine(rest[word]) }
  }
}

/// How often each of many hashes of 64 bits came: 9 to 18 bytes for each different one.
///
/// A table with open addressing: a hash that has mixed its bits well tells its own place, and the next
/// free one is taken where that is not free (D. Knuth, The Art of Computer Programming 3, section 6.4,
/// algorithms L and R). Those that came more than once are few, and counted beside it.
public struct HashCounts: Sendable {
  /// 0 where a place is free; the hash 0 is kept as 1.
  private var places: [UInt64] = []
  /// By how much more than once hashes came.
  private var repeats: [UInt64: Int32] = [:]
  /// How many different hashes there are.
  public private(set) var count = 0

  public init() {}

  /// Whether a hash is in here. O(1).
  public func contains(_ hash: UInt64) -> Bool {
    guard count > 0 else { return false }
    return places[place(of: max(hash, 1))] != 0
  }

  /// Counts a hash once more. O(1).
  public mutating func insert(_ hash: UInt64) {
    let hash = max(hash, 1)
    // Seven eighths full at most: a search that fails then looks at some thirty places.
    if count >= places.count / 8 * 7 { grow() }
    let place = place(of: hash)
    if places[place] == hash {
      repeats[hash, default: 0] += 1
    } else {
      places[place] = hash
      count += 1
    }
  }

  /// Counts a hash once less; nothing where it is not in here. O(1).
  public mutating func remove(_ hash: UInt64) {
    let hash = max(hash, 1)
    guard contains(hash) else { return }
    if let more = repeats[hash] {
      repeats[hash] = more > 1 ? more - 1 : nil
      return
    }
    count -= 1
    var free = place(of: hash)
    places[free] = 0
    // Those behind that were pushed past the free place move up, or a search would end at it.
    let mask = places.count - 1
    var next = (free + 1) & mask
    while places[next] != 0 {
      let home = Int(truncatingIfNeeded: places[next]) & mask
      if (next - home) & mask >= (next - free) & mask {
        places[free] = places[next]
        places[next] = 0
        free = next
      }
      next = (next + 1) & mask
    }
  }

  /// Where a hash is, or the free place where it would be.
  private func place(of hash: UInt64) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != 0, places[place] != hash { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = places
    places = [UInt64](repeating: 0, count: max(2 * old.count, 64))
    for hash in old where hash != 0 { places[place(of: hash)] = hash }
  }
}

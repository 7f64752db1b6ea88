import AttuneCore
import AttuneNumerics

/// The points that trials have or had, by a hash of 64 bits.
struct SeenPoints: Sendable {
  private var counts = HashCounts()
  /// The hash of each trial's point as it was asked; 0 for one that was not.
  private var hashes: [UInt64] = []

  /// How many different points there are.
  var count: Int { counts.count }

  /// Whether a point was asked before.
  func contains(_ point: Point) -> Bool { counts.contains(Observations.hash(point)) }

  mutating func follow(_ event: History.Event, in history: History) {
    switch event {
    case .asked(let trial):
      if trial >= hashes.count {
        hashes.append(contentsOf: repeatElement(0, count: trial + 1 - hashes.count))
      }
      hashes[trial] = Observations.hash(history.point(trial))
      counts.insert(hashes[trial])
    case .finished(let trial):
      // One that was never asked failed before it had a point.
      guard trial < hashes.count, hashes[trial] != 0 else { return }
      // A define-by-run objective may ask for another point in the end than it was given.
      let hash = Observations.hash(history.point(trial))
      guard hash != hashes[trial] else { return }
      counts.insert(hash)
      counts.remove(hashes[trial])
      hashes[trial] = hash
    }
  }
}

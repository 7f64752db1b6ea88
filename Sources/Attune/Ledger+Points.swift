import AttuneCore

/// What the points of trials are chosen from and made of.
extension Ledger {
  /// What the point of a trial is chosen from.
  struct Basis: Sendable {
    let history: History
    /// Whether the history has ends of trials that may go on: nothing learnt from it may be kept.
    var isProvisional = false
    let ordinal: Int
    let space: Space
  }

  /// The parameters that a trial was enqueued with.
  func given(to number: Int) -> [(name: String, value: Value)]? {
    details.isEmpty ? nil : details[number]?.given
  }

  /// The point of what a define-by-run objective has asked for.
  func suggestedPoint(_ detail: TrialDetail?) -> Point {
    var slots = [UInt64](repeating: 0, count: space.count)
    var active = ActiveSet()
    for (index, slot) in detail?.suggested ?? [] {
      slots[index] = slot
      active[index] = true
    }
    return Point(slots: slots, active: active)
  }
}

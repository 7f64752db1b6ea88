import AttuneCore

/// Reads the slots of one point without a call into another module for each.
///
/// Valid while `Point.readSlots` runs.
struct SlotReader {
  fileprivate let slots: UnsafeBufferPointer<UInt64>
  fileprivate let low: UInt64
  fileprivate let active: ActiveSet

  /// The slot of a parameter, or `nil` while it is inactive; as `Point`'s own subscript.
  subscript(index: Int) -> UInt64? {
    @inline(__always) get {
      let isActive = index < 64 ? low >> UInt64(index) & 1 == 1 : active[index]
      return isActive && index < slots.count ? slots[index] : nil
    }
  }
}

extension Point {
  @inline(__always)
  func readSlots(_ body: (SlotReader) -> Void) {
    slots.withUnsafeBufferPointer {
      body(SlotReader(slots: $0, low: active.low, active: active))
    }
  }
}

/// A run of events in plain memory; the law of `TrialBlock` makes it safe to share.
final class EventBlock: @unchecked Sendable {
  static let capacity = 1024
  private let codes = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)

  deinit { codes.deallocate() }

  /// A block with the first events of this one.
  func copy(first count: Int) -> EventBlock {
    let copy = EventBlock()
    copy.codes.initialize(from: codes, count: count)
    return copy
  }

  /// The event at `index`, which counts from the first event of the study.
  subscript(index: Int) -> History.Event {
    let code = codes[index % Self.capacity]
    return code & 1 == 0 ? .asked(Int(code >> 1)) : .finished(Int(code >> 1))
  }

  func set(_ index: Int, _ event: History.Event) {
    codes[index % Self.capacity] =
      switch event {
      case .asked(let trial): UInt64(trial) << 1
      case .finished(let trial): UInt64(trial) << 1 | 1
      }
  }
}

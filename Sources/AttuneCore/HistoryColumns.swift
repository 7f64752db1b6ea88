/// The blocks behind histories: one reference, so that a snapshot is taken and let go by counting once.
///
/// `@unchecked Sendable` because of this law, which `HistoryLog` keeps: the arrays change only while one log
/// alone has them; what others may have is copied first.
final class HistoryColumns: @unchecked Sendable {
  /// What a log knows, in blocks.
  struct Arrays {
    var blocks: [TrialBlock] = []
    /// The same ones, but where points have changed since they were asked.
    var askedBlocks: [TrialBlock] = []
    var events: [EventBlock] = []
  }

  /// By a pointer, which spares reads the check that nobody writes: the law says so.
  let arrays: UnsafeMutablePointer<Arrays>

  init(_ arrays: Arrays = Arrays()) {
    self.arrays = .allocate(capacity: 1)
    self.arrays.initialize(to: arrays)
  }

  deinit {
    arrays.deinitialize(count: 1)
    arrays.deallocate()
  }
}

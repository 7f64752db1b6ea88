import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Every handle given to C, so that freed, wrong-kind and made-up ones are found, never followed.
///
/// A handle is no address but a slot number, a kind and a generation (`HandleBits`). A slot's word
/// holds the generation, whether the object is live, and how many calls use it: a call *pins* the
/// object, `drop` makes the handle invalid at once, and the object goes with the last pin. All
/// operations are lock-free; pinning and unpinning are one atomic step each, allocate nothing, and
/// so may be done in a signal handler.
///
/// Sound to share because: chunks are published once and never move or go; a slot's `word`, `texts`
/// and `next` are atomic; its `object` is written only by whoever took the slot from the vacant
/// ones, before the releasing store that makes it live, and cleared only by the one call that took
/// the last pin of a dead slot; pins are taken on live slots only.
enum HandleTable {
  /// Chunk n has 1024 << n slots.
  private static let firstChunkBits = 10
  private static let chunkCount = 17

  // All of these are initialised before the program runs, without a check at each use.
  /// The address of an array of the addresses of the chunks, or 0.
  private static let chunks = Atomic<UInt>(0)
  /// Slots taken from the chunks so far.
  private static let used = Atomic<UInt64>(0)
  /// Slots to use again.
  private static let vacant = SlotList()
  /// Dead slots whose objects a signal handler could not release.
  private static let doomed = SlotList()

  /// A handle to `object`, which the table keeps; `nil` when there are 2^27 or no memory is left.
  static func insert(_ object: AnyObject, _ kind: HandleKind) -> OpaquePointer? {
    releaseDoomed()
    guard let index = vacant.pop() ?? grow() else { return nil }
    let slot = slot(index)
    let generation = slot.pointee.word.load(ordering: .relaxed) >> 32
    slot.pointee.object = UInt(bitPattern: Unmanaged.passRetained(object).toOpaque())
    let word = generation << 32 | kind.rawValue << 28 | SlotWord.live
    slot.pointee.word.store(word, ordering: .releasing)
    return HandleBits(generation: UInt32(generation), slot: index, kind: kind).pointer
  }

  /// What became of a wish to use an object.
  enum Pinning {
    case done(UnsafeMutablePointer<HandleSlot>)
    /// Another call has it for itself.
    case busy
    case invalid
  }

  /// Keeps the object of a handle alive until `unpin`; `exclusively`: one such pin at a time.
  @inline(__always)
  static func pin(_ handle: HandleBits, exclusively: Bool) -> Pinning {
    guard handle.isTagged, let slot = existingSlot(handle.slot) else { return .invalid }
    var word = SlotWord(rawValue: slot.pointee.word.load(ordering: .relaxed))
    while true {
      guard word.holds(handle) else { return .invalid }
      if exclusively && word.isBusy { return .busy }
      let wanted = word.rawValue + 1 | (exclusively ? SlotWord.busy : 0)
      let (done, current) = slot.pointee.word.weakCompareExchange(
        expected: word.rawValue, desired: wanted, ordering: .acquiring)
      if done { return .done(slot) }
      word.rawValue = current
    }
  }

  /// Ends what `pin` began. `postponing` leaves the release of a dead object to a later call.
  @inline(__always)
  static func unpin(
    _ slot: UnsafeMutablePointer<HandleSlot>, _ handle: HandleBits, exclusively: Bool,
    postponing: Bool
  ) {
    let step = exclusively ? SlotWord.busy + 1 : 1
    let old = slot.pointee.word.wrappingSubtract(step, ordering: .releasing)
    let word = SlotWord(rawValue: old.newValue)
    if word.pins == 0 && !word.isLive { lastPinGone(handle.slot, postponing) }
  }

  @inline(never)
  private static func lastPinGone(_ index: UInt64, _ postponing: Bool) {
    atomicMemoryFence(ordering: .acquiring)
    if postponing { doomed.push(index) } else { retire(index) }
  }

  /// Makes a handle invalid; its object goes now, or with the last call that uses it.
  ///
  /// `false` when it was no valid handle of that kind.
  @discardableResult
  static func drop(_ handle: HandleBits) -> Bool {
    releaseDoomed()
    guard handle.isTagged, let slot = existingSlot(handle.slot) else { return false }
    var word = SlotWord(rawValue: slot.pointee.word.load(ordering: .relaxed))
    while true {
      guard word.holds(handle) else { return false }
      let (done, current) = slot.pointee.word.weakCompareExchange(
        expected: word.rawValue, desired: word.rawValue & ~SlotWord.live,
        ordering: .acquiringAndReleasing)
      if done { break }
      word.rawValue = current
    }
    if word.pins == 0 { retire(handle.slot) }
    return true
  }

  /// Why `pointer` is no valid handle of `kind`, in words that follow "is".
  static func fault(_ pointer: OpaquePointer?, _ kind: HandleKind) -> String {
    guard let pointer else { return "NULL" }
    let handle = HandleBits(pointer)
    guard handle.isTagged, let found = HandleKind(rawValue: handle.kind),
      let slot = existingSlot(handle.slot)
    else { return "no handle of this library" }
    let word = SlotWord(rawValue: slot.pointee.word.load(ordering: .relaxed))
    if word.holds(handle) && found != kind { return found.noun }
    return found == kind ? "a handle that was freed or never given" : "no living handle"
  }

  // MARK: - Slots

  private static func place(_ index: UInt64) -> (chunk: Int, offset: Int) {
    let shifted = index + 1 << UInt64(firstChunkBits)
    let chunk = 63 - shifted.leadingZeroBitCount - firstChunkBits
    return (chunk, Int(shifted) - 1 << (firstChunkBits + chunk))
  }

  /// The slot of an index that was given out.
  fileprivate static func slot(_ index: UInt64) -> UnsafeMutablePointer<HandleSlot> {
    // Not nil: an index is given out after its chunk is published.
    existingSlot(index).unsafelyUnwrapped
  }

  @inline(__always)
  private static func existingSlot(_ index: UInt64) -> UnsafeMutablePointer<HandleSlot>? {
    let (chunk, offset) = place(index)
    guard chunk < chunkCount, let chunks = existingChunks else { return nil }
    let address = chunks[chunk].load(ordering: .acquiring)
    return UnsafeMutablePointer<HandleSlot>(bitPattern: address).map { $0 + offset }
  }

  @inline(__always)
  private static var existingChunks: UnsafeMutablePointer<Atomic<UInt>>? {
    UnsafeMutablePointer(bitPattern: chunks.load(ordering: .acquiring))
  }

  /// The next slot that was never used.
  private static func grow() -> UInt64? {
    var index = used.load(ordering: .relaxed)
    while true {
      let (chunk, _) = place(index)
      guard chunk < chunkCount, publish(chunk) else { return nil }
      let (done, current) = used.weakCompareExchange(
        expected: index, desired: index + 1, ordering: .acquiringAndReleasing)
      if done { break }
      index = current
    }
    let word = SlotWord(generation: firstGeneration(index))
    slot(index).pointee.word.store(word.rawValue, ordering: .relaxed)
    return index
  }

  private static func publish(_ chunk: Int) -> Bool {
    guard let chunks = existingChunks ?? publishChunks() else { return false }
    if chunks[chunk].load(ordering: .acquiring) != 0 { return true }
    let count = 1 << (firstChunkBits + chunk)
    guard let memory = calloc(count, MemoryLayout<HandleSlot>.stride) else { return false }
    let (done, _) = chunks[chunk].compareExchange(
      expected: 0, desired: UInt(bitPattern: memory), ordering: .acquiringAndReleasing)
    if !done { free(memory) }
    return true
  }

  /// The array of chunks, made with the first handle.
  private static func publishChunks() -> UnsafeMutablePointer<Atomic<UInt>>? {
    Fork.watch()
    guard let memory = calloc(chunkCount, MemoryLayout<Atomic<UInt>>.stride) else { return nil }
    let (done, _) = chunks.compareExchange(
      expected: 0, desired: UInt(bitPattern: memory), ordering: .acquiringAndReleasing)
    if !done { free(memory) }
    return existingChunks
  }

  /// Scrambled, never 0: neither small numbers nor a handle with a changed slot are handles.
  private static func firstGeneration(_ index: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: ((index + 1) &* 0x9E37_79B9_7F4A_7C15) >> 32) | 1
  }

  /// Empties a dead slot and makes it usable again, unless it has had all its generations.
  private static func retire(_ index: UInt64) {
    let slot = slot(index)
    let object = UnsafeRawPointer(bitPattern: slot.pointee.object)
    LentText.freeAll(slot.pointee.texts.exchange(0, ordering: .acquiringAndReleasing))
    slot.pointee.object = 0
    let old = UInt32(truncatingIfNeeded: slot.pointee.word.load(ordering: .relaxed) >> 32)
    let generation = old &+ 1
    slot.pointee.word.store(
      SlotWord(generation: generation).rawValue, ordering: .releasing)
    if generation != firstGeneration(index) { vacant.push(index) }
    // Last: letting go may run a caller's destroy function, which may use the table.
    if let object { Unmanaged<AnyObject>.fromOpaque(object).release() }
  }

  @inline(__always)
  private static func releaseDoomed() {
    if doomed.isEmpty { return }
    for index in doomed.takeAll() { retire(index) }
  }
}

/// A lock-free stack of slots, linked by their `next`.
private struct SlotList: ~Copyable {
  /// The top slot plus 1, or 0, below a counter of changes that tells equal tops apart.
  private let head = Atomic<UInt64>(0)

  var isEmpty: Bool { head.load(ordering: .relaxed) & 0xFFFF_FFFF == 0 }

  func push(_ index: UInt64) {
    let slot = HandleTable.slot(index)
    var top = head.load(ordering: .relaxed)
    while true {
      slot.pointee.next.store(UInt32(truncatingIfNeeded: top), ordering: .relaxed)
      let (done, current) = head.weakCompareExchange(
        expected: top, desired: Self.tag(after: top) | (index + 1), ordering: .releasing)
      if done { return }
      top = current
    }
  }

  func pop() -> UInt64? {
    var top = head.load(ordering: .acquiring)
    while true {
      let first = top & 0xFFFF_FFFF
      if first == 0 { return nil }
      let next = HandleTable.slot(first - 1).pointee.next.load(ordering: .relaxed)
      let (done, current) = head.weakCompareExchange(
        expected: top, desired: Self.tag(after: top) | UInt64(next), ordering: .acquiring)
      if done { return first - 1 }
      top = current
    }
  }

  func takeAll() -> [UInt64] {
    var all: [UInt64] = []
    while let index = pop() { all.append(index) }
    return all
  }

  private static func tag(after top: UInt64) -> UInt64 { (top >> 32 &+ 1) << 32 }
}

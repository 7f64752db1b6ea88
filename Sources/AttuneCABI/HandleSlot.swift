import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a handle stands for; the number is part of the handle. Each kind has one Swift type.
enum HandleKind: UInt64 {
  case error = 1
  case options = 2
  case space = 3
  case study = 4
  case trial = 5
  case objective = 6
  case trials = 7

  /// The handle's C type and article, for error texts.
  var noun: String {
    switch self {
    case .error: "an attune_error"
    case .options: "an attune_options"
    case .space: "an attune_space"
    case .study: "an attune_study"
    case .trial: "an attune_trial"
    case .objective: "an attune_objective"
    case .trials: "an attune_trials"
    }
  }
}

/// A handle's 64 bits: generation, slot, kind, and a low 1 that no pointer to an object has.
struct HandleBits {
  static let slotBits: UInt64 = 27
  static let slotCount: UInt64 = 1 << slotBits

  let rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(generation: UInt32, slot: UInt64, kind: HandleKind) {
    rawValue = UInt64(generation) << 32 | slot << 5 | kind.rawValue << 1 | 1
  }

  init(_ pointer: OpaquePointer) { rawValue = UInt64(UInt(bitPattern: pointer)) }

  var generation: UInt64 { rawValue >> 32 }
  var slot: UInt64 { rawValue >> 5 & (Self.slotCount - 1) }
  var kind: UInt64 { rawValue >> 1 & 0xF }
  var isTagged: Bool { rawValue & 1 == 1 }
  var pointer: OpaquePointer? { OpaquePointer(bitPattern: UInt(rawValue)) }
}

/// The state of a slot in one word, so that one compare-and-swap decides every race.
struct SlotWord {
  static let live: UInt64 = 1 << 27
  static let busy: UInt64 = 1 << 26
  /// Calls that use the object at this moment; far below what the threads of a process can reach.
  static let pinMask: UInt64 = busy - 1

  var rawValue: UInt64

  init(rawValue: UInt64) { self.rawValue = rawValue }

  init(generation: UInt32) { rawValue = UInt64(generation) << 32 }

  var generation: UInt64 { rawValue >> 32 }
  var kind: UInt64 { rawValue >> 28 & 0xF }
  var isLive: Bool { rawValue & Self.live != 0 }
  var isBusy: Bool { rawValue & Self.busy != 0 }
  var pins: UInt64 { rawValue & Self.pinMask }

  /// Whether this is the living object of a handle.
  func holds(_ handle: HandleBits) -> Bool {
    isLive && generation == handle.generation && kind == handle.kind
  }
}

/// One place of the handle table. Lives in zeroed memory that never moves.
struct HandleSlot: ~Copyable {
  let word: Atomic<UInt64>
  /// A retained reference, or 0. Written before `word` says live, read while pinned.
  var object: UInt
  /// The texts lent to the caller: a list of `LentText`, added to only.
  let texts: Atomic<UInt>
  /// The next slot, plus 1, of the list this one is in.
  let next: Atomic<UInt32>
}

/// A C string that lives as long as its handle: this header, then the bytes.
struct LentText {
  let next: UInt

  /// The C string for `text`, made once per handle; `nil` without memory. Lock-free.
  static func lend(
    _ text: String, from list: borrowing Atomic<UInt>
  ) -> UnsafePointer<CChar>? {
    let size = MemoryLayout<LentText>.size
    let head = list.load(ordering: .acquiring)
    if let found = find(text, head) { return found }
    let count = text.utf8.count
    guard let memory = malloc(size + count + 1) else { return nil }
    let bytes = (memory + size).assumingMemoryBound(to: UInt8.self)
    for (index, byte) in text.utf8.enumerated() { bytes[index] = byte }
    bytes[count] = 0
    let node = memory.bindMemory(to: LentText.self, capacity: 1)
    var expected = head
    while true {
      node.initialize(to: LentText(next: expected))
      let (done, current) = list.weakCompareExchange(
        expected: expected, desired: UInt(bitPattern: memory), ordering: .acquiringAndReleasing)
      if done { return UnsafePointer((memory + size).assumingMemoryBound(to: CChar.self)) }
      expected = current
    }
  }

  private static func find(_ text: String, _ head: UInt) -> UnsafePointer<CChar>? {
    text.withCString { wanted in
      var address = head
      while let node = UnsafeRawPointer(bitPattern: address) {
        let lent = (node + MemoryLayout<LentText>.size).assumingMemoryBound(to: CChar.self)
        if strcmp(wanted, lent) == 0 { return lent }
        address = node.load(as: LentText.self).next
      }
      return nil
    }
  }

  static func freeAll(_ head: UInt) {
    var address = head
    while let node = UnsafeMutableRawPointer(bitPattern: address) {
      address = node.load(as: LentText.self).next
      free(node)
    }
  }
}

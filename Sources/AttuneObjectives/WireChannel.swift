import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One end of the private socket between a host and a worker.
///
/// Messages go in packets of at most 64 KiB. Where the socket is a stream, without packets, the sizes in
/// the headers alone tell messages apart.
final class WireChannel {
  /// What a receive found.
  enum Receipt {
    case message(WireMessage)
    /// Nothing yet.
    case nothing
    /// The other end is closed.
    case closed
    /// What came is no message of this protocol.
    case corrupt(String)
  }

  let descriptor: Int32
  private var memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 2 * Int(ATTUNE_PACKET_SIZE), alignment: 16)
  /// What is received and not taken yet.
  private var start = 0
  private var end = 0
  /// Whether the last message came soon after it was waited for.
  private var isBrisk = false

  /// Seconds that a message is waited for awake.
  private static let wakefulness = 50e-6
  /// Within so many seconds a message came soon: a processor that fell asleep needs some of them to wake.
  private static let briskness = 150e-6

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { memory.deallocate() }

  /// Whether a whole message may be here already, without looking at the socket.
  var hasRest: Bool { end > start }

  /// Sends a message whole; `false` when the other end is gone, or takes nothing for ten seconds.
  func send(_ writer: WireWriter, waits: Bool) -> Bool {
    let bytes = writer.bytes
    var sent = 0
    while sent < bytes.count {
      let piece = UnsafeRawBufferPointer(
        rebasing: bytes[sent..<min(bytes.count, sent + Int(ATTUNE_PACKET_SIZE))])
      let count = attune_channel_send(
        descriptor, piece.baseAddress, piece.count, waits ? 1 : 0)
      if count == -Int(EAGAIN) || count == -Int(ENOBUFS) {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&ready, 1, 10_000) == 0 { return false }
        continue
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// The next message.
  func receive(waits: Bool) -> Receipt {
    while true {
      if let receipt = parsed() { return receipt }
      let count = waits ? awaited { $0 ? nil : fill(waits: true) } : fill(waits: false)
      if count == -Int(EAGAIN) { return .nothing }
      if count <= 0 { return .closed }
    }
  }

  /// Waits for a message by `sleep`, but first a moment awake where the last one came that soon: a
  /// processor that falls asleep between two small evaluations costs more than they do.
  ///
  /// `sleep` hears whether something came meanwhile, and gives what comes of it instead.
  func awaited(_ sleep: (_ hasCome: Bool) -> Int?) -> Int {
    let begun = monotonicSeconds()
    var count = -Int(EAGAIN)
    while isBrisk, count == -Int(EAGAIN), monotonicSeconds() - begun < Self.wakefulness {
      count = fill(waits: false)
    }
    count = sleep(count != -Int(EAGAIN)) ?? count
    isBrisk = monotonicSeconds() - begun < Self.briskness
    return count
  }

  /// Takes what the socket has: how many bytes, or an error of the system below zero.
  private func fill(waits: Bool) -> Int {
    makeRoom()
    let room = UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    let count = attune_channel_receive(descriptor, room.baseAddress, room.count, waits ? 1 : 0)
    end += max(0, count)
    return count
  }

  /// The first message of what is here; `nil` when it is not whole.
  private func parsed() -> Receipt? {
    guard end - start >= WireHeader.size else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: memory[start..<end])
    let size = Int(bytes.loadUnaligned(as: UInt32.self))
    guard bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self) == WireHeader.mark else {
      return .corrupt("it does not begin as a message does")
    }
    let version = bytes[6]
    guard version == WireHeader.version else {
      return .corrupt("it is of protocol version \(version), wanted \(WireHeader.version)")
    }
    guard (WireHeader.size...WireHeader.limit).contains(size) else {
      return .corrupt("a message claims to have \(size) bytes")
    }
    guard bytes.count >= size else {
      reserve(size)
      return nil
    }
    start += size
    return .message(
      WireMessage(
        kind: bytes[7], sequence: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        payload: UnsafeRawBufferPointer(rebasing: bytes[WireHeader.size..<size])))
  }

  /// Makes room for a packet after what is here.
  private func makeRoom() {
    if start == end {
      start = 0
      end = 0
    }
    guard memory.count - end < Int(ATTUNE_PACKET_SIZE) else { return }
    reserve(end - start + Int(ATTUNE_PACKET_SIZE))
  }

  /// Moves what is here to the front of memory for so many bytes and a packet.
  private func reserve(_ size: Int) {
    let kept = end - start
    let wanted = max(size, kept) + Int(ATTUNE_PACKET_SIZE)
    if wanted <= memory.count {
      if start > 0, let base = memory.baseAddress {
        base.copyMemory(from: base + start, byteCount: kept)
      }
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(wanted, 2 * memory.count), alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
      memory.deallocate()
      memory = larger
    }
    start = 0
    end = kept
  }
}

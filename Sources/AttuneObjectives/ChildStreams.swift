import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ChildProcess {
  /// The pipes to a child, none of which blocks.
  struct Streams {
    private(set) var childInput: Int32 = -1
    private(set) var childOutput: Int32 = -1
    private(set) var childErrors: Int32 = -1
    private var toInput: Int32 = -1
    private var fromOutput: Int32 = -1
    private var fromErrors: Int32 = -1
    private var rest: ArraySlice<UInt8>
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Whether the last `serve` found nothing to do.
    private(set) var isQuiet = false
    private(set) var errors = TailText()

    init(input: [UInt8]) throws(AttuneError) {
      rest = input[...]
      (childInput, toInput) = try Self.pipe()
      do {
        (fromOutput, childOutput) = try Self.pipe()
        (fromErrors, childErrors) = try Self.pipe()
      } catch {
        closeChildEnds()
        closeAll()
        throw error
      }
      for end in [toInput, fromOutput, fromErrors] {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }

    static func pipe() throws(AttuneError) -> (read: Int32, write: Int32) {
      var ends: [Int32] = [-1, -1]
      let error = attune_pipe(&ends)
      guard error == 0 else {
        throw AttuneError(.io, "cannot make a pipe: \(File.reason(error))")
      }
      return (ends[0], ends[1])
    }

    static func close(_ end: inout Int32) {
      guard end >= 0 else { return }
      #if canImport(Glibc)
        _ = Glibc.close(end)
      #elseif canImport(Musl)
        _ = Musl.close(end)
      #else
        _ = Darwin.close(end)
      #endif
      end = -1
    }

    /// Closes the ends the child has its own copies of.
    ///
    /// The reading end of its input stays while there is something to write: with a reader there is
    /// no SIGPIPE, whatever the child does.
    mutating func closeChildEnds() {
      Self.close(&childOutput)
      Self.close(&childErrors)
      if rest.isEmpty { closeInput() }
    }

    private mutating func closeInput() {
      Self.close(&toInput)
      Self.close(&childInput)
    }

    mutating func closeAll() {
      closeInput()
      Self.close(&fromOutput)
      Self.close(&fromErrors)
    }

    var isOpen: Bool { fromOutput >= 0 || fromErrors >= 0 }

    /// Waits until something can be read or written, at most so long, and does it.
    ///
    /// Returns what `read` said, `true` when it was not asked.
    mutating func serve(milliseconds: Int32, _ read: (UnsafeRawBufferPointer) -> Bool) -> Bool {
      var polls: [pollfd] = []
      for end in [fromOutput, fromErrors] where end >= 0 {
        polls.append(pollfd(fd: end, events: Int16(POLLIN), revents: 0))
      }
      if toInput >= 0 { polls.append(pollfd(fd: toInput, events: Int16(POLLOUT), revents: 0)) }
      let count = poll(&polls, nfds_t(polls.count), milliseconds)
      isQuiet = count <= 0
      guard count > 0 else { return true }
      for ready in polls where ready.revents != 0 && ready.fd == toInput { writeInput() }
      if polls.contains(where: { $0.fd == fromErrors && $0.revents != 0 }) { _ = readErrors() }
      if polls.contains(where: { $0.fd == fromOutput && $0.revents != 0 }) {
        return readOutput(read) != .refused
      }
      return true
    }

    /// Reads what the ended child left in its pipes, at most 16 MiB.
    mutating func drain(_ read: (UnsafeRawBufferPointer) -> Bool) {
      var pieces = 0
      while pieces < 256, readOutput(read) == .some { pieces += 1 }
      pieces = 0
      while pieces < 256, readErrors() == .some { pieces += 1 }
    }

    private enum Reading { case some, nothing, refused }

    /// Reads what is there into the buffer; closes the end at its end.
    private mutating func piece(_ end: WritableKeyPath<Streams, Int32>) -> Int {
      let descriptor = self[keyPath: end]
      guard descriptor >= 0 else { return 0 }
      let count = buffer.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
          Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
          Musl.read(descriptor, bytes.baseAddress, bytes.count)
        #else
          Darwin.read(descriptor, bytes.baseAddress, bytes.count)
        #endif
      }
      if count > 0 { return count }
      if count == 0 || (errno != EAGAIN && errno != EINTR) { Self.close(&self[keyPath: end]) }
      return 0
    }

    private mutating func readOutput(_ read: (UnsafeRawBufferPointer) -> Bool) -> Reading {
      let count = piece(\.fromOutput)
      guard count > 0 else { return .nothing }
      return buffer.withUnsafeBytes { read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        ? .some : .refused
    }

    private mutating func readErrors() -> Reading {
      let count = piece(\.fromErrors)
      guard count > 0 else { return .nothing }
      errors.append(buffer[..<count])
      return .some
    }

    private mutating func writeInput() {
      let descriptor = toInput
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EAGAIN && errno != EINTR {
        rest = []
      }
      if rest.isEmpty { closeInput() }
    }
  }

  /// The end of a stream of text: at most 2 KiB, from the start of a line where one is known.
  struct TailText {
    private static let limit = 2048
    private var bytes: [UInt8] = []
    private var isCut = false

    var isEmpty: Bool { bytes.isEmpty }

    mutating func append(_ more: ArraySlice<UInt8>) {
      bytes.append(contentsOf: more.suffix(Self.limit))
      if bytes.count > Self.limit || more.count > Self.limit {
        isCut = true
        bytes.removeFirst(max(0, bytes.count - Self.limit))
      }
    }

    var text: String {
      var kept = bytes[...]
      if isCut, let newline = kept.firstIndex(of: UInt8(ascii: "\n")), newline + 1 < kept.endIndex {
        kept = kept[(newline + 1)...]
      }
      while let last = kept.last,
        last == UInt8(ascii: "\n") || last == UInt8(ascii: " ")
          || last == UInt8(ascii: "\r")
      {
        kept.removeLast()
      }
      return String(decoding: kept, as: UTF8.self)
    }
  }
}

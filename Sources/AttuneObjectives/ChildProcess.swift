import AttuneCore
import CGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program run to its end with its three standard streams, in a process group of its own.
///
/// Streams are read and written as they get ready, so that no flood on one blocks the others. When
/// the program ends, or has to, its whole process group is killed, and nothing is left behind: no
/// zombie, no open descriptor.
struct ChildProcess {
  /// How a child ended.
  enum Ending: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// The host took or ignores the children's statuses.
    case lost
  }

  /// Why a child was made to end.
  enum Stop: Equatable {
    case timeout
    case asked
    /// The reader of its output had enough.
    case reader
  }

  struct Result {
    let ending: Ending
    let stop: Stop?
    /// The end of what stands on standard error, at most 2 KiB of whole lines.
    let errorTail: String
  }

  /// Looked up in PATH when it has no `/`.
  var program: String
  /// With the program's own name first.
  var arguments: [String]
  /// `NAME=value` each.
  var environment: [String]
  var input: [UInt8] = []
  /// Seconds; infinite for none.
  var timeout = Double.infinity
  /// Seconds between SIGTERM and SIGKILL.
  var grace = 2.0
  /// The longest time between two looks at `shouldStop`, in milliseconds.
  static let tick: Int32 = 20

  /// Runs it. `read` gets standard output piece by piece and says whether to go on.
  func run(
    shouldStop: () -> Bool, read: (UnsafeRawBufferPointer) -> Bool
  ) throws(AttuneError) -> Result {
    var streams = try Streams(input: input)
    var pid: Int32 = -1
    let error = Self.withCArray(arguments) { arguments in
      Self.withCArray(environment) { environment in
        attune_spawn(
          &pid, program, 1, arguments.baseAddress, environment.baseAddress,
          [streams.childInput, streams.childOutput, streams.childErrors], 3)
      }
    }
    streams.closeChildEnds()
    guard error == 0 else {
      streams.closeAll()
      throw AttuneError(
        error == ENOENT ? .notFound : .io, "cannot start \(program): \(File.reason(error))",
        subject: program)
    }
    let stop = watch(pid, &streams, shouldStop, read)
    // What is left of the group ends with its leader, whose id is taken until it is reaped.
    if attune_has_ended(pid) == 1 { kill(-pid, SIGKILL) }
    streams.drain(read)
    streams.closeAll()
    var code: Int32 = 0
    var signal: Int32 = 0
    let reaped = attune_reap(pid, &code, &signal, nil)
    let ending: Ending =
      reaped != 0 ? .lost : signal != 0 ? .killed(signal: signal) : .exited(code)
    return Result(ending: ending, stop: stop, errorTail: streams.errors.text)
  }

  /// Serves the streams until the child has ended; says why it was stopped, if it was.
  private func watch(
    _ pid: Int32, _ streams: inout Streams, _ shouldStop: () -> Bool,
    _ read: (UnsafeRawBufferPointer) -> Bool
  ) -> Stop? {
    let deadline = monotonicSeconds() + timeout
    var stop: Stop?
    var killTime = Double.infinity
    var pause: Int32 = 1
    while attune_has_ended(pid) == 0 {
      let goesOn = streams.serve(milliseconds: pause, read)
      // Silent streams may mean that the end is near: look often at first, then less so.
      pause = streams.isQuiet ? min(pause * 2, Self.tick) : streams.isOpen ? Self.tick : 1
      let now = monotonicSeconds()
      if stop == nil {
        if !goesOn { stop = .reader } else if now >= deadline { stop = .timeout }
        if stop == nil, shouldStop() { stop = .asked }
        if stop != nil {
          kill(-pid, SIGTERM)
          killTime = now + grace
        }
      } else if now >= killTime {
        kill(-pid, SIGKILL)
        killTime = .infinity
      }
    }
    return stop
  }

  /// The texts as a NULL-terminated array of C texts.
  static func withCArray<R>(
    _ texts: [String], _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    let kept = texts.map { CText($0) }
    return withExtendedLifetime(kept) {
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<CChar>?.self, capacity: kept.count + 1
      ) { pointers in
        pointers.initialize(repeating: nil)
        for (index, text) in kept.enumerated() {
          pointers[index] = UnsafeMutablePointer(mutating: text.pointer)
        }
        return body(pointers)
      }
    }
  }
}

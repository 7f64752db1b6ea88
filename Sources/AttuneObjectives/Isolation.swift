import AttuneCore
import CGuard

/// How an objective runs in worker processes: under which limits, and what becomes of what it uses.
public struct Isolation: Sendable, Hashable {
  /// The path of `attune-worker`; `nil` looks for it.
  public var worker: String?
  /// Seconds a trial may take; infinite for no limit.
  public var timeout = Double.infinity
  /// Seconds of processor time a trial may take; infinite for no limit.
  public var cpuTime = Double.infinity
  /// Bytes a worker may have to write to; `nil` for no limit.
  public var memory: UInt64?
  /// Files a worker may have open, its own few included; `nil` for the system's limit.
  public var openFiles: UInt64?
  /// Bytes of the stack that evaluations run on; `nil` for the system's limit.
  public var stack: UInt64?
  /// Seconds from `should_stop` to SIGTERM, and from SIGTERM to SIGKILL.
  public var grace = 1.0
  /// Takes the network, starting programs and writing outside a private folder from workers.
  public var sandbox = false
  /// Keeps what each trial used as its attribute `attune:worker`; of trials whose worker ended it is kept
  /// always.
  public var usage = false

  public init() {}

  /// The attribute of a trial that tells what became of its worker and what it used.
  public static let attribute = "attune:worker"

  /// The least stack and memory with which a worker can still say what went wrong.
  static let leastStack: UInt64 = 256 << 10
  static let leastMemory: UInt64 = 16 << 20
  static let leastFiles: UInt64 = 16

  /// Refuses limits that no worker can live under, and a sandbox where there is none.
  func check() throws(AttuneError) {
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "isolation: option \"\(key)\" is \(found), wanted \(wanted)",
        subject: "options.\(key)")
    }
    // NaN is refused too.
    guard timeout > 0 else { throw refuse("timeout", "\(timeout)", "seconds above 0") }
    guard cpuTime > 0 else { throw refuse("cpu_time", "\(cpuTime)", "seconds above 0") }
    guard grace >= 0, grace.isFinite else {
      throw refuse("grace", "\(grace)", "a number of seconds, 0 or more")
    }
    for (key, value, least) in [
      ("memory", memory, Self.leastMemory), ("open_files", openFiles, Self.leastFiles),
      ("stack", stack, Self.leastStack),
    ] {
      if let value, value < least { throw refuse(key, "\(value)", "\(least) or more") }
    }
    if sandbox { try Sandbox.check() }
  }
}

/// The sandbox of the system, where it has one.
enum Sandbox {
  /// Throws `notSupported`, with the reason, where workers cannot be put into one.
  static func check() throws(AttuneError) {
    try perform { attune_sandbox_available($0, $1) }
  }

  /// Puts this process into it for good.
  static func enter(writable folder: String) throws(AttuneError) {
    try perform { attune_sandbox_enter(folder, $0, $1) }
  }

  private static func perform(
    _ body: (UnsafeMutablePointer<CChar>?, Int) -> Int32
  ) throws(AttuneError) {
    let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      buffer.initialize(repeating: 0)
      guard body(buffer.baseAddress, buffer.count) == 0 else { return String?.none }
      return buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    if let reason {
      throw AttuneError(
        .notSupported, "the sandbox cannot be had: \(reason)", subject: "options.sandbox")
    }
  }
}

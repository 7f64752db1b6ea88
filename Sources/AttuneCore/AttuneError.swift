/// What went wrong, as a code for programs and a sentence for people.
///
/// The sentence names the thing, the value found and the value wanted. A failed objective is not an
/// error but data (`Failure`).
public struct AttuneError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The statuses of `attune.h`; numbers are never reused.
  public enum Code: Int32, Sendable, CaseIterable {
    case `internal` = -1
    case invalidArgument = -2
    case invalidState = -3
    case notFound = -4
    case alreadyExists = -5
    case typeMismatch = -6
    case inactive = -7
    case notSupported = -8
    case outOfMemory = -9
    case io = -10
    case storage = -11
    case conflict = -12
    case cancelled = -13
    case timeout = -14
    case plugin = -15
    case objective = -16
    case exhausted = -17

    /// The stable lower-case name, as C and the command line print it.
    public var name: String {
      switch self {
      case .internal: "internal"
      case .invalidArgument: "invalid_argument"
      case .invalidState: "invalid_state"
      case .notFound: "not_found"
      case .alreadyExists: "already_exists"
      case .typeMismatch: "type_mismatch"
      case .inactive: "inactive"
      case .notSupported: "not_supported"
      case .outOfMemory: "out_of_memory"
      case .io: "io"
      case .storage: "storage"
      case .conflict: "conflict"
      case .cancelled: "cancelled"
      case .timeout: "timeout"
      case .plugin: "plugin"
      case .objective: "objective"
      case .exhausted: "exhausted"
      }
    }
  }

  public let code: Code
  public let message: String
  /// The offending item ("space.lr.low", a path, a plugin id), or "".
  public let subject: String
  /// The code user code returned, or 0.
  public let userCode: Int32

  public init(_ code: Code, _ message: String, subject: String = "", userCode: Int32 = 0) {
    self.code = code
    self.message = message
    self.subject = subject
    self.userCode = userCode
  }

  public var description: String { message }
}

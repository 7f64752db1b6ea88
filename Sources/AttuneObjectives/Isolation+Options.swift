public import AttuneCore

/// Isolation as named settings, for the doors.
extension Isolation {
  /// The option keys. `isolate` says whether there is any isolation at all.
  public static let options: [OptionDescription] = [
    OptionDescription(
      "isolate", .choice(["none", "process"]), default: .string("none"),
      "run in worker processes, one per job"),
    OptionDescription("worker", .string, default: .null, "the path of attune-worker"),
    OptionDescription(
      "timeout", .float(low: 0, high: .infinity), default: .null, "seconds per trial"),
    OptionDescription(
      "cpu_time", .float(low: 0, high: .infinity), default: .null,
      "seconds of processor time per trial"),
    OptionDescription(
      "memory", .int(low: 0, high: .max), default: .null, "bytes a worker may write to"),
    OptionDescription(
      "open_files", .int(low: 0, high: .max), default: .null, "files a worker may have open"),
    OptionDescription(
      "stack", .int(low: 0, high: .max), default: .null, "bytes of stack for an evaluation"),
    OptionDescription(
      "grace", .float(low: 0, high: .infinity), default: .null,
      "seconds from should_stop to SIGTERM, and on to SIGKILL"),
    OptionDescription(
      "sandbox", .bool, default: .bool(false),
      "no network, no programs, writing in a private folder only"),
    OptionDescription(
      "usage", .bool, default: .bool(false), "keep what each trial used as an attribute"),
  ]

  /// The isolation that checked settings ask for, `nil` for none.
  ///
  /// A limit without isolation is refused: nothing would keep it.
  public static func read(_ options: Options, owner: String) throws(AttuneError) -> Isolation? {
    guard options.string("isolate") == "process" else {
      for option in Self.options where option.key != "isolate" {
        guard options.isGiven(option.key), options.bool(option.key) != false else { continue }
        throw AttuneError(
          .invalidArgument,
          "\(owner): option \"\(option.key)\" is given without isolation, wanted option \"isolate\" "
            + "to be \"process\" with it", subject: "options.\(option.key)")
      }
      return nil
    }
    var isolation = Isolation()
    isolation.worker = options.string("worker")
    isolation.timeout = options.float("timeout") ?? .infinity
    isolation.cpuTime = options.float("cpu_time") ?? .infinity
    isolation.memory = options.int("memory").map { UInt64(clamping: $0) }
    isolation.openFiles = options.int("open_files").map { UInt64(clamping: $0) }
    isolation.stack = options.int("stack").map { UInt64(clamping: $0) }
    isolation.grace = options.float("grace") ?? isolation.grace
    isolation.sandbox = options.bool("sandbox") ?? false
    isolation.usage = options.bool("usage") ?? false
    return isolation
  }
}

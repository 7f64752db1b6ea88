import AttuneCore
import AttuneObjectives

/// The option keys of the functions that make objectives.
enum ObjectiveOptions {
  /// Of a native function: whether its calls may overlap, and how it is isolated.
  static func native(
    _ given: [(key: String, value: Value)]
  ) throws(AttuneError) -> (threadSafe: Bool, isolation: Isolation?) {
    let options = try Options(
      given,
      known: [
        OptionDescription(
          "thread_safe", .bool, default: .bool(true), "whether calls may overlap")
      ] + Isolation.options, owner: "native objective")
    return (
      options.bool("thread_safe") ?? true,
      try Isolation.read(options, owner: "native objective")
    )
  }

  /// Of a plugin: which files may be opened, and how it is isolated.
  static func plugin(
    _ given: [(key: String, value: Value)]
  ) throws(AttuneError) -> (trust: PluginTrust, isolation: Isolation?) {
    let options = try Options(
      given,
      known: [
        OptionDescription(
          "allow_unsafe_path", .bool, default: .bool(false),
          "open files that others could have written"),
        OptionDescription(
          "sha256", .string, default: .null, "the hash the file must have, in hexadecimal"),
      ] + Isolation.options, owner: "plugin objective")
    let trust = PluginTrust(
      allowsUnsafePath: options.bool("allow_unsafe_path") ?? false,
      sha256: options.string("sha256"))
    return (trust, try Isolation.read(options, owner: "plugin objective"))
  }

  static func command(
    _ given: [(key: String, value: Value)]
  ) throws(AttuneError) -> CommandObjective.Options {
    let options = try Options(
      given,
      known: [
        OptionDescription(
          "timeout", .float(low: 0, high: .infinity), default: .null, "seconds per trial"),
        OptionDescription("shell", .bool, default: .bool(false), "hand the command to /bin/sh"),
      ], owner: "command objective")
    return CommandObjective.Options(
      timeout: options.float("timeout") ?? .infinity, shell: options.bool("shell") ?? false)
  }
}

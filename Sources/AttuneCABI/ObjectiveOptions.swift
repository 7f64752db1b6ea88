import AttuneCore
import AttuneObjectives

/// The option keys of the functions that make objectives.
enum ObjectiveOptions {
  static func native(_ given: [(key: String, value: Value)]) throws(AttuneError) -> Options {
    try Options(
      given,
      known: [
        OptionDescription(
          "thread_safe", .bool, default: .bool(true), "whether calls may overlap")
      ], owner: "native objective")
  }

  static func trust(_ given: [(key: String, value: Value)]) throws(AttuneError) -> PluginTrust {
    let options = try Options(
      given,
      known: [
        OptionDescription(
          "allow_unsafe_path", .bool, default: .bool(false),
          "open files that others could have written"),
        OptionDescription(
          "sha256", .string, default: .null, "the hash the file must have, in hexadecimal"),
      ], owner: "plugin objective")
    return PluginTrust(
      allowsUnsafePath: options.bool("allow_unsafe_path") ?? false,
      sha256: options.string("sha256"))
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

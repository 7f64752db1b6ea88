internal import CAttune

/// A plugin: a shared object with one or more objectives, written in Swift.
///
/// Keep one in a global and hand it out from the one function the host looks for:
///
///     import AttunePlugin
///
///     let plugin = Plugin(
///       id: "com.example.ridge", name: "Ridge regression", version: "1.0.0",
///       objectives: [Ridge.self])
///
///     @_cdecl("attune_plugin_entry_v1")
///     public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
///       plugin.entry(major, minor)
///     }
///
/// Build it with `-emit-library` as `NAME.attune.so`, and hide all other symbols. It runs with the
/// Swift runtime of the machine, or with its own by `-static-stdlib`; no Swift value crosses to the
/// host.
public final class Plugin: Sendable {
  private let description: PluginMemory

  /// `id` is of `[a-z0-9._-]` and never changes; `license` is an SPDX expression.
  public init(
    id: String, name: String, version: String, license: String? = nil,
    objectives: [any PluginObjective.Type]
  ) {
    description = PluginMemory(
      id: id, name: name, version: version, license: license, objectives: objectives)
  }

  /// What `attune_plugin_entry_v1` returns; `nil` for a host of another major version.
  public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
    hostMajor == UInt32(ATTUNE_PLUGIN_ABI_MAJOR) ? UnsafeRawPointer(description.pointer) : nil
  }
}

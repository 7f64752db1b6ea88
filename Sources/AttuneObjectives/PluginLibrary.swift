public import AttuneCore
import CAttune
import CGuard

/// A plugin's shared object, opened and checked: what it is and which objectives it offers.
///
/// It stays loaded until the process ends.
public final class PluginLibrary: Sendable {
  /// The canonical path.
  public let path: String
  public let id: String
  public let name: String
  public let version: String
  /// An SPDX expression, or "".
  public let license: String
  /// "1.0": the version of `attune_plugin.h` it was built with.
  public let abi: String
  public let objectives: [PluginDescriptor]
  private let library: DynamicLibrary

  /// Opens a path with `/` in it. Every error names the file, what was found and what was wanted.
  public init(path: String, trust: PluginTrust = PluginTrust()) throws(AttuneError) {
    let file = try PluginFile.checked(path, trust)
    do {
      library = try DynamicLibrary(file)
    } catch {
      throw AttuneError(.plugin, "plugin \(error.message)", subject: file)
    }
    let symbol: UnsafeMutableRawPointer
    do {
      symbol = try library.symbol(ATTUNE_PLUGIN_ENTRY)
    } catch {
      throw AttuneError(
        .plugin, "plugin \(file): it does not export \(ATTUNE_PLUGIN_ENTRY), wanted a plugin",
        subject: file)
    }
    let caught = CaughtException()
    let entry = unsafeBitCast(symbol, to: attune_plugin_entry_fn.self)
    let pointer = attune_guard_entry(
      entry, UInt32(ATTUNE_PLUGIN_ABI_MAJOR), UInt32(ATTUNE_PLUGIN_ABI_MINOR), caught.pointer)
    let reader = PluginReader(path: file)
    if let text = caught.take() {
      throw reader.refuse("\(ATTUNE_PLUGIN_ENTRY) threw a C++ exception: \(text)")
    }
    let plugin = try reader.plugin(pointer)
    self.path = file
    id = try reader.id(plugin.id)
    name = try reader.text(plugin.name, "name")
    version = try reader.text(plugin.version, "version")
    license = try reader.optionalText(plugin.license, "license") ?? ""
    abi = "\(plugin.abi_major).\(plugin.abi_minor)"
    objectives = try Self.objectives(of: plugin, reader)
  }

  private static func objectives(
    of plugin: attune_plugin, _ reader: PluginReader
  ) throws(AttuneError) -> [PluginDescriptor] {
    guard (1...4096).contains(plugin.n_objectives) else {
      throw reader.refuse("n_objectives is \(plugin.n_objectives), wanted 1 to 4096")
    }
    guard let pointers = plugin.objectives else {
      throw reader.refuse("objectives is NULL, wanted \(plugin.n_objectives) pointers")
    }
    var objectives: [PluginDescriptor] = []
    for index in 0..<Int(plugin.n_objectives) {
      var reader = reader
      reader.part = "objective \(index)"
      let descriptor = try reader.descriptor(pointers[index])
      guard !objectives.contains(where: { $0.id == descriptor.id }) else {
        throw reader.refuse(
          "id of objective \(index) is \"\(descriptor.id)\" once more, wanted different ids")
      }
      objectives.append(descriptor)
    }
    return objectives
  }

  /// The objective of that id; without an id the only one.
  public func objective(_ id: String? = nil) throws(AttuneError) -> PluginDescriptor {
    let ids = objectives.map(\.id)
    guard let id else {
      if objectives.count == 1 { return objectives[0] }
      throw AttuneError(
        .invalidArgument,
        "plugin \(path) has \(ids.count) objectives, wanted the id of one: "
          + ids.joined(separator: ", "), subject: path)
    }
    if let descriptor = objectives.first(where: { $0.id == id }) { return descriptor }
    throw AttuneError(
      .notFound,
      "plugin \(path) has no objective \"\(id)\"\(suggestion(for: id, among: ids)), "
        + "wanted one of \(ids.joined(separator: ", "))", subject: path)
  }
}

import AttuneCore
import AttuneObjectives

/// A plugin as people name it.
enum PluginReference {
  /// What the search takes for a path: a file of the current folder needs no ./ here.
  static func reference(_ text: String) -> String {
    guard !text.contains("/"), text.hasSuffix(".so") || TextFile.exists(text) else { return text }
    return "./" + text
  }

  /// The file of a reference.
  static func path(_ text: String) throws -> String {
    try PluginSearch().find(reference(text)).path
  }
}

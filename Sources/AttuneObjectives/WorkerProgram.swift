public import AttuneCore

/// Where the helper program `attune-worker` is, which opens plugins in a process of its own.
public enum WorkerProgram {
  static let name = "attune-worker"

  /// The path of the helper: the one given, else that of `ATTUNE_WORKER`, else the first one beside
  /// the running library or program, in their prefix's `libexec/attune` or `bin`, or in PATH.
  public static func find(_ given: String? = nil) throws(AttuneError) -> String {
    if let given { return try checked(given, "option worker") }
    if let path = Surroundings.variable("ATTUNE_WORKER") {
      return try checked(path, "ATTUNE_WORKER")
    }
    var tried: [String] = []
    for folder in Surroundings.programFolders {
      let prefix = File.folder(of: folder)
      // A library may lie one folder deeper: lib/x86_64-linux-gnu.
      for place in [
        folder, "\(prefix)/libexec/attune", "\(prefix)/bin",
        "\(File.folder(of: prefix))/libexec/attune", "\(File.folder(of: prefix))/bin",
      ] {
        let path = "\(place)/\(name)"
        if File.isExecutable(path) { return path }
        tried.append(place)
      }
    }
    for folder in (Surroundings.variable("PATH") ?? "").split(separator: ":")
    where folder.hasPrefix("/") {
      let path = "\(folder)/\(name)"
      if File.isExecutable(path) { return path }
    }
    throw AttuneError(
      .notFound,
      "cannot find \(name), which opens plugins in a process of its own; looked in "
        + "\(tried.joined(separator: ", ")) and PATH; set ATTUNE_WORKER to its path",
      subject: name)
  }

  private static func checked(_ path: String, _ source: String) throws(AttuneError) -> String {
    guard File.isExecutable(path) else {
      throw AttuneError(
        .notFound, "\(source) is \(path), which is no program, wanted the path of \(name)",
        subject: path)
    }
    return path
  }
}

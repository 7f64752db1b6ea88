import CGuard

/// Where this program and library lie, and what the environment says.
public enum Surroundings {
  /// How many processors this process may use.
  public static var processorCount: Int { max(1, Int(attune_processor_count())) }

  /// A variable of the environment; `nil` under setuid, where it must not be trusted, or when
  /// empty.
  static func variable(_ name: String) -> String? {
    guard let value = attune_safe_getenv(name), let text = String(validatingCString: value) else {
      return nil
    }
    return text.isEmpty ? nil : text
  }

  /// The environment as `NAME=value`, without what is set for one trial.
  static var inheritedVariables: [String] {
    var variables: [String] = []
    guard var next = attune_environment() else { return [] }
    while let text = next.pointee {
      let variable = String(cString: text)
      let isOurs = variable.hasPrefix("ATTUNE_PARAM_") || variable.hasPrefix("ATTUNE_TRIAL_")
      if !isOurs { variables.append(variable) }
      next += 1
    }
    return variables
  }

  /// The folders of the shared library that holds this code and of the running program.
  static var programFolders: [String] {
    var folders: [String] = []
    for find in [attune_image_path, attune_program_path] {
      let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
        guard let start = buffer.baseAddress, find(start, buffer.count) != 0 else {
          return String?.none
        }
        return String(validatingCString: start)
      }
      // A program whose file was removed while it runs has no folder to look in.
      guard let path, let resolved = try? File.canonical(path) else { continue }
      let folder = File.folder(of: resolved)
      if !folders.contains(folder) { folders.append(folder) }
    }
    return folders
  }
}

public import AttuneCore
import CGuard
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The folders in which the trials of one study keep what they need to go on after a pause: one a trial.
///
/// Nothing is made before it is wanted, and what is empty goes.
public final class StateFolders: Sendable {
  private let isTemporary: Bool
  /// The folder around them; `nil` for a temporary one that is not made yet.
  private let root: Mutex<String?>

  /// With `nil`, the folders are temporary, and gone at the latest with this object.
  public init(root: String?) {
    isTemporary = root == nil
    self.root = Mutex(root.map(File.absolute))
  }

  deinit { if isTemporary { removeAll() } }

  /// The path of a trial's folder, which its objective makes when it wants it.
  public func path(of trial: Int) throws(AttuneError) -> String {
    let (root, error) = root.withLock { root -> (String?, Int32) in
      if root == nil {
        let made = Self.makeTemporary()
        root = made.path
        return (root, made.error)
      }
      return (root, 0)
    }
    guard let root else {
      throw AttuneError(
        .io, "no temporary folder for what paused trials keep: \(File.reason(error))")
    }
    return "\(root)/\(trial)"
  }

  /// Whether a trial has its folder.
  public func has(_ trial: Int) -> Bool {
    root.withLock { $0 }.map { File.isFolder("\($0)/\(trial)") } ?? false
  }

  /// Removes what a trial kept.
  public func remove(_ trial: Int) {
    guard let root = root.withLock({ $0 }) else { return }
    File.removeFolder("\(root)/\(trial)")
  }

  /// Removes what such trials kept, and the folder around all when it is empty.
  public func removeAll(where isOver: (Int) -> Bool = { _ in true }) {
    guard let root = root.withLock({ $0 }) else { return }
    for name in File.names(in: root) {
      guard let trial = Int(name), trial >= 0, isOver(trial) else { continue }
      File.removeFolder("\(root)/\(name)")
    }
    guard rmdir(root) == 0 else { return }
    if isTemporary {
      self.root.withLock { $0 = nil }
    } else {
      // Beside a file, the folder of all its studies: kept while another has something there.
      rmdir(File.folder(of: root))
    }
  }

  private static func makeTemporary() -> (path: String?, error: Int32) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      buffer.initialize(repeating: 0)
      let error = attune_private_folder(buffer.baseAddress, buffer.count)
      guard error == 0 else { return (nil, error) }
      return (buffer.baseAddress.map { String(cString: $0) }, 0)
    }
  }
}

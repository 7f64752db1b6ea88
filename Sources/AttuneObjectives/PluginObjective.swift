public import AttuneCore
import Synchronization

/// An objective of a plugin.
///
/// A thread-safe one has one instance for all evaluators; another one gets an instance per
/// evaluator; a process-only one has one evaluator at a time in the process. The plugin gets its
/// parameters in the order of its own space; the study's space must have the same names and may
/// narrow each.
public final class PluginObjective: Objective {
  public let library: PluginLibrary
  public let descriptor: PluginDescriptor
  public let description: ObjectiveDescription
  /// JSON text for `create`, or `nil`.
  public let config: String?
  /// The one instance of a thread-safe objective.
  private let shared: PluginInstance?

  /// The objectives, by path and id, that may have one evaluator and have it.
  private static let occupied = Mutex<[String]>([])

  /// The objective `id`, which may be left out when the plugin has one only.
  ///
  /// A thread-safe objective is created here, so that a wrong configuration is found at once.
  public init(
    _ library: PluginLibrary, id: String? = nil, config: String? = nil
  ) throws(AttuneError) {
    let descriptor = try library.objective(id)
    if let config {
      do { _ = try JSON(parsing: config) } catch {
        throw AttuneError(error, in: "config of objective \(descriptor.id)")
      }
      guard !config.utf8.contains(0) else {
        throw AttuneError(
          .invalidArgument, "config of objective \(descriptor.id) has a NUL, wanted JSON text")
      }
    }
    self.library = library
    self.descriptor = descriptor
    self.config = config
    description = ObjectiveDescription(
      kind: "plugin", id: descriptor.id, name: descriptor.name, version: descriptor.version,
      summary: descriptor.summary, path: library.path, spaceJSON: descriptor.spaceJSON,
      configSchemaJSON: descriptor.configSchemaJSON, directions: descriptor.directions,
      capabilities: descriptor.capabilities)
    shared =
      descriptor.capabilities.contains(.threadSafe)
      ? try PluginInstance(descriptor, config: config) : nil
  }

  /// Opens a plugin file and takes an objective of it.
  public convenience init(
    path: String, id: String? = nil, config: String? = nil, trust: PluginTrust = PluginTrust()
  ) throws(AttuneError) {
    try self.init(PluginLibrary(path: path, trust: trust), id: id, config: config)
  }

  public func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator
  {
    guard valueCount == descriptor.valueCount else {
      throw AttuneError(
        .invalidArgument,
        "objective \(descriptor.id) gives \(descriptor.valueCount) values, wanted \(valueCount), "
          + "one for each direction of the study", subject: descriptor.id)
    }
    let parameters = try PluginParameters(descriptor, study: space)
    let place = try occupy()
    let instance: PluginInstance
    if let shared {
      instance = shared
    } else {
      instance = try PluginInstance(descriptor, config: config)
    }
    return PluginEvaluator(instance, parameters, space: space, place: place)
  }

  /// Takes the only place of a process-only objective.
  private func occupy() throws(AttuneError) -> Place? {
    guard descriptor.capabilities.contains(.processOnly) else { return nil }
    let key = "\(library.path):\(descriptor.id)"
    let isFree = Self.occupied.withLock { occupied in
      guard !occupied.contains(key) else { return false }
      occupied.append(key)
      return true
    }
    guard isFree else {
      throw AttuneError(
        .invalidState,
        "objective \(descriptor.id) allows one worker in a process (process_only) and has one, "
          + "wanted n_jobs 1", subject: descriptor.id)
    }
    return Place(key: key)
  }

  /// The only place of a process-only objective, given back with this object.
  final class Place: Sendable {
    private let key: String
    fileprivate init(key: String) { self.key = key }
    deinit { PluginObjective.occupied.withLock { $0.removeAll { $0 == key } } }
  }
}

internal import CAttune

/// The structs that a host reads, with all their texts: made once, never freed (P7).
final class PluginMemory: @unchecked Sendable {
  // Unchecked: everything is written in `init`, and the memory is never changed afterwards.

  let pointer: UnsafePointer<attune_plugin>

  init(
    id: String, name: String, version: String, license: String?,
    objectives: [any PluginObjective.Type]
  ) {
    let list = UnsafeMutablePointer<UnsafePointer<attune_objective_descriptor>?>.allocate(
      capacity: max(objectives.count, 1))
    for (index, type) in objectives.enumerated() {
      (list + index).initialize(to: ObjectiveMemory.make(type))
    }
    let memory = UnsafeMutablePointer<attune_plugin>.allocate(capacity: 1)
    memory.initialize(
      to: attune_plugin(
        struct_size: UInt32(MemoryLayout<attune_plugin>.size),
        abi_major: UInt32(ATTUNE_PLUGIN_ABI_MAJOR), abi_minor: UInt32(ATTUNE_PLUGIN_ABI_MINOR),
        n_objectives: UInt32(objectives.count), id: text(id), name: text(name),
        version: text(version), license: license.map(text), objectives: list,
        get_extension: nil))
    pointer = UnsafePointer(memory)
  }
}

/// A C text that is never freed.
private func text(_ text: String) -> UnsafePointer<CChar> {
  let bytes = Array(text.utf8CString)
  let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
  memory.initialize(from: bytes, count: bytes.count)
  return UnsafePointer(memory)
}

/// One objective's descriptor, followed in memory by a reference to its Swift type.
///
/// `create` gets the descriptor's address and finds the type behind it, so that no table is needed.
private struct ObjectiveMemory {
  var descriptor: attune_objective_descriptor
  var type: Unmanaged<ObjectiveType>

  static func make(_ type: any PluginObjective.Type) -> UnsafePointer<attune_objective_descriptor> {
    let description = type.description
    let directions = UnsafeMutablePointer<Int32>.allocate(
      capacity: max(description.directions.count, 1))
    for (index, direction) in description.directions.enumerated() {
      (directions + index).initialize(to: direction.rawValue)
    }
    let space = "{\(description.space.map(\.json).joined(separator: ", "))}"
    let memory = UnsafeMutablePointer<ObjectiveMemory>.allocate(capacity: 1)
    memory.initialize(
      to: ObjectiveMemory(
        descriptor: attune_objective_descriptor(
          struct_size: UInt32(MemoryLayout<attune_objective_descriptor>.size),
          capabilities: description.capabilities.rawValue, id: text(description.id),
          name: text(description.name), version: text(description.version),
          description: text(description.summary), space_json: text(space),
          config_schema_json: description.configSchema.map(text), directions: directions,
          n_values: UInt32(description.directions.count), max_poll_ms: description.maximumPoll,
          create: { create($0, $1, $2, $3) }, evaluate: { evaluate($0, $1) },
          destroy: { destroy($0) }),
        type: .passRetained(ObjectiveType(type, description))))
    return UnsafeRawPointer(memory).assumingMemoryBound(to: attune_objective_descriptor.self)
  }
}

/// A Swift type that evaluates, with what its trials need.
private final class ObjectiveType {
  let type: any PluginObjective.Type
  let indexes: [String: Int]
  let valueCount: Int

  init(_ type: any PluginObjective.Type, _ description: PluginDescription) {
    self.type = type
    // Of a name that stands twice the host tells when it reads the space.
    indexes = Dictionary(
      description.space.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
    valueCount = description.directions.count
  }
}

/// What `create` hands out: an object of the author's type.
private final class Instance {
  let objective: any PluginObjective
  let type: ObjectiveType

  init(_ type: ObjectiveType, config: String?) throws {
    self.type = type
    objective = try type.type.init(config: PluginConfig(json: config))
  }

  func evaluate(_ eval: UnsafePointer<attune_eval>) throws {
    let values = try objective.evaluate(PluginTrial(eval, indexes: type.indexes)).values
    guard values.count == type.valueCount, let out = eval.pointee.values else {
      throw PluginError(
        "evaluate returned \(values.count) values, wanted \(type.valueCount), as many as directions"
      )
    }
    for (index, value) in values.enumerated() { out[index] = value }
  }
}

private func setError(
  _ host: UnsafePointer<attune_host>?, _ eval: UnsafePointer<attune_eval>?, _ error: any Error
) {
  let code = (error as? PluginError)?.code ?? 0
  host?.pointee.set_error(host, eval, code, "\(error)")
}

private func create(
  _ descriptor: UnsafePointer<attune_objective_descriptor>?, _ host: UnsafePointer<attune_host>?,
  _ config: UnsafePointer<CChar>?,
  _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let descriptor, let out else { return Int32(ATTUNE_PLUGIN_FAILED) }
  let type = UnsafeRawPointer(descriptor).assumingMemoryBound(to: ObjectiveMemory.self).pointee.type
  do {
    let instance = try Instance(
      type.takeUnretainedValue(), config: config.map { String(cString: $0) })
    out.pointee = Unmanaged.passRetained(instance).toOpaque()
    return 0
  } catch {
    setError(host, nil, error)
    return Int32(ATTUNE_PLUGIN_FAILED)
  }
}

private func evaluate(
  _ instance: UnsafeMutableRawPointer?, _ eval: UnsafePointer<attune_eval>?
) -> Int32 {
  guard let instance, let eval else { return Int32(ATTUNE_PLUGIN_FAILED) }
  do {
    try Unmanaged<Instance>.fromOpaque(instance).takeUnretainedValue().evaluate(eval)
    return Int32(ATTUNE_PLUGIN_OK)
  } catch is PluginTrial.Paused where eval.pointee.may_pause == 1 {
    return Int32(ATTUNE_PLUGIN_PAUSED)
  } catch is PluginTrial.Pruned {
    return Int32(ATTUNE_PLUGIN_PRUNED)
  } catch {
    setError(eval.pointee.host, eval, error)
    return Int32(ATTUNE_PLUGIN_FAILED)
  }
}

private func destroy(_ instance: UnsafeMutableRawPointer?) {
  guard let instance else { return }
  Unmanaged<Instance>.fromOpaque(instance).release()
}

public import AttuneCore
import CAttune

/// One objective that a plugin offers, checked and copied out of foreign memory.
public struct PluginDescriptor: @unchecked Sendable {
  // Unchecked: the pointer is to memory that lives as long as the process and never changes (P7).

  public let id: String
  public let name: String
  public let version: String
  public let summary: String
  /// The objective's own space, in whose order it gets parameters.
  public let space: Space
  public let spaceJSON: String
  public let configSchemaJSON: String?
  public let directions: [Direction]
  public let capabilities: ObjectiveDescription.Capabilities
  /// With the capability `cancel`: the longest time between two polls, in milliseconds.
  public let maximumPoll: UInt32

  let pointer: UnsafePointer<attune_objective_descriptor>

  public var valueCount: Int { directions.count }
}

/// Reads a plugin's structs, field by field, and refuses what breaks the contract.
struct PluginReader {
  /// The canonical path, with which every error begins.
  let path: String
  /// What is being read: "the plugin" or "objective 2".
  var part = "the plugin"

  /// The sizes of version 1.0: all structs have at least these.
  static let pluginSize = UInt32(MemoryLayout<attune_plugin>.size)
  static let descriptorSize = UInt32(MemoryLayout<attune_objective_descriptor>.size)
  static let majorVersion = UInt32(ATTUNE_PLUGIN_ABI_MAJOR)

  func refuse(_ message: String) -> AttuneError {
    AttuneError(.plugin, "plugin \(path): \(message)", subject: path)
  }

  /// The plugin's struct, once its version and size allow to read it.
  func plugin(_ pointer: UnsafePointer<attune_plugin>?) throws(AttuneError) -> attune_plugin {
    guard let pointer else {
      throw refuse(
        "\(ATTUNE_PLUGIN_ENTRY) returned NULL for ABI \(Self.majorVersion).\(ATTUNE_PLUGIN_ABI_MINOR), "
          + "wanted a plugin; it may need another version of Attune")
    }
    let raw = UnsafeRawPointer(pointer)
    let size = raw.load(as: UInt32.self)
    let majorOffset = MemoryLayout<attune_plugin>.offset(of: \.abi_major) ?? 4
    guard size >= UInt32(majorOffset + 4) else { throw tooSmall(size, Self.pluginSize) }
    let major = raw.load(fromByteOffset: majorOffset, as: UInt32.self)
    guard major == Self.majorVersion else {
      throw refuse("abi_major is \(major), wanted \(Self.majorVersion)")
    }
    guard size >= Self.pluginSize else { throw tooSmall(size, Self.pluginSize) }
    return pointer.pointee
  }

  private func tooSmall(_ size: UInt32, _ wanted: UInt32) -> AttuneError {
    refuse("struct_size of \(part) is \(size), wanted at least \(wanted)")
  }

  /// A mandatory text.
  func text(_ text: UnsafePointer<CChar>?, _ field: String) throws(AttuneError) -> String {
    guard let value = try optionalText(text, field) else {
      throw refuse("\(field) of \(part) is NULL, wanted a text")
    }
    return value
  }

  func optionalText(
    _ text: UnsafePointer<CChar>?, _ field: String
  ) throws(AttuneError) -> String? {
    guard let text else { return nil }
    guard let value = ForeignText.exact(text) else {
      throw refuse(
        "\(field) of \(part) is \"\(ForeignText.repaired(text))\", which is not UTF-8, wanted UTF-8"
      )
    }
    return value
  }

  /// A mandatory id of `[a-z0-9._-]`.
  func id(_ text: UnsafePointer<CChar>?) throws(AttuneError) -> String {
    let id = try self.text(text, "id")
    let isGood = id.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || ".-_".utf8.contains(byte)
    }
    guard isGood, (1...255).contains(id.utf8.count) else {
      throw refuse(
        "id of \(part) is \"\(id.prefix(80))\", wanted 1 to 255 of the characters a-z 0-9 . _ -")
    }
    return id
  }

  /// One objective.
  func descriptor(
    _ pointer: UnsafePointer<attune_objective_descriptor>?
  ) throws(AttuneError) -> PluginDescriptor {
    guard let pointer else { throw refuse("\(part) is NULL, wanted a descriptor") }
    let size = UnsafeRawPointer(pointer).load(as: UInt32.self)
    guard size >= Self.descriptorSize else { throw tooSmall(size, Self.descriptorSize) }
    let fields = pointer.pointee
    let id = try id(fields.id)
    var reader = self
    reader.part = "objective \"\(id)\""
    guard fields.evaluate != nil else {
      throw refuse("evaluate of \(reader.part) is NULL, wanted a function")
    }
    guard (1...65_536).contains(fields.n_values) else {
      throw refuse("n_values of \(reader.part) is \(fields.n_values), wanted 1 to 65536")
    }
    let spaceJSON = try reader.text(fields.space_json, "space_json")
    let space: Space
    do { space = try Space(json: spaceJSON) } catch {
      throw refuse("space_json of \(reader.part): \(error.message)")
    }
    return PluginDescriptor(
      id: id, name: try reader.text(fields.name, "name"),
      version: try reader.text(fields.version, "version"),
      summary: try reader.optionalText(fields.description, "description") ?? "",
      space: space, spaceJSON: spaceJSON,
      configSchemaJSON: try reader.optionalText(fields.config_schema_json, "config_schema_json"),
      directions: try reader.directions(fields),
      capabilities: .init(rawValue: fields.capabilities), maximumPoll: fields.max_poll_ms,
      pointer: pointer)
  }

  private func directions(
    _ fields: attune_objective_descriptor
  ) throws(AttuneError) -> [Direction] {
    var directions: [Direction] = []
    for index in 0..<Int(fields.n_values) {
      let number = fields.directions?[index] ?? 0
      guard let direction = Direction(rawValue: number) else {
        throw refuse(
          "direction \(index) of \(part) is \(number), wanted 0 (minimize) or 1 (maximize)")
      }
      directions.append(direction)
    }
    return directions
  }
}

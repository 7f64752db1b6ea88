import AttuneCore
import CAttune

/// The parameters of one evaluation in the plugin's own order, filled anew for each trial.
final class PluginParameters {
  let count: Int
  let pointer: UnsafeMutablePointer<attune_param_value>
  /// The study's index of each own parameter.
  let indexes: [Int]
  private let parameters: [PluginParameter]

  /// Matches the parameters of both spaces by name, one to one.
  init(_ descriptor: PluginDescriptor, study: Space) throws(AttuneError) {
    let own = descriptor.space
    var parameters: [PluginParameter] = []
    for parameter in own.parameters {
      guard let index = study.find(parameter.name) else {
        let near = suggestion(for: parameter.name, among: study.parameters.map(\.name))
        throw AttuneError(
          .invalidArgument,
          "objective \(descriptor.id): parameter \"\(parameter.name)\" is not in the study's space"
            + "\(near), wanted all of the objective's; a study can fix it to a value",
          subject: "space.\(parameter.name)")
      }
      parameters.append(
        try PluginParameter(
          own: parameter, study: study.parameters[index], at: index, of: descriptor.id))
    }
    for parameter in study.parameters where own.find(parameter.name) == nil {
      let known = own.parameters.map(\.name)
      throw AttuneError(
        .invalidArgument,
        "objective \(descriptor.id): parameter \"\(parameter.name)\" of the study is none of the "
          + "objective's\(suggestion(for: parameter.name, among: known)), "
          + "wanted only \(known.joined(separator: ", "))",
        subject: "space.\(parameter.name)")
    }
    self.parameters = parameters
    count = parameters.count
    indexes = parameters.map(\.parameter)
    pointer = .allocate(capacity: max(count, 1))
    for (index, parameter) in parameters.enumerated() {
      (pointer + index).initialize(to: parameter.prepared)
    }
  }

  deinit { pointer.deallocate() }

  func fill(from point: Point) { point.readSlots(fill) }

  private func fill(_ point: SlotReader) {
    for index in 0..<count {
      let value = pointer + index
      guard let slot = point[parameters[index].parameter] else {
        value.pointee = parameters[index].inactive
        continue
      }
      switch parameters[index].source {
      case .float:
        value.pointee.number = Double(bitPattern: slot)
        value.pointee.active = 1
      case .int:
        value.pointee.integer = Int64(bitPattern: slot)
        value.pointee.number = Double(Int64(bitPattern: slot))
        value.pointee.active = 1
      case .intAsFloat:
        value.pointee.number = Double(Int64(bitPattern: slot))
        value.pointee.active = 1
      case .table(let entries):
        value.pointee = slot < UInt64(entries.count) ? entries[Int(slot)] : entries[0]
      }
    }
  }
}

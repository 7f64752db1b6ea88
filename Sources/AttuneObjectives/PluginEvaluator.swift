import AttuneCore
import CAttune
import CGuard

/// One worker's hold on a plugin objective: the structs it passes, filled anew for each trial.
final class PluginEvaluator: Evaluator {
  private let instance: PluginInstance
  private let parameters: PluginParameters
  private let space: Space
  private let place: PluginObjective.Place?
  private let call: HostCall
  private let eval: UnsafeMutablePointer<attune_eval>
  /// Row-major, values x own parameters; empty without the capability.
  private let gradient: UnsafeMutableBufferPointer<Double>
  private let caught = CaughtException()

  init(
    _ instance: PluginInstance, _ parameters: PluginParameters, space: Space,
    place: PluginObjective.Place?
  ) {
    self.instance = instance
    self.parameters = parameters
    self.space = space
    self.place = place
    let descriptor = instance.descriptor
    call = HostCall(valueCount: descriptor.valueCount)
    gradient = .allocate(
      capacity: descriptor.capabilities.contains(.gradient)
        ? descriptor.valueCount * parameters.count : 0)
    eval = .allocate(capacity: 1)
    eval.initialize(
      to: attune_eval(
        struct_size: UInt32(MemoryLayout<attune_eval>.size),
        value_stride: UInt32(MemoryLayout<attune_param_value>.stride),
        host: instance.host.pointer, host_data: Unmanaged.passUnretained(call).toOpaque(),
        trial_number: 0, seed: 0, fidelity: 1, params: parameters.pointer,
        n_params: UInt64(parameters.count), values: nil,
        n_values: UInt64(descriptor.valueCount), gradient: nil, may_pause: 0, resume: 0))
  }

  deinit {
    eval.deallocate()
    gradient.deallocate()
  }

  private var id: String { instance.descriptor.id }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    guard trial.space === space || trial.space == space else {
      return .fail(Failure("objective \(id): the trial is of another space than the evaluator"))
    }
    guard values.count == instance.descriptor.valueCount else {
      return .fail(
        Failure(
          "objective \(id): room for \(values.count) values, wanted \(instance.descriptor.valueCount)"
        ))
    }
    parameters.fill(from: trial.point)
    let wantsGradient = !gradient.isEmpty && trial.wantsGradient
    if wantsGradient { gradient.update(repeating: .nan) }
    eval.pointee.trial_number = Int64(trial.number)
    eval.pointee.seed = trial.seed
    eval.pointee.fidelity = trial.fidelity
    eval.pointee.values = values.baseAddress
    eval.pointee.gradient = wantsGradient ? gradient.baseAddress : nil
    eval.pointee.may_pause = trial.pausing == nil ? 0 : 1
    eval.pointee.resume = trial.pausing?.isResumed == true ? 1 : 0
    call.begin(trial)
    let status = attune_guard_evaluate(
      instance.descriptor.pointer, instance.pointer, eval, caught.pointer)
    let failure = call.end()
    if let text = caught.take() {
      return .fail(Failure("objective \(id) threw a C++ exception: \(text)"))
    }
    if wantsGradient, status == ATTUNE_PLUGIN_OK || status == ATTUNE_PLUGIN_STOP,
      let failure = keepGradient(trial)
    {
      return .fail(failure)
    }
    return evaluation(of: status, failure, trial.pausing)
  }

  private func evaluation(
    of status: Int32, _ failure: Failure?, _ pausing: Pausing?
  ) -> Evaluation {
    switch Int(status) {
    case Int(ATTUNE_PLUGIN_OK): return .complete
    case Int(ATTUNE_PLUGIN_PRUNED): return .pruned
    case Int(ATTUNE_PLUGIN_STOP): return .stop
    case Int(ATTUNE_PLUGIN_PAUSED):
      guard let pausing, call.isToPause else {
        return .fail(
          Failure("objective \(id) returned PAUSED but was not asked to pause", code: status))
      }
      guard File.isFolder(pausing.folder) else {
        return .fail(
          Failure(
            "objective \(id) returned PAUSED and keeps nothing in its folder (attune.state/1)",
            code: status))
      }
      return .paused
    default:
      if let failure = failure ?? instance.host.takeFailure() {
        return .fail(
          failure.reason.isEmpty
            ? Failure(
              "objective \(id) returned \(status) with an empty message", code: failure.code)
            : failure)
      }
      return .fail(Failure("objective \(id) returned \(status) without a message", code: status))
    }
  }

  /// Hands the gradient over in the order of the study's space; a failure when it is turned down.
  private func keepGradient(_ trial: any EvaluatedTrial) -> Failure? {
    var full = [Double](repeating: .nan, count: instance.descriptor.valueCount * space.count)
    for value in 0..<instance.descriptor.valueCount {
      for (column, index) in parameters.indexes.enumerated() {
        full[value * space.count + index] = gradient[value * parameters.count + column]
      }
    }
    do {
      try trial.setGradient(full)
      return nil
    } catch {
      return Failure("objective \(id): gradient: \(error.message)", code: error.code.rawValue)
    }
  }
}

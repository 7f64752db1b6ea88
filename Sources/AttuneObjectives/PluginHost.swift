import AttuneCore
import CAttune
import Synchronization

/// The `attune_host` table that one plugin instance gets, with the services behind it.
///
/// Every service is safe from any thread and checks what it is handed. It lives as long as its
/// instance, for a plugin may keep the pointer.
final class PluginHost: Sendable {
  /// The version that `attune_host.version` names.
  static let version = "0.1.0"
  private static let nameText = CText("attune")
  private static let versionText = CText(version)

  /// What log messages begin with: the objective's id.
  let component: String
  nonisolated(unsafe) private let memory: UnsafeMutablePointer<attune_host>
  private let failure = Mutex<Failure?>(nil)

  init(component: String) {
    self.component = component
    memory = .allocate(capacity: 1)
    memory.initialize(to: Self.table)
    memory.pointee.host_data = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit { memory.deallocate() }

  var pointer: UnsafePointer<attune_host> { UnsafePointer(memory) }

  func setFailure(_ failure: Failure) { self.failure.withLock { $0 = failure } }

  /// What set_error said without an evaluation, and forgets it.
  func takeFailure() -> Failure? {
    failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
  }

  /// What `get_extension` gives for "attune.state/1".
  nonisolated(unsafe) fileprivate static let state: UnsafePointer<attune_host_state> = {
    let memory = UnsafeMutablePointer<attune_host_state>.allocate(capacity: 1)
    memory.initialize(
      to: attune_host_state(
        struct_size: UInt32(MemoryLayout<attune_host_state>.size), reserved: 0,
        folder: { _, eval in hostCall(eval)?.folder() }))
    return UnsafePointer(memory)
  }()

  private static var table: attune_host {
    attune_host(
      struct_size: UInt32(MemoryLayout<attune_host>.size),
      abi_major: UInt32(ATTUNE_PLUGIN_ABI_MAJOR), abi_minor: UInt32(ATTUNE_PLUGIN_ABI_MINOR),
      reserved: 0, host_data: nil, name: nameText.pointer, version: versionText.pointer,
      get_extension: { _, id in hostExtension(id) },
      log: { logMessage($0, $1, $2, $3) },
      set_error: { setError($0, $1, $2, $3) },
      report: { _, eval, step, value in reportValues(eval, step, [value]) },
      report_values: { _, eval, step, values, count in
        guard let call = hostCall(eval), let values, count == UInt64(call.valueCount) else {
          return AttuneError.Code.invalidArgument.rawValue
        }
        return reportValues(
          eval, step, Array(UnsafeBufferPointer(start: values, count: call.valueCount)))
      },
      should_prune: { _, eval in
        guard let call = hostCall(eval), let trial = call.trial else { return 0 }
        do {
          guard try trial.shouldPrune() else { return 0 }
        } catch {
          return 0
        }
        call.notePruning()
        return 1
      },
      should_stop: { _, eval in
        // An evaluation that is over cannot be told to go on.
        guard let trial = hostCall(eval)?.trial else { return 1 }
        return trial.shouldStop ? 1 : 0
      },
      set_attribute: { _, eval, key, json in setAttribute(eval, key, json) },
      set_constraint: { _, eval, name, value in
        onTrial(eval) { trial throws(AttuneError) in
          try trial.setConstraint(try exactText(name, "constraint name"), value)
        }
      },
      request_cancel: { _, eval, reason in
        hostCall(eval)?.trial?.requestCancel(
          reason: reason.map { ForeignText.repaired($0) } ?? "")
      })
  }
}

private func hostCall(_ eval: UnsafePointer<attune_eval>?) -> HostCall? {
  guard let data = eval?.pointee.host_data else { return nil }
  return Unmanaged<HostCall>.fromOpaque(data).takeUnretainedValue()
}

private func hostExtension(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
  guard let id, String(validatingCString: id) == ATTUNE_HOST_STATE else { return nil }
  return UnsafeRawPointer(PluginHost.state)
}

private func pluginHost(_ host: UnsafePointer<attune_host>?) -> PluginHost? {
  guard let data = host?.pointee.host_data else { return nil }
  return Unmanaged<PluginHost>.fromOpaque(data).takeUnretainedValue()
}

/// Runs a service on the trial being evaluated; what it throws becomes a status.
private func onTrial(
  _ eval: UnsafePointer<attune_eval>?, _ body: (any EvaluatedTrial) throws(AttuneError) -> Void
) -> Int32 {
  guard let call = hostCall(eval) else { return AttuneError.Code.invalidArgument.rawValue }
  guard let trial = call.trial else { return AttuneError.Code.invalidState.rawValue }
  do {
    try body(trial)
    return 0
  } catch {
    trial.log(.warning, error.message)
    return error.code.rawValue
  }
}

private func exactText(
  _ text: UnsafePointer<CChar>?, _ what: String
) throws(AttuneError) -> String {
  guard let text else {
    throw AttuneError(.invalidArgument, "the \(what) is NULL, wanted a text")
  }
  guard let value = ForeignText.exact(text), !value.isEmpty else {
    throw AttuneError(
      .invalidArgument,
      "the \(what) is \"\(ForeignText.repaired(text))\", wanted a text in UTF-8 that is not empty")
  }
  return value
}

private func reportValues(
  _ eval: UnsafePointer<attune_eval>?, _ step: Int64, _ values: [Double]
) -> Int32 {
  onTrial(eval) { trial throws(AttuneError) in try trial.report(step: step, values: values) }
}

private func setAttribute(
  _ eval: UnsafePointer<attune_eval>?, _ key: UnsafePointer<CChar>?, _ json: UnsafePointer<CChar>?
) -> Int32 {
  onTrial(eval) { trial throws(AttuneError) in
    let key = try exactText(key, "attribute's key")
    let text = try exactText(json, "value of attribute \"\(key)\"")
    do throws(JSONError) { _ = try JSON(parsing: text) } catch {
      throw AttuneError(error, in: "value of attribute \"\(key)\"")
    }
    try trial.setAttribute(key, json: text)
  }
}

private func logMessage(
  _ host: UnsafePointer<attune_host>?, _ eval: UnsafePointer<attune_eval>?, _ level: Int32,
  _ message: UnsafePointer<CChar>?
) {
  guard let message else { return }
  let text = ForeignText.repaired(message)
  let level = LogLevel(rawValue: min(max(level, 0), LogLevel.error.rawValue)) ?? .info
  if let trial = hostCall(eval)?.trial {
    trial.log(level, text)
  } else {
    Logger.log(level, component: pluginHost(host)?.component ?? "plugin", text)
  }
}

private func setError(
  _ host: UnsafePointer<attune_host>?, _ eval: UnsafePointer<attune_eval>?, _ code: Int32,
  _ message: UnsafePointer<CChar>?
) {
  let failure = Failure(message.map { ForeignText.repaired($0) } ?? "", code: code)
  if let call = hostCall(eval) {
    call.setFailure(failure)
  } else {
    pluginHost(host)?.setFailure(failure)
  }
}

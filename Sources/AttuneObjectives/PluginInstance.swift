import AttuneCore
import CAttune
import CGuard

/// What a plugin's `create` made, destroyed with this object.
final class PluginInstance: @unchecked Sendable {
  // Unchecked: the pointer is written once; whether calls may overlap is the evaluators' business.

  let descriptor: PluginDescriptor
  let pointer: UnsafeMutableRawPointer?
  let host: PluginHost

  /// Runs `create`; the error carries the text the plugin gave.
  init(_ descriptor: PluginDescriptor, config: String?) throws(AttuneError) {
    let host = PluginHost(component: descriptor.id)
    self.descriptor = descriptor
    self.host = host
    guard descriptor.pointer.pointee.create != nil else {
      pointer = nil
      return
    }
    let caught = CaughtException()
    var instance: UnsafeMutableRawPointer?
    let status =
      if let config {
        attune_guard_create(descriptor.pointer, host.pointer, config, &instance, caught.pointer)
      } else {
        attune_guard_create(descriptor.pointer, host.pointer, nil, &instance, caught.pointer)
      }
    if let text = caught.take() {
      throw AttuneError(
        .plugin, "objective \(descriptor.id): create threw a C++ exception: \(text)",
        subject: descriptor.id)
    }
    guard status == 0 else {
      let failure = host.takeFailure()
      let text = failure.map { ": \($0.reason)" } ?? " without a message"
      throw AttuneError(
        .plugin, "objective \(descriptor.id): create returned \(status)\(text)",
        subject: descriptor.id, userCode: failure?.code ?? status)
    }
    pointer = instance
  }

  deinit {
    let caught = CaughtException()
    attune_guard_destroy(descriptor.pointer.pointee.destroy, pointer, caught.pointer)
    if let text = caught.take() {
      Logger.log(
        .error, component: descriptor.id, "destroy threw a C++ exception: \(text)")
    }
  }
}

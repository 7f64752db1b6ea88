import Attune
import AttuneCore
import AttuneObjectives
import Glibc

/// The objective that settings name.
struct ObjectiveMaker {
  let settings: RunSettings

  init(_ settings: RunSettings) { self.settings = settings }

  func make() throws -> any Objective {
    try refuseStrayOptions()
    switch settings.source {
    case .plugin(let plugin):
      let reference = PluginReference.reference(plugin)
      let trust = PluginTrust(allowsUnsafePath: settings.allowsUnsafePath ?? false)
      if let isolation = settings.isolation.isolation {
        return try IsolatedObjective(
          reference: reference, id: settings.objectiveID, config: settings.config, trust: trust,
          isolation)
      }
      return try PluginObjective(
        reference: reference, id: settings.objectiveID, config: settings.config, trust: trust)
    case .native(let library):
      guard let call = settings.call else {
        throw CommandError.usage(
          "--native lacks --call, wanted a signature",
          hint: "--call 'f64 cos(f64 x)'")
      }
      if let isolation = settings.isolation.isolation {
        return try IsolatedObjective(
          .native(library: library, symbol: nil, signature: call, threadSafe: true), isolation)
      }
      return try NativeObjective(library: library, signature: call)
    case .command(let arguments, let shell):
      try enterWorkingDirectory()
      let options = CommandObjective.Options(
        timeout: settings.isolation.timeout ?? .infinity, shell: shell)
      return PatientObjective(try CommandObjective(arguments, options: options))
    case nil:
      throw CommandError.usage(
        "no objective is given, wanted a plugin, --native, a study file or -- PROGRAM",
        hint: "attune run --help has an example of each")
    }
  }

  /// Options of another kind of objective than the one given.
  private func refuseStrayOptions() throws(CommandError) {
    var stray: (option: String, wants: String)?
    let isPlugin = if case .plugin? = settings.source { true } else { false }
    let isNative = if case .native? = settings.source { true } else { false }
    let isCommand = if case .command? = settings.source { true } else { false }
    if settings.call != nil && !isNative { stray = ("--call", "--native LIBRARY with it") }
    if settings.config != nil && !isPlugin { stray = ("--config", "a plugin with it") }
    if settings.objectiveID != nil && !isPlugin { stray = ("--objective", "a plugin with it") }
    let isolation = settings.isolation
    if isCommand {
      if isolation.isolate == true {
        throw .usage(
          "--isolate process is given for a program, which has a process of its own, wanted a plugin "
            + "or --native with it")
      }
      if let option = isolation.needsWorker {
        stray = (option, "a plugin or --native with --isolate process with it")
      }
    } else if isolation.isolate != true, settings.source != nil {
      if let option = isolation.timeout != nil ? "--trial-timeout" : isolation.needsWorker {
        stray = (
          option,
          "--isolate process with it: a \(isPlugin ? "plugin" : "native function") runs in this "
            + "process, which cannot end it"
        )
      }
    }
    if let stray { throw .usage("\(stray.option) is given, wanted \(stray.wants)") }
  }

  /// Commands of a study file run in its folder. The storage stays where it is.
  private func enterWorkingDirectory() throws(CommandError) {
    guard let folder = settings.workingDirectory, folder != "." else { return }
    guard chdir(folder) == 0 else {
      throw CommandError("cannot enter \(folder): \(String(cString: strerror(errno)))")
    }
  }

  /// The directions of an objective that leaves them to the study.
  static func directions(of objective: any Objective) -> [Direction] {
    let count =
      (objective as? NativeObjective)?.function.signature.valueCount
      ?? (objective as? IsolatedObjective)?.valueCount ?? 1
    return [Direction](repeating: .minimize, count: max(1, count))
  }
}

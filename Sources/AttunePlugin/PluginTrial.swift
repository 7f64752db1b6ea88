internal import CAttune

/// One trial while it is evaluated: its parameters, and what the host does for it.
///
/// Valid until `evaluate` returns, on any thread.
public struct PluginTrial: @unchecked Sendable {
  // Unchecked: the host's services are thread-safe, and the struct is not written while it is
  // valid.

  /// Thrown by `evaluate`, ends a trial as PRUNED.
  public struct Pruned: Error {
    public init() {}
  }

  /// Thrown by `evaluate` where `shouldPrune` and `mayPause` hold and the trial's state is in its folder:
  /// it waits, and may go on later.
  public struct Paused: Error {
    public init() {}
  }

  public enum LogLevel: Int32, Sendable {
    case trace = 0
    case debug = 1
    case info = 2
    case warning = 3
    case error = 4
  }

  private let eval: UnsafePointer<attune_eval>
  private let indexes: [String: Int]

  init(_ eval: UnsafePointer<attune_eval>, indexes: [String: Int]) {
    self.eval = eval
    self.indexes = indexes
  }

  private var host: UnsafePointer<attune_host> { eval.pointee.host }

  public var number: Int { Int(eval.pointee.trial_number) }
  /// The same for the same trial of the same study, on any worker.
  public var seed: UInt64 { eval.pointee.seed }
  /// Above 0, at most 1, which is full.
  public var fidelity: Double { eval.pointee.fidelity }

  private func value(_ name: String) throws -> attune_param_value {
    guard let index = indexes[name], UInt64(index) < eval.pointee.n_params,
      let params = eval.pointee.params
    else {
      throw PluginError("there is no parameter \"\(name)\" in the objective's space")
    }
    // The host's struct may be larger than this module's.
    return UnsafeRawPointer(params).load(
      fromByteOffset: index * Int(eval.pointee.value_stride), as: attune_param_value.self)
  }

  private func active(_ name: String) throws -> attune_param_value {
    let value = try value(name)
    guard value.active != 0 else { throw PluginError("parameter \"\(name)\" is not active") }
    return value
  }

  /// Whether a parameter has a value in this trial; others throw when they are read.
  public func isActive(_ name: String) -> Bool {
    do { return try value(name).active != 0 } catch { return false }
  }

  /// A number: a float, an int, or a choice that is one.
  public func float(_ name: String) throws -> Double {
    let value = try active(name)
    if value.kind != ATTUNE_PLUGIN_CATEGORICAL { return value.number }
    guard !value.choice_number.isNaN else {
      throw PluginError("parameter \"\(name)\" is no number")
    }
    return value.choice_number
  }

  /// A whole number: an int, or a choice that is one.
  public func int(_ name: String) throws -> Int {
    let value = try active(name)
    if value.kind == ATTUNE_PLUGIN_INT { return Int(value.integer) }
    guard value.choice_type == ATTUNE_PLUGIN_CHOICE_INT else {
      throw PluginError("parameter \"\(name)\" is no whole number")
    }
    return Int(value.choice_integer)
  }

  /// A choice as text.
  public func choice(_ name: String) throws -> String {
    guard let text = try active(name).text else {
      throw PluginError("parameter \"\(name)\" is no choice")
    }
    return String(cString: text)
  }

  /// The place of a choice in the objective's own list, counted from 0.
  public func choiceIndex(_ name: String) throws -> Int {
    let value = try active(name)
    guard value.kind == ATTUNE_PLUGIN_CATEGORICAL else {
      throw PluginError("parameter \"\(name)\" is no choice")
    }
    return Int(value.integer)
  }

  /// A choice that is true or false.
  public func bool(_ name: String) throws -> Bool {
    let value = try active(name)
    guard value.choice_type == ATTUNE_PLUGIN_CHOICE_BOOL else {
      throw PluginError("parameter \"\(name)\" is not true or false")
    }
    return value.choice_integer != 0
  }

  /// Tells an intermediate value; the first report at a step counts.
  public func report(step: Int, _ values: Double...) throws {
    let status = values.withUnsafeBufferPointer {
      host.pointee.report_values(host, eval, Int64(step), $0.baseAddress, UInt64($0.count))
    }
    try check(status, "report at step \(step)")
  }

  /// Whether to give this trial up: then throw `Pruned`; or `Paused`, where it may pause.
  public var shouldPrune: Bool { host.pointee.should_prune(host, eval) == 1 }

  /// Whether a trial that is given up can go on later, when its state is kept: then throw `Paused`.
  public var mayPause: Bool { eval.pointee.may_pause != 0 }

  /// Whether this goes on with a trial that was paused: its state is in its folder.
  public var isResumed: Bool { eval.pointee.resume != 0 }

  /// The path of the trial's own folder, made by this. What is in it is kept until the trial ends.
  ///
  /// Throws where the trial may not pause, or the host knows no pauses.
  public func stateFolder() throws -> String {
    guard let found = host.pointee.get_extension(host, ATTUNE_HOST_STATE),
      let path = found.load(as: attune_host_state.self).folder(host, eval)
    else { throw PluginError("the host has no folder for the state of trial \(number)") }
    return String(cString: path)
  }

  /// Tells an intermediate value and throws `Pruned` when the host gives the trial up.
  public func reportOrPrune(step: Int, _ value: Double) throws {
    try report(step: step, value)
    if shouldPrune { throw Pruned() }
  }

  /// Whether the run is ending: return soon, with any value. Cheap.
  public var shouldStop: Bool { host.pointee.should_stop(host, eval) == 1 }

  /// Keeps a fact with the trial, as JSON text.
  public func setAttribute(_ key: String, json: String) throws {
    try check(host.pointee.set_attribute(host, eval, key, json), "attribute \"\(key)\"")
  }

  public func setAttribute(_ key: String, _ value: String) throws {
    try setAttribute(key, json: quoted(value))
  }

  public func setAttribute(_ key: String, _ value: Double) throws {
    // The words for what JSON has no numbers for, as the host and Python read them.
    let text =
      value.isFinite ? "\(value)" : value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    try setAttribute(key, json: text)
  }

  /// Keeps a black-box constraint: a value of 0 or less is feasible.
  public func setConstraint(_ name: String, _ value: Double) throws {
    try check(host.pointee.set_constraint(host, eval, name, value), "constraint \"\(name)\"")
  }

  /// Ends the run after the running trials.
  public func requestCancel(_ reason: String) { host.pointee.request_cancel(host, eval, reason) }

  public func log(_ level: LogLevel, _ message: String) {
    host.pointee.log(host, eval, level.rawValue, message)
  }

  /// Whether the host wants a gradient.
  public var wantsGradient: Bool { eval.pointee.gradient != nil }

  /// Gives the derivative of a value by a parameter, where a gradient is wanted.
  public func setDerivative(of value: Int = 0, by name: String, _ derivative: Double) throws {
    _ = try self.value(name)
    guard let gradient = eval.pointee.gradient, let index = indexes[name] else { return }
    guard value >= 0, UInt64(value) < eval.pointee.n_values else {
      throw PluginError("there is no value \(value), wanted 0 to \(eval.pointee.n_values - 1)")
    }
    gradient[value * Int(eval.pointee.n_params) + index] = derivative
  }

  private func check(_ status: Int32, _ what: String) throws {
    guard status == 0 else {
      throw PluginError("\(what): the host refused it with status \(status)", code: status)
    }
  }
}

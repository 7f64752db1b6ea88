public import AttuneCore
import Synchronization

/// A trial that was asked and is not told yet: what an objective reads, reports to and fails with.
///
/// Safe from any thread.
public final class RunningTrial: EvaluatedTrial, Sendable {
  public let study: Study
  public let number: Int
  /// Made when it is asked for, which most objectives never do.
  public var seed: UInt64 { study.trialSeed(number) }
  /// The point the strategy chose; in a define-by-run study, in the space known when it was asked.
  public let point: Point
  public let pausing: Pausing?
  private let askedSpace: Space
  /// Enqueued values of a define-by-run trial.
  private let given: [(name: String, value: Value)]
  private let isTold = Atomic(false)
  private let state = Mutex(State())

  private struct State {
    var failure: Failure?
    /// Define-by-run parameters asked for so far.
    var suggested: [(parameter: Parameter, slot: UInt64)] = []
  }

  init(
    study: Study, number: Int, space: Space, point: Point,
    given: [(name: String, value: Value)] = [],
    suggested: [(parameter: Parameter, slot: UInt64)] = [], pausing: Pausing? = nil
  ) {
    self.pausing = pausing
    self.study = study
    self.number = number
    askedSpace = space
    self.point = point
    self.given = given
    if !suggested.isEmpty { state.withLock { $0.suggested = suggested } }
  }

  public var space: Space { askedSpace }
  public var fidelity: Double { 1 }
  public var shouldStop: Bool {
    guard study.run.shouldStop else { return false }
    isTold.store(true, ordering: .relaxed)
    return true
  }
  /// Whether the objective was told to stop, so that its result depends on when.
  var isToldToStop: Bool { isTold.load(ordering: .relaxed) }
  public var wantsGradient: Bool { true }

  /// The active parameters by name, in space order; in a define-by-run study those asked for so far.
  public var params: [(name: String, value: Value)] {
    if study.isDefineByRun {
      return state.withLock { state in
        state.suggested.map {
          ($0.parameter.name, $0.parameter.distribution.value(ofSlot: $0.slot))
        }
      }
    }
    return askedSpace.params(of: point)
  }

  /// The active parameters as a JSON object.
  public var paramsJSON: String { JSON(params: params).text(.spaced) }

  /// Sets the text and code of the failure the objective is about to return.
  public func setError(code: Int32, message: String?) {
    state.withLock { $0.failure = Failure(message ?? "", code: code) }
  }

  /// What `setError` gave last.
  public var pendingFailure: Failure? { state.withLock { $0.failure } }

  public func report(step: Int64, values: [Double]) throws(AttuneError) {
    try study.report(number, step: step, values)
  }

  public func shouldPrune() throws(AttuneError) -> Bool { try study.shouldPrune(number) }

  public func setAttribute(_ key: String, json: String) throws(AttuneError) {
    try study.setAttribute(key, json: json, of: number)
  }

  public func setConstraint(_ name: String, _ value: Double) throws(AttuneError) {
    try study.setConstraint(name, value, of: number)
  }

  public func setGradient(_ gradient: [Double]) throws(AttuneError) {
    try study.setGradient(gradient, of: number)
  }

  public func requestCancel(reason: String) {
    log(.info, "the objective ends the run: \(reason)")
    study.stop()
  }

  public func log(_ level: LogLevel, _ message: String) {
    Logger.log(level, component: "trial \(number)", message)
  }
}

// MARK: - Reading parameters

extension RunningTrial {
  /// The value of an active parameter.
  public func value(_ name: String) throws(AttuneError) -> Value {
    let (distribution, slot) = try slot(name)
    return distribution.value(ofSlot: slot)
  }

  /// A parameter as a number; choices and fixed values where they are numbers or bools.
  public func float(_ name: String) throws(AttuneError) -> Double {
    let value = try value(name)
    guard let number = value.number else {
      throw mismatch(name, value, "a number")
    }
    return number
  }

  /// A parameter as a whole number; choices and fixed values where they are whole or bools.
  public func int(_ name: String) throws(AttuneError) -> Int64 {
    let (distribution, slot) = try slot(name)
    let value = distribution.value(ofSlot: slot)
    // A float parameter is never an int, not even when it happens to be whole.
    if case .float = distribution { throw mismatch(name, value, "an int parameter") }
    guard let integer = value.integer else { throw mismatch(name, value, "a whole number") }
    return integer
  }

  /// The index of a categorical's choice.
  public func choiceIndex(_ name: String) throws(AttuneError) -> Int {
    let (distribution, slot) = try slot(name)
    guard case .categorical = distribution else {
      throw AttuneError(
        .typeMismatch, "parameter \"\(name)\" is \(distribution.kindName), wanted categorical",
        subject: "params.\(name)")
    }
    return Int(clamping: slot)
  }

  /// Writes all parameters in space order: a choice as its index, inactive ones as NaN.
  ///
  /// Writes at most `buffer.count`; a define-by-run trial writes what its study has discovered.
  public func numbers(into buffer: UnsafeMutableBufferPointer<Double>) {
    guard study.isDefineByRun else { return askedSpace.numbers(of: point, into: buffer) }
    let (space, point) = currentPoint
    space.numbers(of: point, into: buffer)
  }

  /// How many numbers `numbers(into:)` writes.
  public var numberCount: Int { study.isDefineByRun ? study.space.count : askedSpace.count }

  /// Whether the parameter at `index` is active.
  public func isActive(_ index: Int) -> Bool { currentPoint.point[index] != nil }

  /// The index of a parameter in the study's space.
  public func index(of name: String) throws(AttuneError) -> Int {
    try (study.isDefineByRun ? study.space : askedSpace).index(of: name)
  }

  private var currentPoint: (space: Space, point: Point) {
    guard study.isDefineByRun else { return (askedSpace, point) }
    let space = study.space
    var slots = [UInt64](repeating: 0, count: space.count)
    var active = ActiveSet()
    for (parameter, slot) in state.withLock({ $0.suggested }) {
      guard let index = space.find(parameter.name) else { continue }
      slots[index] = slot
      active[index] = true
    }
    return (space, Point(slots: slots, active: active))
  }

  private func slot(_ name: String) throws(AttuneError) -> (Distribution, UInt64) {
    if study.isDefineByRun {
      let known = state.withLock { $0.suggested.first { $0.parameter.name == name } }
      guard let known else {
        throw AttuneError(
          .notFound, "parameter \"\(name)\" was not suggested in trial \(number)",
          subject: "params.\(name)")
      }
      return (known.parameter.distribution, known.slot)
    }
    let index = try askedSpace.index(of: name)
    guard let slot = point[index] else {
      throw AttuneError(
        .inactive, "parameter \"\(name)\" is not active in trial \(number)",
        subject: "params.\(name)")
    }
    return (askedSpace.parameters[index].distribution, slot)
  }

  private func mismatch(_ name: String, _ value: Value, _ wanted: String) -> AttuneError {
    AttuneError(
      .typeMismatch, "parameter \"\(name)\" is \(value.quoted), wanted \(wanted)",
      subject: "params.\(name)")
  }
}

// MARK: - Define by run

extension RunningTrial {
  /// Chooses a float, or reads it where the study's space has it declared.
  public func suggestFloat(
    _ name: String, low: Double, high: Double, step: Double? = nil, log: Bool = false
  ) throws(AttuneError) -> Double {
    let distribution = try FloatDistribution(
      low: low, high: high, step: step, log: log, name: name)
    return Double(bitPattern: try suggest(Parameter(name, .float(distribution))))
  }

  /// Chooses an int, or reads it where the study's space has it declared.
  public func suggestInt(
    _ name: String, low: Int64, high: Int64, step: Int64 = 1, log: Bool = false
  ) throws(AttuneError) -> Int64 {
    let distribution = try IntDistribution(low: low, high: high, step: step, log: log, name: name)
    return Int64(bitPattern: try suggest(Parameter(name, .int(distribution))))
  }

  /// Chooses one of `choices`, or reads it where declared; the index of the choice.
  public func suggestCategorical(
    _ name: String, _ choices: [Value], ordered: Bool = false
  ) throws(AttuneError) -> Int {
    let distribution = try CategoricalDistribution(choices: choices, ordered: ordered, name: name)
    return Int(clamping: try suggest(Parameter(name, .categorical(distribution))))
  }

  private func suggest(_ parameter: Parameter) throws(AttuneError) -> UInt64 {
    guard study.isDefineByRun else { return try declared(parameter) }
    if let known = state.withLock({ state in
      state.suggested.first { $0.parameter.name == parameter.name }
    }) {
      guard known.parameter == parameter else {
        throw Self.suggestedTwice(parameter.name, number)
      }
      return known.slot
    }
    let slot = try study.suggest(parameter, for: self, proposed: proposal(for: parameter))
    state.withLock { state in
      // Another thread of the objective may have asked for the same at the same time.
      guard !state.suggested.contains(where: { $0.parameter.name == parameter.name }) else {
        return
      }
      state.suggested.append((parameter, slot))
    }
    return slot
  }

  static func suggestedTwice(_ name: String, _ number: Int) -> AttuneError {
    AttuneError(
      .invalidArgument,
      "parameter \"\(name)\" is suggested twice in trial \(number) with different distributions, "
        + "wanted the same", subject: "params.\(name)")
  }

  /// What was enqueued for a parameter, or proposed by the strategy when the trial was asked, if it
  /// fits the range asked for.
  private func proposal(for parameter: Parameter) -> UInt64? {
    do throws(AttuneError) {
      return try Proposal(space: askedSpace, point: point, given: given).slot(of: parameter)
    } catch {
      log(.warning, "the enqueued value is not used: \(error.message)")
      return nil
    }
  }

  /// The slot of a declared parameter, which must have the distribution asked for.
  private func declared(_ parameter: Parameter) throws(AttuneError) -> UInt64 {
    let index = try askedSpace.index(of: parameter.name)
    let known = Parameter(parameter.name, askedSpace.parameters[index].distribution)
    guard known == parameter else {
      throw AttuneError(
        .invalidArgument,
        "parameter \"\(parameter.name)\" is suggested as \(parameter.jsonText), wanted "
          + "\(known.jsonText) as declared", subject: "params.\(parameter.name)")
    }
    guard let slot = point[index] else {
      throw AttuneError(
        .inactive, "parameter \"\(parameter.name)\" is not active in trial \(number)",
        subject: "params.\(parameter.name)")
    }
    return slot
  }
}

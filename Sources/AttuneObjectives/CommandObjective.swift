public import AttuneCore
import CGuard

/// A program that is run once per trial.
///
/// It gets its parameters three ways: `{name}` in its arguments (an argument that names an inactive
/// parameter is left out; `{{name}}` is the text `{name}`; `{$number}` and `{$seed}` are the trial's), the
/// environment variables `ATTUNE_PARAM_<NAME>` (upper case, other characters than letters and
/// digits as `_`; names that then collide are left out), `ATTUNE_TRIAL_NUMBER` and
/// `ATTUNE_TRIAL_SEED`, and a JSON object of the active parameters on standard input.
///
/// Its value is the last line of its standard output that is not empty: `0.5`, `cost=0.5`, one word
/// per value, or a JSON object with `value` or `values`, and if you like `gradient` (derivatives by
/// parameter name, `{"x": 0.5}`; of several values an array of such objects), `constraints`,
/// `attributes`, `state` (complete, pruned, stop, fail) and `reason`. A line `attune:report STEP
/// VALUE` on the way reports an intermediate value; a pruned trial's program is ended. Another exit
/// status than 0, a signal, a timeout and an output without value make a failure with the end of
/// standard error.
public final class CommandObjective: Objective {
  /// How the program is run.
  public struct Options: Sendable {
    /// Seconds until the program is ended; infinite for none.
    public var timeout: Double
    /// Seconds between SIGTERM and SIGKILL.
    public var grace: Double
    /// Runs the arguments, joined by spaces, by `sh -c`; values are quoted.
    public var shell: Bool

    public init(timeout: Double = .infinity, grace: Double = 2, shell: Bool = false) {
      self.timeout = timeout
      self.grace = grace
      self.shell = shell
    }
  }

  public let description: ObjectiveDescription
  public let arguments: [String]
  public let options: Options

  /// A program with its arguments.
  public init(_ arguments: [String], options: Options = Options()) throws(AttuneError) {
    guard let program = arguments.first, !program.isEmpty else {
      throw AttuneError(
        .invalidArgument, "the command is empty, wanted a program and its arguments",
        subject: "command")
    }
    for (index, argument) in arguments.enumerated() where argument.utf8.contains(0) {
      throw AttuneError(
        .invalidArgument, "argument \(index) of the command has a NUL, wanted text without",
        subject: "command")
    }
    for (key, value) in [("timeout", options.timeout), ("grace", options.grace)] {
      // NaN is refused too.
      guard key == "timeout" ? value > 0 : value >= 0 else {
        throw AttuneError(
          .invalidArgument, "command: option \"\(key)\" is \(value), wanted seconds above 0",
          subject: "options.\(key)")
      }
    }
    self.arguments = arguments
    self.options = options
    description = ObjectiveDescription(
      kind: "command", id: program, summary: arguments.joined(separator: " "), path: program,
      capabilities: [.threadSafe, .intermediate, .cancel], isIsolated: true)
  }

  public func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator
  {
    try CommandEvaluator(self, space: space, valueCount: valueCount)
  }
}

/// One worker's runs of a command.
final class CommandEvaluator: Evaluator {
  private let objective: CommandObjective
  private let space: Space
  private let valueCount: Int
  private let templates: [CommandTemplate]
  /// The environment variable of each parameter; `nil` where two would share one.
  private let variables: [String?]
  /// The environment without what is set per trial.
  private let environment: [String]

  init(_ objective: CommandObjective, space: Space, valueCount: Int) throws(AttuneError) {
    self.objective = objective
    self.space = space
    self.valueCount = valueCount
    var templates: [CommandTemplate] = []
    for (index, argument) in objective.arguments.enumerated() {
      templates.append(try CommandTemplate(argument, in: space, what: "argument \(index)"))
    }
    self.templates = templates
    if templates[0].isPlain, !objective.options.shell {
      try Self.checkExecutable(objective.arguments[0])
    }
    let names = space.parameters.map { Self.variable(for: $0.name) }
    variables = names.map { name in names.count { $0 == name } == 1 ? name : nil }
    environment = Surroundings.inheritedVariables
  }

  /// Finds a misspelt program before the first trial.
  private static func checkExecutable(_ program: String) throws(AttuneError) {
    if program.utf8.contains(UInt8(ascii: "/")) {
      _ = try File.facts(program)
      guard File.isExecutable(program) else {
        throw AttuneError(
          .invalidArgument, "command \(program): the file cannot be run, wanted a program",
          subject: program)
      }
      return
    }
    let path = Surroundings.variable("PATH") ?? "/usr/bin:/bin"
    let isFound = path.split(separator: ":").contains { File.isExecutable("\($0)/\(program)") }
    guard isFound else {
      throw AttuneError(
        .notFound, "command \(program): no such program in PATH, wanted one there or a path with /",
        subject: program)
    }
  }

  static func variable(for name: String) -> String {
    var variable = "ATTUNE_PARAM_"
    for scalar in name.uppercased().unicodeScalars {
      let isKept =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      variable.unicodeScalars.append(isKept ? scalar : "_")
    }
    return variable
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    guard trial.space === space || trial.space == space else {
      return .fail(Failure("command \(objective.arguments[0]): the trial is of another space"))
    }
    let process = process(for: trial)
    var output = CommandOutput()
    var watcher = ReportWatcher(trial: trial)
    let result: ChildProcess.Result
    do throws(AttuneError) {
      result = try process.run(
        shouldStop: { trial.shouldStop },
        read: { bytes in
          output.append(bytes) { watcher.take($0) }
          return !watcher.isPruned
        })
    } catch {
      return .fail(Failure("command \(objective.arguments[0]): \(error.message)"))
    }
    output.endLine { watcher.take($0) }
    return evaluation(result, output.last, watcher, trial, values)
  }

  private func process(for trial: any EvaluatedTrial) -> ChildProcess {
    let point = trial.point
    var members = JSON.Object()
    var environment = environment
    environment.append("ATTUNE_TRIAL_NUMBER=\(trial.number)")
    environment.append("ATTUNE_TRIAL_SEED=\(trial.seed)")
    for (index, parameter) in space.parameters.enumerated() {
      guard let value = space.value(index, in: point) else { continue }
      members[parameter.name] = value.json
      // A NUL would end the variable early.
      if let variable = variables[index], !value.text.utf8.contains(0) {
        environment.append("\(variable)=\(value.text)")
      }
    }
    let input = JSON.object(members).utf8(.spaced) + [UInt8(ascii: "\n")]
    let arguments: [String]
    if objective.options.shell {
      let line = templates.map { $0.shellText(for: trial, point) }.joined(separator: " ")
      arguments = ["/bin/sh", "-c", line]
    } else {
      arguments = templates.compactMap { $0.text(for: trial, point) }
    }
    return ChildProcess(
      program: arguments.first ?? "", arguments: arguments, environment: environment, input: input,
      timeout: objective.options.timeout, grace: objective.options.grace)
  }

  /// What became of a run.
  private func evaluation(
    _ run: ChildProcess.Result, _ line: [UInt8], _ watcher: ReportWatcher,
    _ trial: any EvaluatedTrial, _ values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    func fail(_ what: String, code: Int32 = 0) -> Evaluation {
      let tail = run.errorTail.isEmpty ? "" : "; standard error ends: \(run.errorTail)"
      return .fail(Failure("command \(objective.arguments[0]): \(what)\(tail)", code: code))
    }
    switch run.stop {
    case .timeout: return fail("timeout after \(objective.options.timeout) s")
    case .asked: return fail("stopped, since the run is ending")
    case .reader: return .pruned
    case nil: break
    }
    switch run.ending {
    case .killed(let signal):
      let name = attune_signal_name(signal).map { String(cString: $0) } ?? "signal \(signal)"
      return fail("killed by \(name)", code: signal)
    case .lost: return fail("its exit status is lost, since this process ignores SIGCHLD")
    case .exited(let status) where status != 0: return fail("exit status \(status)", code: status)
    case .exited: break
    }
    if let problem = watcher.problem { return fail(problem) }
    if line.isEmpty { return fail("it printed nothing, wanted its value on the last line") }
    do throws(AttuneError) {
      return try finish(CommandResult(line), trial, values, fail)
    } catch {
      return fail(error.message)
    }
  }

  private func finish(
    _ result: CommandResult, _ trial: any EvaluatedTrial,
    _ values: UnsafeMutableBufferPointer<Double>, _ fail: (String, Int32) -> Evaluation
  ) throws(AttuneError) -> Evaluation {
    for (name, value) in result.constraints { try trial.setConstraint(name, value) }
    for (key, json) in result.attributes { try trial.setAttribute(key, json: json) }
    if result.state == "pruned" { return .pruned }
    if result.state == "fail" {
      return fail(result.reason.isEmpty ? "it reported a failure" : result.reason, 0)
    }
    guard result.values.count == valueCount, values.count == valueCount else {
      return fail("its output has \(result.values.count) values, wanted \(valueCount)", 0)
    }
    for (index, value) in result.values.enumerated() { values[index] = value }
    if !result.gradient.isEmpty, trial.wantsGradient {
      try trial.setGradient(try gradient(result.gradient))
    }
    return result.state == "stop" ? .stop : .complete
  }

  /// The derivatives by name in the order of the space.
  private func gradient(
    _ rows: [[(name: String, value: Double)]]
  ) throws(AttuneError) -> [Double] {
    guard rows.count == valueCount else {
      throw AttuneError(
        .invalidArgument,
        "its gradient has \(rows.count) objects, wanted \(valueCount), one a value")
    }
    var gradient = [Double](repeating: .nan, count: valueCount * space.count)
    for (row, derivatives) in rows.enumerated() {
      for (name, value) in derivatives {
        guard let column = space.find(name) else {
          throw AttuneError(
            .invalidArgument,
            "its gradient has \"\(name)\", wanted parameters of the space: "
              + space.parameters.map { "\"\($0.name)\"" }.joined(separator: ", "))
        }
        gradient[row * space.count + column] = value
      }
    }
    return gradient
  }
}

/// Passes a command's intermediate reports on and hears whether to go on.
private struct ReportWatcher {
  let trial: any EvaluatedTrial
  private(set) var isPruned = false
  private(set) var problem: String?

  init(trial: any EvaluatedTrial) { self.trial = trial }

  mutating func take(_ line: CommandOutput.Line) {
    switch line {
    case .other: break
    case .malformed(let text):
      problem = problem ?? "found \"\(text.prefix(200))\", wanted attune:report STEP VALUE"
    case .report(let step, let values):
      do throws(AttuneError) {
        try trial.report(step: step, values: values)
        if try trial.shouldPrune() { isPruned = true }
      } catch {
        problem = problem ?? "attune:report: \(error.message)"
      }
    }
  }
}

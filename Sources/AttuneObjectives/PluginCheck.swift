import AttuneCore

/// Tries a plugin and says whether it keeps the contract and what it claims of itself.
///
/// Runs foreign code in this process: `attune-worker --check` is the place for it.
public struct PluginCheck {
  /// One thing that was looked at.
  public struct Finding: Sendable {
    public let name: String
    public let passed: Bool
    public let detail: String
  }

  public private(set) var findings: [Finding] = []
  private let evaluationCount: Int
  private static let threadCount = 8

  public var passed: Bool { findings.allSatisfy(\.passed) }

  /// Checks `evaluations` points of one objective, or of all.
  public init(
    path: String, objective: String? = nil, config: String? = nil, evaluations: Int = 16,
    trust: PluginTrust = PluginTrust()
  ) {
    evaluationCount = max(1, evaluations)
    do throws(AttuneError) {
      let library = try PluginLibrary(path: path, trust: trust)
      add(
        "descriptor", true,
        "plugin \(library.id) \(library.version), ABI \(library.abi), "
          + "\(library.objectives.count) objectives")
      let chosen = try objective.map { id throws(AttuneError) in [try library.objective(id)] }
      for descriptor in chosen ?? library.objectives { check(library, descriptor, config) }
    } catch {
      add("descriptor", false, error.message)
    }
  }

  mutating func add(_ name: String, _ passed: Bool, _ detail: String) {
    findings.append(Finding(name: name, passed: passed, detail: detail))
  }

  private mutating func check(
    _ library: PluginLibrary, _ descriptor: PluginDescriptor, _ config: String?
  ) {
    let id = descriptor.id
    add(
      "\(id): space", true,
      "\(descriptor.space.count) parameters, \(descriptor.valueCount) values")
    let capabilities = descriptor.capabilities
    let claims = capabilities.names.isEmpty ? "none" : capabilities.names.joined(separator: ", ")
    add("\(id): claims", !capabilities.isSuperset(of: [.threadSafe, .processOnly]), claims)
    do throws(AttuneError) {
      let objective = try PluginObjective(library, id: id, config: config)
      let evaluator = try objective.makeEvaluator(
        for: descriptor.space, valueCount: descriptor.valueCount)
      add("\(id): create", true, config.map { "config \($0)" } ?? "without config")
      let points = (0..<evaluationCount).map { CheckTrial.point(in: descriptor.space, $0) }
      let results = points.enumerated().map { run(evaluator, descriptor, $0, $1) }
      checkResults(id, results)
      checkClaims(descriptor, results)
      checkRepeatability(evaluator, descriptor, points, results)
      if capabilities.contains(.pause) {
        try checkPausing(objective, descriptor, evaluator, points[0])
      }
      if capabilities.contains(.threadSafe) {
        try checkThreads(objective, descriptor, points, results)
      }
    } catch {
      add("\(id): create", false, error.message)
    }
  }

  struct Outcome: Sendable {
    let evaluation: Evaluation
    let values: [Double]
    let trial: CheckTrial

    func isSame(as other: Outcome) -> Bool {
      evaluation == other.evaluation
        && values.map(\.bitPattern) == other.values.map(\.bitPattern)
    }
  }

  private func run(
    _ evaluator: any Evaluator, _ descriptor: PluginDescriptor, _ number: Int, _ point: Point
  ) -> Outcome {
    let trial = CheckTrial(
      number: number, space: descriptor.space, point: point,
      wantsGradient: descriptor.capabilities.contains(.gradient))
    return trial.run(evaluator, valueCount: descriptor.valueCount)
  }

  private mutating func checkResults(_ id: String, _ results: [Outcome]) {
    var failures: [(index: Int, reason: String)] = []
    for (index, result) in results.enumerated() {
      switch result.evaluation {
      case .fail(let failure), .giveUp(let failure):
        // A point that cannot be evaluated is data, if the plugin says why.
        if failure.reason.hasSuffix("without a message") {
          add("\(id): evaluate", false, "point \(index) failed: \(failure.reason)")
          return
        }
        failures.append((index, failure.reason))
      case .complete, .stop:
        if let place = result.values.firstIndex(where: \.isNaN) {
          add("\(id): evaluate", false, "point \(index) left value \(place) NaN")
          return
        }
      case .pruned, .paused:
        add("\(id): evaluate", false, "point \(index) returned PRUNED though should_prune said 0")
        return
      }
    }
    guard
      let first = results.indices.first(where: { index in
        !failures.contains { $0.index == index }
      })
    else {
      add("\(id): evaluate", false, "all \(results.count) points failed: \(failures[0].reason)")
      return
    }
    let values = results[first].values.map { "\($0)" }.joined(separator: ", ")
    let failed = failures.first.map {
      "; \(failures.count) failed, as point \($0.index): \($0.reason)"
    }
    add(
      "\(id): evaluate", true,
      "\(results.count) points, point \(first) gives \(values)\(failed ?? "")")
  }

  private mutating func checkClaims(_ descriptor: PluginDescriptor, _ results: [Outcome]) {
    let (id, claims) = (descriptor.id, descriptor.capabilities)
    let trials = results.map(\.trial)
    if claims.contains(.intermediate) {
      let count = trials.filter { $0.counts.reports > 0 }.count
      add("\(id): intermediate", count > 0, "\(count) of \(trials.count) points reported")
    }
    if claims.contains(.cancel) {
      let count = trials.filter { $0.counts.stopPolls > 0 }.count
      add("\(id): cancel", count > 0, "\(count) of \(trials.count) points polled should_stop")
    }
    if claims.contains(.gradient) {
      let count = trials.filter { $0.counts.gradientIsFilled }.count
      add("\(id): gradient", count == trials.count, "\(count) of \(trials.count) points filled it")
    }
    let refused = trials.compactMap(\.counts.refusal).first
    if let refused { add("\(id): services", false, refused) }
  }

  private mutating func checkRepeatability(
    _ evaluator: any Evaluator, _ descriptor: PluginDescriptor, _ points: [Point],
    _ results: [Outcome]
  ) {
    // Backwards, so that state which one call leaves for the next shows.
    let again = points.enumerated().reversed().map { run(evaluator, descriptor, $0, $1) }.reversed()
    let differing = zip(results, again).enumerated().first { !$1.0.isSame(as: $1.1) }
    let claimed = descriptor.capabilities.contains(.deterministic)
    if let (index, (first, second)) = differing.map({ ($0.offset, $0.element) }) {
      add(
        "\(descriptor.id): repeatable", !claimed,
        "point \(index) gave \(first.values), then \(second.values)"
          + (claimed ? "" : "; it does not claim deterministic"))
    } else {
      add(
        "\(descriptor.id): repeatable", true,
        claimed ? "the same bits twice" : "the same bits twice; it could claim deterministic")
    }
  }

  private mutating func checkThreads(
    _ objective: PluginObjective, _ descriptor: PluginDescriptor, _ points: [Point],
    _ results: [Outcome]
  ) throws(AttuneError) {
    let name = "\(descriptor.id): thread_safe"
    var jobs: [@Sendable () -> [Outcome]] = []
    for _ in 0..<Self.threadCount {
      // An evaluator goes to one thread; all share the one instance.
      nonisolated(unsafe) let evaluator = try objective.makeEvaluator(
        for: descriptor.space, valueCount: descriptor.valueCount)
      let wantsGradient = descriptor.capabilities.contains(.gradient)
      jobs.append {
        points.enumerated().map { number, point in
          CheckTrial(
            number: number, space: descriptor.space, point: point, wantsGradient: wantsGradient
          ).run(evaluator, valueCount: descriptor.valueCount)
        }
      }
    }
    let all = ThreadGroup.run(jobs)
    for (thread, outcomes) in all.enumerated() {
      for (index, outcome) in outcomes.enumerated() {
        if case .fail(let failure) = outcome.evaluation {
          if case .fail = results[index].evaluation { continue }
          return add(
            name, false,
            "thread \(thread), point \(index) failed, though not alone: \(failure.reason)")
        }
        guard descriptor.capabilities.contains(.deterministic) else { continue }
        if !outcome.isSame(as: results[index]) {
          return add(
            name, false,
            "thread \(thread), point \(index) gave \(outcome.values), alone \(results[index].values)"
          )
        }
      }
    }
    let compared = descriptor.capabilities.contains(.deterministic)
    add(
      name, true,
      "\(Self.threadCount) threads on one instance"
        + (compared ? " gave the serial results" : "; results not compared, not deterministic"))
  }
}

extension CheckTrial {
  func run(_ evaluator: any Evaluator, valueCount: Int) -> PluginCheck.Outcome {
    var values = [Double](repeating: .nan, count: valueCount)
    let evaluation = values.withUnsafeMutableBufferPointer { evaluator.evaluate(self, values: $0) }
    return PluginCheck.Outcome(evaluation: evaluation, values: values, trial: self)
  }
}

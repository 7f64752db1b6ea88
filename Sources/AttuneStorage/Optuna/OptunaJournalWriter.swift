import AttuneCore

/// Writes studies as Optuna's `JournalFileBackend` does.
public enum OptunaJournalWriter {
  /// The name that the lines carry for their writer; readers compare it with their own.
  private static let worker = "attune"

  /// A whole journal of one study, each line with its end.
  public static func bytes(_ study: OptunaStudy) -> [UInt8] {
    var lines = Lines()
    lines.add(.createStudy) { line in
      line.member("study_name", study.name)
      // As Optuna counts them: 0 would be NOT_SET.
      line.member(
        "directions", .array(study.directions.map { .int($0 == .minimize ? 1 : 2) }))
    }
    for (key, value) in study.userAttributes {
      lines.add(.setStudyUserAttribute) { line in
        line.member("study_id", 0)
        line.member("user_attr", .object([key: value]))
      }
    }
    for (key, value) in study.systemAttributes {
      lines.add(.setStudySystemAttribute) { line in
        line.member("study_id", 0)
        line.member("system_attr", .object([key: value]))
      }
    }
    var created = 0
    // A trial's number is its place among the lines that create one.
    func create(upTo number: Int, isStarting: Bool = false) {
      while created <= number {
        lines.create(study.trials[created], isStarting: isStarting)
        created += 1
      }
    }
    for code in study.order {
      let number = code >= 0 ? code : -code - 1
      let isCreated = number < created
      create(upTo: number - 1)
      if code >= 0 {
        if !isCreated { create(upTo: number, isStarting: true) }
        lines.start(study.trials[number], number, isWaiting: isCreated)
      }
      if code < 0 || study.trials[number].state == .running {
        lines.fill(study.trials[number], number)
      }
      if code < 0 { lines.finish(study.trials[number], number) }
    }
    create(upTo: study.trials.count - 1)
    return lines.writer.takeBytes()
  }

  /// Lines being written.
  private struct Lines {
    var writer = JSONWriter(.init(.compact, escapesNonASCII: true))

    mutating func add(
      _ operation: OptunaJournalRecord.Operation, _ members: (inout JSONWriter) -> Void
    ) {
      writer.object { line in
        line.member("op_code", operation.rawValue)
        line.member("worker_id", worker)
        members(&line)
      }
      writer.newline()
    }

    /// A trial that runs from now on, or is enqueued.
    mutating func create(_ trial: OptunaTrial, isStarting: Bool) {
      let waits = !isStarting && trial.fixedParams != nil
      add(.createTrial) { line in
        line.member("study_id", 0)
        line.member("datetime_start", waits ? .null : Self.time(trial.started))
        guard let params = trial.fixedParams else { return }
        if waits { line.member("state", Self.code(.waiting)) }
        line.member("system_attrs", .object([OptunaTrial.Key.fixedParams: .object(params)]))
      }
    }

    /// The parameters; of a trial that waited, first that it runs.
    mutating func start(_ trial: OptunaTrial, _ number: Int, isWaiting: Bool) {
      if isWaiting, trial.fixedParams != nil {
        add(.setTrialStateValues) { line in
          line.member("trial_id", number)
          line.member("state", Self.code(.running))
          line.member("values", .null)
          line.member("datetime_start", Self.time(trial.started))
        }
      }
      for parameter in trial.parameters {
        add(.setTrialParameter) { line in
          line.member("trial_id", number)
          line.member("param_name", parameter.name)
          line.member("param_value_internal", parameter.number)
          line.member("distribution", OptunaDistribution.text(parameter.distribution))
        }
      }
    }

    /// What comes between start and end.
    mutating func fill(_ trial: OptunaTrial, _ number: Int) {
      for (step, value) in trial.intermediateValues {
        add(.setTrialIntermediateValue) { line in
          line.member("trial_id", number)
          line.member("step", step)
          line.member("intermediate_value", value)
        }
      }
      for (key, value) in trial.userAttributes {
        add(.setTrialUserAttribute) { line in
          line.member("trial_id", number)
          line.member("user_attr", .object([key: value]))
        }
      }
      for (key, value) in trial.systemAttributes where key != OptunaTrial.Key.fixedParams {
        add(.setTrialSystemAttribute) { line in
          line.member("trial_id", number)
          line.member("system_attr", .object([key: value]))
        }
      }
    }

    mutating func finish(_ trial: OptunaTrial, _ number: Int) {
      add(.setTrialStateValues) { line in
        line.member("trial_id", number)
        line.member("state", Self.code(trial.state))
        line.member(
          "values", trial.values.isEmpty ? .null : .array(trial.values.map(JSON.float)))
        line.member("datetime_complete", Self.time(trial.finished))
      }
    }

    private static func code(_ state: TrialState) -> Int {
      OptunaJournalRecord.states.firstIndex(of: state) ?? 0
    }

    /// As Optuna 5 writes it: aware, in UTC.
    private static func time(_ microseconds: Int64?) -> JSON {
      guard let microseconds else { return .null }
      let text = Timestamp.text(microseconds)
      return .string("\(text.prefix(10))T\(text.dropFirst(11))+00:00")
    }
  }
}

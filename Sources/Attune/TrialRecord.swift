public import AttuneCore

/// One trial with all that is known of it. Immutable.
public struct TrialRecord: Sendable {
  public let number: Int
  public let state: TrialState
  public let origin: History.Origin
  /// The active parameters, in space order.
  public let params: [(name: String, value: Value)]
  /// One per direction; of a PRUNED trial its last report; else empty.
  public let values: [Double]
  public let reports: Reports
  /// Facts as JSON text.
  public let attributes: [(key: String, json: String)]
  /// A value of 0 or less is feasible.
  public let constraints: [(name: String, value: Double)]
  /// Row-major, values x parameters; empty when none came.
  public let gradient: [Double]
  public let failure: Failure?
  /// Microseconds since 1970.
  public let started: Int64
  /// Microseconds since 1970; 0 while the trial is not finished.
  public let finished: Int64

  /// Seconds from start to finish; `nil` while the trial is not finished.
  public var duration: Double? { finished == 0 ? nil : Double(finished - started) * 1e-6 }

  /// The trial as a JSON object, as `attune_trials_json` gives it.
  public var json: JSON {
    var object = JSON.Object()
    object["number"] = .int(Int64(number))
    object["state"] = .string(state.name)
    object["params"] = JSON(params: params)
    if values.count == 1 { object["value"] = .float(values[0]) }
    if !values.isEmpty { object["values"] = .array(values.map(JSON.float)) }
    if !reports.all.isEmpty { object["intermediate"] = intermediate }
    if !attributes.isEmpty {
      var facts = JSON.Object()
      for (key, json) in attributes {
        // Attributes were checked when they were set; one damaged since is kept as text.
        facts[key] = (try? JSON(parsing: json)) ?? .string(json)
      }
      object["attributes"] = .object(facts)
    }
    if !constraints.isEmpty {
      var all = JSON.Object()
      for (name, value) in constraints { all[name] = .float(value) }
      object["constraints"] = .object(all)
    }
    if !gradient.isEmpty { object["gradient"] = .array(gradient.map(JSON.float)) }
    if let failure {
      object["reason"] = .string(failure.reason)
      if failure.code != 0 { object["code"] = .int(Int64(failure.code)) }
    }
    object["origin"] = .string(origin.name)
    if state != .waiting { object["datetime_start"] = .string(Timestamp.text(started)) }
    if finished != 0 { object["datetime_complete"] = .string(Timestamp.text(finished)) }
    return .object(object)
  }

  private var intermediate: JSON {
    var steps = JSON.Object()
    for report in reports.all {
      steps[String(report.step)] =
        report.values.count == 1
        ? .float(report.values[0]) : .array(report.values.map(JSON.float))
    }
    return .object(steps)
  }
}

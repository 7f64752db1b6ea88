import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_trial_suggest_float(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ low: Double, _ high: Double,
  _ step: Double, _ flags: attune_param_flags, _ out: UnsafeMutablePointer<Double>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  suggest(t, name, out, err) { trial, name throws(AttuneError) in
    try trial.suggestFloat(
      name, low: low, high: high, step: step == 0 ? nil : step, log: flag(flags, only: .log))
  }
}

@c @implementation
public func attune_trial_suggest_int(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ low: Int64, _ high: Int64, _ step: Int64,
  _ flags: attune_param_flags, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  suggest(t, name, out, err) { trial, name throws(AttuneError) in
    try trial.suggestInt(name, low: low, high: high, step: step, log: flag(flags, only: .log))
  }
}

@c @implementation
public func attune_trial_suggest_categorical(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!,
  _ choices: UnsafePointer<UnsafePointer<CChar>?>!, _ n_choices: Int,
  _ flags: attune_param_flags, _ out_index: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  suggest(t, name, out_index, err) { trial, name throws(AttuneError) in
    let choices = try texts(choices, n_choices, "choices", "n_choices").map(Value.string)
    let ordered = try flag(flags, only: .ordered)
    return Int64(try trial.suggestCategorical(name, choices, ordered: ordered))
  }
}

@c @implementation
public func attune_trial_suggest_categorical_json(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ choices_json: UnsafePointer<CChar>!,
  _ flags: attune_param_flags, _ out_index: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  suggest(t, name, out_index, err) { trial, name throws(AttuneError) in
    let choices = try values(json: try text(choices_json, "choices_json"), "choices_json")
    let ordered = try flag(flags, only: .ordered)
    return Int64(try trial.suggestCategorical(name, choices, ordered: ordered))
  }
}

private func suggest<Result>(
  _ t: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<Result>?,
  _ err: ErrorOut, _ value: (RunningTrial, String) throws(AttuneError) -> Result
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let out = try required(out, "out")
    out.pointee = try value(trial.object, try text(name, "name"))
  }
}

// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

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
    let log = try flag(flags, only: .log, of: name)
    let step = step == 0 ? nil : step
    return try trial.suggestFloat(name, low: low, high: high, step: step, log: log)
  }
}

@c @implementation
public func attune_trial_suggest_int(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ low: Int64, _ high: Int64, _ step: Int64,
  _ flags: attune_param_flags, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  suggest(t, name, out, err) { trial, name throws(AttuneError) in
    let log = try flag(flags, only: .log, of: name)
    return try trial.suggestInt(name, low: low, high: high, step: step, log: log)
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
    let choices = try AttuneCABI.choices(of: name, choices, n_choices)
    let ordered = try flag(flags, only: .ordered, of: name)
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
    let choices = try choices(of: name, json: choices_json)
    let ordered = try flag(flags, only: .ordered, of: name)
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

// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_trial_report(
  _ t: OpaquePointer!, _ step: Int64, _ value: Double, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    try borrow(t, "t", as: RunningTrial.self).object.report(step: step, values: [value])
  }
}

@c @implementation
public func attune_trial_report_values(
  _ t: OpaquePointer!, _ step: Int64, _ values: UnsafePointer<Double>!, _ n_values: Int,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let wanted = trial.object.study.directions.count
    let values = try numbers(values, n_values, wanted: wanted, "values")
    try trial.object.report(step: step, values: values)
  }
}

@c @implementation
public func attune_trial_should_prune(
  _ t: OpaquePointer!, _ out: UnsafeMutablePointer<Int32>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let out = try required(out, "out")
    out.pointee = try trial.object.shouldPrune() ? 1 : 0
  }
}

@c @implementation
public func attune_trial_set_attribute(
  _ t: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    try trial.object.setAttribute(try text(key, "key"), json: try text(json, "json"))
  }
}

@c @implementation
public func attune_trial_set_constraint(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value: Double,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let name = try text(name, "name")
    guard !value.isNaN else {
      throw AttuneError(
        .invalidArgument, "constraint \"\(name)\" is NaN, wanted a number: <= 0 is feasible",
        subject: "constraints.\(name)")
    }
    try trial.object.setConstraint(name, value)
  }
}

@c @implementation
public func attune_trial_set_gradient(
  _ t: OpaquePointer!, _ gradient: UnsafePointer<Double>!, _ n_gradient: Int,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let study = trial.object.study
    let gradient = try numbers(
      gradient, n_gradient, wanted: study.directions.count * study.space.count, "gradient",
      each: "one per direction and parameter of the space")
    try trial.object.setGradient(gradient)
  }
}

@c @implementation
public func attune_trial_set_error(
  _ t: OpaquePointer!, _ user_code: Int32, _ message: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    trial.object.setError(code: user_code, message: try optionalText(message, "message"))
  }
}

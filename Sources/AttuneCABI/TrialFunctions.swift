// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_trial_number(_ t: OpaquePointer!) -> Int64 {
  glance(t, as: RunningTrial.self)?.read { Int64($0.number) } ?? -1
}

@c @implementation
public func attune_trial_seed(_ t: OpaquePointer!) -> UInt64 {
  glance(t, as: RunningTrial.self)?.read { $0.seed } ?? 0
}

@c @implementation
public func attune_trial_index(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<Int>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(t, name, out, err) { trial, name throws(AttuneError) in
    try trial.index(of: name)
  }
}

@c @implementation
public func attune_trial_is_active(
  _ t: OpaquePointer!, _ index: Int, _ out: UnsafeMutablePointer<Int32>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let count = trial.object.numberCount
    guard 0..<count ~= index else {
      throw AttuneError(
        .invalidArgument,
        "index is \(UInt(bitPattern: index)), wanted less than \(count), the number of parameters",
        subject: "index")
    }
    let out = try required(out, "out")
    out.pointee = trial.object.isActive(index) ? 1 : 0
  }
}

@c @implementation
public func attune_trial_float(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<Double>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(t, name, out, err) { trial, name throws(AttuneError) in try trial.float(name) }
}

@c @implementation
public func attune_trial_int(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(t, name, out, err) { trial, name throws(AttuneError) in try trial.int(name) }
}

@c @implementation
public func attune_trial_choice(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!,
  _ out: UnsafeMutablePointer<UnsafePointer<CChar>?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  out?.pointee = nil
  return entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let choice = try trial.object.choice(try text(name, "name"))
    try required(out, "out").pointee = trial.lend(choice.text)
  }
}

@c @implementation
public func attune_trial_choice_index(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(t, name, out, err) { trial, name throws(AttuneError) in
    Int64(try trial.choiceIndex(name))
  }
}

@c @implementation
public func attune_trial_choice_type(
  _ t: OpaquePointer!, _ name: UnsafePointer<CChar>!,
  _ out: UnsafeMutablePointer<attune_choice_type>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(t, name, out, err) { trial, name throws(AttuneError) in
    try trial.choice(name).kind.rawValue
  }
}

@c @implementation
public func attune_trial_copy_params(
  _ t: OpaquePointer!, _ out: UnsafeMutablePointer<Double>!, _ capacity: Int,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let pin = try borrow(t, "t", as: RunningTrial.self)
    let trial = pin.object
    try copyOut(
      count: trial.numberCount, to: out, capacity: capacity, count: out_count,
      trial.numbers(into:))
  }
}

@c @implementation
public func attune_trial_params_json(
  _ t: OpaquePointer!, _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try borrow(t, "t", as: RunningTrial.self).object.paramsJSON
  }
}

@c @implementation
public func attune_trial_should_stop(_ t: OpaquePointer!) -> Int32 {
  let shouldStop = glance(t, as: RunningTrial.self, postponing: true)?.read { $0.shouldStop }
  return shouldStop ?? true ? 1 : 0
}

/// An entry that reads one parameter of a trial.
@inline(__always)
private func read<Result>(
  _ t: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ out: UnsafeMutablePointer<Result>?,
  _ err: ErrorOut, _ value: (RunningTrial, String) throws(AttuneError) -> Result
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let trial = try borrow(t, "t", as: RunningTrial.self)
    let out = try required(out, "out")
    out.pointee = try value(trial.object, try text(name, "name"))
  }
}

extension RunningTrial {
  /// The value of a categorical or fixed parameter.
  fileprivate func choice(_ name: String) throws(AttuneError) -> Value {
    let value = try value(name)
    let distribution = space.parameters[try space.index(of: name)].distribution
    switch distribution {
    case .categorical, .fixed: return value
    case .float, .int:
      throw AttuneError(
        .typeMismatch,
        "parameter \"\(name)\" is \(distribution.kindName), wanted categorical or fixed",
        subject: "params.\(name)")
    }
  }
}

// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

extension RunningTrial: Handled {
  static var kind: HandleKind { .trial }
}

@c @implementation
public func attune_study_ask(
  _ study: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    return try study.object.study.ask()
  }
}

@c @implementation
public func attune_study_ask_params(
  _ study: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ out_number: UnsafeMutablePointer<Int64>!, _ out_seed: UnsafeMutablePointer<UInt64>!,
  _ out_params: UnsafeMutablePointer<Double>!, _ capacity: Int,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  out?.pointee = nil
  return entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self).object.study
    let out = try required(out, "out")
    let count = study.isDefineByRun ? 0 : study.space.count
    let params = count == 0 ? nil : try required(out_params, "out_params")
    // Before anything is asked: a call that is refused leaves no trial behind.
    guard UInt(bitPattern: capacity) >= UInt(count) else {
      throw AttuneError(
        .invalidArgument,
        "capacity is \(UInt(bitPattern: capacity)), wanted at least \(count)", subject: "capacity")
    }
    let trial = try study.ask()
    out.pointee = try give(trial)
    out_number?.pointee = Int64(trial.number)
    out_seed?.pointee = trial.seed
    trial.numbers(into: UnsafeMutableBufferPointer(start: params, count: count))
    out_count?.pointee = count
  }
}

@c @implementation
public func attune_study_ask_batch(
  _ study: OpaquePointer!, _ n: Int, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  let isSane = 0...1_000_000 ~= n
  if isSane, let out { out.update(repeating: nil, count: n) }
  return entry(err) { () throws(AttuneError) in
    guard isSane else {
      throw AttuneError(
        .invalidArgument, "n is \(UInt(bitPattern: n)), wanted at most 1000000", subject: "n")
    }
    let count = try required(out_count, "out_count")
    let study = try borrow(study, "study", as: StudyHandle.self)
    count.pointee = try ask(study.object.study, n, try required(out, "out"))
  }
}

/// Asks for `n` trials and writes their handles: all of them or, after an error, none.
private func ask(
  _ study: Study, _ n: Int, _ out: UnsafeMutablePointer<OpaquePointer?>
) throws(AttuneError) -> Int {
  let trials = n == 0 ? [] : try study.ask(count: n)
  for (index, trial) in trials.enumerated() {
    do throws(AttuneError) {
      out[index] = try give(trial)
    } catch {
      for given in 0..<index { drop(out[given], "out", .trial) }
      out.update(repeating: nil, count: n)
      throw error
    }
  }
  return trials.count
}

@c @implementation
public func attune_study_tell(
  _ study: OpaquePointer!, _ trial: OpaquePointer!, _ values: UnsafePointer<Double>!,
  _ n_values: Int, _ out_state: UnsafeMutablePointer<attune_trial_state>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    let trial = try borrow(trial, "trial", as: RunningTrial.self)
    let wanted = study.object.study.directions.count
    let values = try lentNumbers(values, n_values, wanted: wanted, "values")
    let state = try study.object.study.tell(trial.object, values: values)
    out_state?.pointee = state.rawValue
  }
}

@c @implementation
public func attune_study_tell_state(
  _ study: OpaquePointer!, _ trial: OpaquePointer!, _ state: attune_trial_state,
  _ reason: UnsafePointer<CChar>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    let trial = try borrow(trial, "trial", as: RunningTrial.self)
    let state = try toldState(state)
    let reason = try optionalText(reason, "reason")
    try study.object.study.tell(trial.object, state, reason: reason)
  }
}

/// A state that can be told without values.
private func toldState(_ number: Int32) throws(AttuneError) -> TrialState {
  let state = TrialState(rawValue: number)
  if let state, state == .pruned || state == .fail { return state }
  throw AttuneError(
    .invalidArgument,
    "state is \(number)\(state.map { " (\($0.name))" } ?? ""), wanted 3 (PRUNED) or 4 (FAIL)",
    subject: "state")
}

@c @implementation
public func attune_study_resume_trial(
  _ study: OpaquePointer!, _ number: Int64, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    return try study.object.study.resumeTrial(Int(number))
  }
}

@c @implementation
public func attune_trial_release(_ trial: OpaquePointer!) { drop(trial, "trial", .trial) }

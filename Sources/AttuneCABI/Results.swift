// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
import AttuneStrategies
public import CAttune

@c @implementation
public func attune_study_trials(
  _ study: OpaquePointer!, _ state_mask: UInt32, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    return ResultsHandle(try study.object.study.trials(try states(state_mask)))
  }
}

@c @implementation
public func attune_study_best_trials(
  _ study: OpaquePointer!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    return ResultsHandle(try study.object.study.bestTrials())
  }
}

@c @implementation
public func attune_study_importances(
  _ study: OpaquePointer!, _ method: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    let given = try optionalText(method, "method")
    let method = try given.map { name throws(AttuneError) in try ImportanceMethod(name: name) }
    var object = JSON.Object()
    for (name, share) in try study.object.study.importances(method ?? .pedANOVA) {
      object[name] = .float(share)
    }
    return JSON.object(object).text(.spaced)
  }
}

@c @implementation
public func attune_trials_count(_ ts: OpaquePointer!) -> Int {
  glance(ts, as: ResultsHandle.self)?.object.table.count ?? 0
}

@c @implementation
public func attune_trials_number(
  _ ts: OpaquePointer!, _ i: Int, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(ts, i, out, err) { table, i in Int64(table.numbers[i]) }
}

@c @implementation
public func attune_trials_state(
  _ ts: OpaquePointer!, _ i: Int, _ out: UnsafeMutablePointer<attune_trial_state>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(ts, i, out, err) { table, i in table.state(i).rawValue }
}

@c @implementation
public func attune_trials_value(
  _ ts: OpaquePointer!, _ i: Int, _ objective: Int, _ out: UnsafeMutablePointer<Double>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let results = try borrow(ts, "ts", as: ResultsHandle.self)
    let out = try required(out, "out")
    out.pointee = try results.object.value(i, objective)
  }
}

@c @implementation
public func attune_trials_json(
  _ ts: OpaquePointer!, _ i: Int,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    let results = try borrow(ts, "ts", as: ResultsHandle.self)
    return results.object.table[try results.object.checked(i)].json.text(.spaced)
  }
}

@c @implementation
public func attune_trials_copy_values(
  _ ts: OpaquePointer!, _ out: UnsafeMutablePointer<Double>!, _ capacity: Int,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let table = try borrow(ts, "ts", as: ResultsHandle.self).object.table
    try copyRows(of: table, table.directions.count, out, capacity, out_count) { row, column in
      table.value(row, objective: column)
    }
  }
}

@c @implementation
public func attune_trials_copy_params(
  _ ts: OpaquePointer!, _ out: UnsafeMutablePointer<Double>!, _ capacity: Int,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let table = try borrow(ts, "ts", as: ResultsHandle.self).object.table
    try copyRows(of: table, table.space.count, out, capacity, out_count) { row, column in
      table.number(row, parameter: column)
    }
  }
}

@c @implementation
public func attune_trials_destroy(_ ts: OpaquePointer!) { drop(ts, "ts", .trials) }

/// An entry that reads one fact of one trial.
private func read<Result>(
  _ ts: OpaquePointer?, _ i: Int, _ out: UnsafeMutablePointer<Result>?, _ err: ErrorOut,
  _ fact: (TrialTable, Int) -> Result
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let results = try borrow(ts, "ts", as: ResultsHandle.self)
    let index = try results.object.checked(i)
    try required(out, "out").pointee = fact(results.object.table, index)
  }
}

private func copyRows(
  of table: TrialTable, _ columns: Int, _ out: UnsafeMutablePointer<Double>?, _ capacity: Int,
  _ outCount: UnsafeMutablePointer<Int>?, _ number: (_ row: Int, _ column: Int) -> Double
) throws(AttuneError) {
  let count = table.count * columns
  try copyOut(count: count, to: out, capacity: capacity, count: outCount) { numbers in
    for row in 0..<table.count {
      for column in 0..<columns { numbers[row * columns + column] = number(row, column) }
    }
  }
}

/// The states whose bits are set; `nil` for all.
private func states(_ mask: UInt32) throws(AttuneError) -> Set<TrialState>? {
  let all = TrialState.allCases.reduce(0 as UInt32) { $0 | 1 << UInt32($1.rawValue) }
  guard mask & ~all == 0 else {
    throw AttuneError(
      .invalidArgument,
      "state_mask is \(mask), wanted bits 1 << attune_trial_state, at most \(all)",
      subject: "state_mask")
  }
  if mask == 0 { return nil }
  return Set(TrialState.allCases.filter { mask & 1 << UInt32($0.rawValue) != 0 })
}

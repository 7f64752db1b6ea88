import Attune
import AttuneCore
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
public func attune_trials_count(_ ts: OpaquePointer!) -> Int {
  glance(ts, as: ResultsHandle.self)?.object.table.count ?? 0
}

@c @implementation
public func attune_trials_number(
  _ ts: OpaquePointer!, _ i: Int, _ out: UnsafeMutablePointer<Int64>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(ts, i, out, err) { Int64($0.number) }
}

@c @implementation
public func attune_trials_state(
  _ ts: OpaquePointer!, _ i: Int, _ out: UnsafeMutablePointer<attune_trial_state>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  read(ts, i, out, err) { $0.state.rawValue }
}

@c @implementation
public func attune_trials_value(
  _ ts: OpaquePointer!, _ i: Int, _ objective: Int, _ out: UnsafeMutablePointer<Double>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let results = try borrow(ts, "ts", as: ResultsHandle.self)
    let record = try results.object.record(i)
    let count = results.object.table.directions.count
    guard 0..<count ~= objective else {
      throw AttuneError(
        .invalidArgument,
        "objective is \(UInt(bitPattern: objective)), wanted less than \(count), the directions",
        subject: "objective")
    }
    let out = try required(out, "out")
    guard objective < record.values.count else {
      throw AttuneError(
        .invalidState, "trial \(record.number) is \(record.state.name) and has no value")
    }
    out.pointee = record.values[objective]
  }
}

@c @implementation
public func attune_trials_json(
  _ ts: OpaquePointer!, _ i: Int,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try borrow(ts, "ts", as: ResultsHandle.self).object.record(i).json
  }
}

@c @implementation
public func attune_trials_copy_values(
  _ ts: OpaquePointer!, _ out: UnsafeMutablePointer<Double>!, _ capacity: Int,
  _ out_count: UnsafeMutablePointer<Int>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let table = try borrow(ts, "ts", as: ResultsHandle.self).object.table
    let columns = table.directions.count
    try copyRows(of: table, columns, out, capacity, out_count) { record, row in
      for column in 0..<columns {
        row[column] = column < record.values.count ? record.values[column] : .nan
      }
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
    let parameters = table.space.parameters
    try copyRows(of: table, parameters.count, out, capacity, out_count) { record, row in
      for (column, parameter) in parameters.enumerated() {
        let slot = record.point[column]
        row[column] = slot.map(parameter.distribution.number(ofSlot:)) ?? .nan
      }
    }
  }
}

@c @implementation
public func attune_trials_destroy(_ ts: OpaquePointer!) { drop(ts, "ts", .trials) }

/// An entry that reads one fact of one trial.
private func read<Result>(
  _ ts: OpaquePointer?, _ i: Int, _ out: UnsafeMutablePointer<Result>?, _ err: ErrorOut,
  _ fact: (TrialRecord) -> Result
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let record = try borrow(ts, "ts", as: ResultsHandle.self).object.record(i)
    try required(out, "out").pointee = fact(record)
  }
}

private func copyRows(
  of table: TrialTable, _ columns: Int, _ out: UnsafeMutablePointer<Double>?, _ capacity: Int,
  _ outCount: UnsafeMutablePointer<Int>?,
  _ fill: (TrialRecord, UnsafeMutablePointer<Double>) -> Void
) throws(AttuneError) {
  let count = table.count * columns
  try copyOut(count: count, to: out, capacity: capacity, count: outCount) { numbers in
    guard let start = numbers.baseAddress else { return }
    for index in 0..<table.count { fill(table[index], start + index * columns) }
  }
}

/// The states whose bits are set; `nil` for all.
private func states(_ mask: UInt32) throws(AttuneError) -> Set<TrialState>? {
  let all = TrialState.allCases.reduce(0 as UInt32) { $0 | 1 << UInt32($1.rawValue) }
  guard mask & ~all == 0 else {
    throw AttuneError(
      .invalidArgument, "state_mask is \(mask), wanted bits 1 << attune_trial_state, at most \(all)",
      subject: "state_mask")
  }
  if mask == 0 { return nil }
  return Set(TrialState.allCases.filter { mask & 1 << UInt32($0.rawValue) != 0 })
}

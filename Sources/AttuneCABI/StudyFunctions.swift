// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_study_create(
  _ storage: UnsafePointer<CChar>!, _ name: UnsafePointer<CChar>!, _ space: OpaquePointer!,
  _ directions: UnsafePointer<attune_direction>!, _ n_directions: Int,
  _ strategy: UnsafePointer<CChar>!, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    var wanted = Study.Settings()
    wanted.name = try optionalText(name, "name")
    if space != nil {
      wanted.space = try borrow(space, "space", as: SpaceBuilder.self).object.space
    }
    wanted.directions = try AttuneCABI.directions(directions, n_directions)
    wanted.strategy = try optionalText(strategy, "strategy")
    let loads = try StudyOptions.apply(try settings(options), to: &wanted)
    let storage = try optionalText(storage, "storage")
    return StudyHandle(try Study.create(wanted, storage: storage, loadIfExists: loads))
  }
}

@c @implementation
public func attune_study_open(
  _ storage: UnsafePointer<CChar>!, _ name: UnsafePointer<CChar>!,
  _ strategy: UnsafePointer<CChar>!, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    StudyHandle(
      try Study.open(
        storage: try text(storage, "storage"), name: try optionalText(name, "name"),
        strategy: try optionalText(strategy, "strategy"),
        strategyOptions: try settings(options)))
  }
}

@c @implementation
public func attune_study_close(_ study: OpaquePointer!) {
  guard let pin = glance(study, as: StudyHandle.self) else { return drop(study, "study", .study) }
  let handle = pin.object
  if handle.study.isInsideRun {
    return Logger.log(
      .error, component: "c",
      "attune_study_close of \"\(handle.study.name)\" inside one of its callbacks: nothing done")
  }
  pin.invalidate()
  handle.study.close()
}

@c @implementation
public func attune_study_delete(
  _ storage: UnsafePointer<CChar>!, _ name: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    try Study.delete(storage: try text(storage, "storage"), name: try text(name, "name"))
  }
}

@c @implementation
public func attune_storage_studies(
  _ storage: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    JSON.array(try Study.summaries(storage: try text(storage, "storage")).map(\.json)).text()
  }
}

@c @implementation
public func attune_study_set_pruner(
  _ study: OpaquePointer!, _ pruner: UnsafePointer<CChar>!, _ options: OpaquePointer!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrowAlone(study, "study", as: StudyHandle.self)
    try study.object.study.setPruner(try text(pruner, "pruner"), options: try settings(options))
  }
}

@c @implementation
public func attune_study_enqueue(
  _ study: OpaquePointer!, _ params_json: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    try study.object.study.enqueue(json: try text(params_json, "params_json"))
  }
}

@c @implementation
public func attune_study_add_trial(
  _ study: OpaquePointer!, _ trial_json: UnsafePointer<CChar>!,
  _ out_number: UnsafeMutablePointer<Int64>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    let number = try study.object.study.addTrial(json: try text(trial_json, "trial_json"))
    out_number?.pointee = Int64(number)
  }
}

@c @implementation
public func attune_study_stop(_ study: OpaquePointer!) {
  glance(study, as: StudyHandle.self, postponing: true)?.read { $0.study.stop() }
}

// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_study_name(_ study: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = glance(study, as: StudyHandle.self) else { return nil }
  return pin.lend(pin.object.study.name)
}

@c @implementation
public func attune_study_strategy(_ study: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = glance(study, as: StudyHandle.self) else { return nil }
  return pin.lend(pin.object.study.strategyName)
}

@c @implementation
public func attune_study_seed(_ study: OpaquePointer!) -> UInt64 {
  glance(study, as: StudyHandle.self)?.read { $0.study.seed } ?? 0
}

@c @implementation
public func attune_study_direction_count(_ study: OpaquePointer!) -> Int {
  glance(study, as: StudyHandle.self)?.read { $0.study.directions.count } ?? 0
}

@c @implementation
public func attune_study_direction(_ study: OpaquePointer!, _ i: Int) -> attune_direction {
  guard let directions = glance(study, as: StudyHandle.self)?.object.study.directions,
    directions.indices.contains(i)
  else { return -1 }
  return directions[i].rawValue
}

@c @implementation
public func attune_study_trial_count(_ study: OpaquePointer!) -> Int {
  glance(study, as: StudyHandle.self)?.object.study.trialCount ?? 0
}

@c @implementation
public func attune_study_space_json(
  _ study: OpaquePointer!, _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try borrow(study, "study", as: StudyHandle.self).object.study.space.json
  }
}

@c @implementation
public func attune_study_set_attribute(
  _ study: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    try study.object.study.setAttribute(try text(key, "key"), json: try text(json, "json"))
  }
}

@c @implementation
public func attune_study_get_attribute(
  _ study: OpaquePointer!, _ key: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    let study = try borrow(study, "study", as: StudyHandle.self)
    let key = try text(key, "key")
    if let json = study.object.study.attribute(key) { return json }
    let keys = study.object.study.attributes.map(\.key)
    throw AttuneError(
      .notFound, "the study has no attribute \"\(key)\"\(suggestion(for: key, among: keys))",
      subject: "attributes.\(key)")
  }
}

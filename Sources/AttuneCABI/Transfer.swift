// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import Attune
import AttuneCore
public import CAttune

@c @implementation
public func attune_study_export_json(
  _ study: OpaquePointer!, _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try borrow(study, "study", as: StudyHandle.self).object.study.exportJSON()
  }
}

@c @implementation
public func attune_study_export_csv(
  _ study: OpaquePointer!, _ out_csv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_csv) { () throws(AttuneError) in
    try borrow(study, "study", as: StudyHandle.self).object.study.exportCSV()
  }
}

@c @implementation
public func attune_study_import_json(
  _ storage: UnsafePointer<CChar>!, _ name: UnsafePointer<CChar>!, _ json: UnsafePointer<CChar>!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    StudyHandle(
      try Study.importJSON(
        try text(json, "json"), storage: try optionalText(storage, "storage"),
        name: try optionalText(name, "name")))
  }
}

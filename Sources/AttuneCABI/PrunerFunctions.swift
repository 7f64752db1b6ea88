// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneStrategies
public import CAttune

private let prunerNames = PrunerCatalog.descriptions.map { StaticText($0.name) }

@c @implementation
public func attune_pruner_count() -> Int { Fork.isChild ? 0 : prunerNames.count }

@c @implementation
public func attune_pruner_name(_ i: Int) -> UnsafePointer<CChar>! {
  guard !Fork.isChild, prunerNames.indices.contains(i) else { return nil }
  return prunerNames[i].pointer
}

@c @implementation
public func attune_pruner_describe(
  _ name: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try PrunerCatalog.description(named: try text(name, "name")).json
  }
}

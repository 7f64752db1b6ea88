// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneStrategies
public import CAttune

private let strategyNames = StrategyCatalog.descriptions.map { StaticText($0.name) }

@c @implementation
public func attune_strategy_count() -> Int { Fork.isChild ? 0 : strategyNames.count }

@c @implementation
public func attune_strategy_name(_ i: Int) -> UnsafePointer<CChar>! {
  guard !Fork.isChild, strategyNames.indices.contains(i) else { return nil }
  return strategyNames[i].pointer
}

@c @implementation
public func attune_strategy_describe(
  _ name: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try StrategyCatalog.description(named: try text(name, "name")).json
  }
}

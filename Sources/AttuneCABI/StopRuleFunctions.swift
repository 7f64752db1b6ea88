// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneStrategies
public import CAttune

private let stopRuleNames = StopRuleCatalog.names.map { StaticText($0) }

@c @implementation
public func attune_stop_rule_count() -> Int { Fork.isChild ? 0 : stopRuleNames.count }

@c @implementation
public func attune_stop_rule_name(_ i: Int) -> UnsafePointer<CChar>! {
  guard !Fork.isChild, stopRuleNames.indices.contains(i) else { return nil }
  return stopRuleNames[i].pointer
}

@c @implementation
public func attune_stop_rule_describe(
  _ name: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try StopRuleCatalog.description(named: try text(name, "name")).json
  }
}

// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
public import CAttune

private let okName = StaticText("ok")
private let prunedName = StaticText("pruned")
private let stopName = StaticText("stop")
private let unknownName = StaticText("unknown")
private let codeNames = AttuneError.Code.allCases.map { ($0.rawValue, StaticText($0.name)) }

@c @implementation
public func attune_status_name(_ status: attune_status) -> UnsafePointer<CChar>! {
  switch status {
  case 0: okName.pointer
  case 1: prunedName.pointer
  case 2: stopName.pointer
  default: (codeNames.first { $0.0 == status }?.1 ?? unknownName).pointer
  }
}

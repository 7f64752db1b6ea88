// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneObjectives
public import CAttune

@c @implementation
public func attune_plugin_scan(
  _ extra_path: UnsafePointer<CChar>!,
  _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    let search = PluginSearch(extraPath: try optionalText(extra_path, "extra_path"))
    return JSON.array(try search.scan().map { .object($0.json) }).text(.spaced)
  }
}

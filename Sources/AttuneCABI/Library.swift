// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneStrategies
import CAttune

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

private let versionText = StaticText("0.1.0")
private let buildInfo = StaticText(describeBuild())

@c @implementation
public func attune_version() -> Int32 { 1_000 }

@c @implementation
public func attune_version_string() -> UnsafePointer<CChar>! { versionText.pointer }

@c @implementation
public func attune_abi_version() -> Int32 { 0 }

@c @implementation
public func attune_build_info() -> UnsafePointer<CChar>! {
  Fork.isChild ? nil : buildInfo.pointer
}

@c @implementation
public func attune_string_free(_ string: UnsafeMutablePointer<CChar>!) { free(string) }

private func describeBuild() -> String {
  var writer = JSONWriter()
  writer.object { info in
    info.member("version", "0.1.0")
    info.member("abi", 0)
    info.member("compiler", compiler)
    info.member("architecture", architecture)
    info.member("strategies", names(StrategyCatalog.descriptions.map(\.name)))
    info.member("pruners", names(PrunerCatalog.descriptions.map(\.name)))
    info.member("stop_rules", names(StopRuleCatalog.names))
    info.member("storages", names(["memory", "sqlite"]))
    info.member("objectives", names(["callback", "native", "plugin", "command"]))
    info.member("features", names(["define_by_run", "threads", "signal_safe_stop", "isolation"]))
  }
  return writer.text
}

private func names(_ names: [String]) -> JSON { .array(names.map(JSON.string)) }

private var compiler: String {
  #if compiler(>=6.4)
    "swift 6.4 or later"
  #else
    "swift 6.3"
  #endif
}

private var architecture: String {
  #if arch(x86_64)
    "x86_64"
  #elseif arch(arm64)
    "arm64"
  #else
    "other"
  #endif
}

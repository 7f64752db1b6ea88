// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
public import CAttune

@c @implementation
public func attune_options_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { OptionsList() }
}

@c @implementation
public func attune_options_from_json(
  _ json: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in try OptionsList(json: text(json, "json")) }
}

@c @implementation
public func attune_options_set_string(
  _ o: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ v: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  set(o, key, err) { () throws(AttuneError) in .string(try text(v, "v")) }
}

@c @implementation
public func attune_options_set_int(
  _ o: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ v: Int64,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  set(o, key, err) { .int(v) }
}

@c @implementation
public func attune_options_set_float(
  _ o: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ v: Double,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  set(o, key, err) { () throws(AttuneError) in
    guard v.isFinite else {
      throw AttuneError(.invalidArgument, "v is \(v), wanted a finite number", subject: "v")
    }
    return .float(v)
  }
}

@c @implementation
public func attune_options_set_bool(
  _ o: OpaquePointer!, _ key: UnsafePointer<CChar>!, _ v: Int32,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  set(o, key, err) { .bool(v != 0) }
}

@c @implementation
public func attune_options_destroy(_ o: OpaquePointer!) { drop(o, "o", .options) }

private func set(
  _ o: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ err: ErrorOut,
  _ value: () throws(AttuneError) -> Value
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let options = try borrowAlone(o, "o", as: OptionsList.self)
    let key = try text(key, "key")
    guard !key.isEmpty else {
      throw AttuneError(.invalidArgument, "key is empty, wanted a name", subject: "key")
    }
    options.object.set(key, try naming("option \"\(key)\"", value))
  }
}

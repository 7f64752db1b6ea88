// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
public import CAttune

@c @implementation
public func attune_space_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { SpaceBuilder() }
}

@c @implementation
public func attune_space_from_json(
  _ json: UnsafePointer<CChar>!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    SpaceBuilder(try Space(json: try text(json, "json")))
  }
}

@c @implementation
public func attune_space_to_json(
  _ s: OpaquePointer!, _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    let space = try borrow(s, "s", as: SpaceBuilder.self)
    return space.object.space.json
  }
}

@c @implementation
public func attune_space_add_float(
  _ s: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ low: Double, _ high: Double,
  _ step: Double, _ flags: attune_param_flags, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  add(s, name, err) { name throws(AttuneError) in
    .float(try Distribution.float(name, low, high, step, flags))
  }
}

@c @implementation
public func attune_space_add_int(
  _ s: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ low: Int64, _ high: Int64, _ step: Int64,
  _ flags: attune_param_flags, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  add(s, name, err) { name throws(AttuneError) in
    .int(try Distribution.int(name, low, high, step, flags))
  }
}

@c @implementation
public func attune_space_add_categorical(
  _ s: OpaquePointer!, _ name: UnsafePointer<CChar>!,
  _ choices: UnsafePointer<UnsafePointer<CChar>?>!, _ n_choices: Int,
  _ flags: attune_param_flags, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  add(s, name, err) { name throws(AttuneError) in
    let choices = try AttuneCABI.choices(of: name, choices, n_choices)
    return .categorical(try Distribution.categorical(name, choices, flags))
  }
}

@c @implementation
public func attune_space_add_categorical_json(
  _ s: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ choices_json: UnsafePointer<CChar>!,
  _ flags: attune_param_flags, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  add(s, name, err) { name throws(AttuneError) in
    let choices = try choices(of: name, json: choices_json)
    return .categorical(try Distribution.categorical(name, choices, flags))
  }
}

@c @implementation
public func attune_space_add_fixed_json(
  _ s: OpaquePointer!, _ name: UnsafePointer<CChar>!, _ value_json: UnsafePointer<CChar>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  add(s, name, err) { name throws(AttuneError) in
    .fixed(
      try naming("parameter \"\(name)\"") { () throws(AttuneError) in
        try value(json: try text(value_json, "value_json"), "value_json")
      })
  }
}

@c @implementation
public func attune_space_active_if_choice(
  _ s: OpaquePointer!, _ child: UnsafePointer<CChar>!, _ parent: UnsafePointer<CChar>!,
  _ choices: UnsafePointer<UnsafePointer<CChar>?>!, _ n_choices: Int,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  restrict(s, child, parent, err) { parent throws(AttuneError) in
    .choices(try AttuneCABI.choices(of: parent, choices, n_choices))
  }
}

@c @implementation
public func attune_space_active_if_choice_json(
  _ s: OpaquePointer!, _ child: UnsafePointer<CChar>!, _ parent: UnsafePointer<CChar>!,
  _ choices_json: UnsafePointer<CChar>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  restrict(s, child, parent, err) { parent throws(AttuneError) in
    .choices(try choices(of: parent, json: choices_json))
  }
}

@c @implementation
public func attune_space_active_if_range(
  _ s: OpaquePointer!, _ child: UnsafePointer<CChar>!, _ parent: UnsafePointer<CChar>!,
  _ low: Double, _ high: Double, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  restrict(s, child, parent, err) { _ in .range(low: low, high: high) }
}

@c @implementation
public func attune_space_count(_ s: OpaquePointer!) -> Int {
  space(s)?.count ?? 0
}

@c @implementation
public func attune_space_name(_ s: OpaquePointer!, _ i: Int) -> UnsafePointer<CChar>! {
  guard let pin = glance(s, as: SpaceBuilder.self) else { return nil }
  let space = pin.object.space
  guard space.parameters.indices.contains(i) else { return nil }
  return pin.lend(space.parameters[i].name)
}

@c @implementation
public func attune_space_kind(_ s: OpaquePointer!, _ i: Int) -> attune_param_kind {
  guard let space = space(s), space.parameters.indices.contains(i) else { return -1 }
  return space.parameters[i].distribution.cKind
}

@c @implementation
public func attune_space_destroy(_ s: OpaquePointer!) { drop(s, "s", .space) }

private func space(_ pointer: OpaquePointer?) -> Space? {
  glance(pointer, as: SpaceBuilder.self)?.object.space
}

private func add(
  _ s: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ err: ErrorOut,
  _ distribution: (String) throws(AttuneError) -> Distribution
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let space = try borrowAlone(s, "s", as: SpaceBuilder.self)
    let name = try text(name, "name")
    try space.object.add(name, try distribution(name))
  }
}

private func restrict(
  _ s: OpaquePointer?, _ child: UnsafePointer<CChar>?, _ parent: UnsafePointer<CChar>?,
  _ err: ErrorOut, _ test: (_ parent: String) throws(AttuneError) -> Condition.Test
) -> attune_status {
  entry(err) { () throws(AttuneError) in
    let space = try borrowAlone(s, "s", as: SpaceBuilder.self)
    let child = try text(child, "child")
    let parent = try text(parent, "parent")
    try space.object.restrict(child, Condition(parent: parent, try test(parent)))
  }
}

extension Distribution {
  /// The number of `attune_param_kind`.
  var cKind: Int32 {
    switch self {
    case .float: 0
    case .int: 1
    case .categorical: 2
    case .fixed: 3
    }
  }
}

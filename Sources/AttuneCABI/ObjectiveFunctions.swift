// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
import AttuneObjectives
public import CAttune

@c @implementation
public func attune_objective_from_callback(
  _ fn: attune_objective_fn!, _ user_data: UnsafeMutableRawPointer!,
  _ destroy: attune_destroy_fn!, _ out: UnsafeMutablePointer<OpaquePointer?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  let data = UserData(user_data, destroy)
  return entry(err, making: out) { () throws(AttuneError) in
    guard let fn else { throw isNull("fn") }
    return ObjectiveHandle(CallbackObjective(fn, data))
  }
}

@c @implementation
public func attune_objective_from_native(
  _ fn: attune_native_fn!, _ signature: UnsafePointer<CChar>!,
  _ context: UnsafeMutableRawPointer!, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    guard let fn else { throw isNull("fn") }
    let signature = try NativeSignature(try text(signature, "signature"))
    let (threadSafe, isolation) = try ObjectiveOptions.native(try settings(options))
    guard isolation == nil else {
      throw AttuneError(
        .notSupported,
        "option \"isolate\" is \"process\" for a function pointer, which is worth nothing in another "
          + "process, wanted attune_objective_from_symbol with it", subject: "options.isolate")
    }
    let function = try NativeFunction(fn, signature: signature, context: context)
    return ObjectiveHandle(NativeObjective(function, threadSafe: threadSafe))
  }
}

@c @implementation
public func attune_objective_from_symbol(
  _ library_path: UnsafePointer<CChar>!, _ symbol: UnsafePointer<CChar>!,
  _ signature: UnsafePointer<CChar>!, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let (threadSafe, isolation) = try ObjectiveOptions.native(try settings(options))
    let library = try text(library_path, "library_path")
    let symbol = try text(symbol, "symbol")
    let signature = try text(signature, "signature")
    if let isolation {
      return ObjectiveHandle(
        try IsolatedObjective(
          .native(
            library: library, symbol: symbol, signature: signature, threadSafe: threadSafe),
          isolation))
    }
    return ObjectiveHandle(
      try NativeObjective(
        library: library, symbol: symbol, signature: signature, threadSafe: threadSafe))
  }
}

@c @implementation
public func attune_objective_from_plugin(
  _ plugin_or_id: UnsafePointer<CChar>!, _ objective_id: UnsafePointer<CChar>!,
  _ config_json: UnsafePointer<CChar>!, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let plugin = try text(plugin_or_id, "plugin_or_id")
    let objective = try optionalText(objective_id, "objective_id")
    let config = try optionalText(config_json, "config_json")
    let (trust, isolation) = try ObjectiveOptions.plugin(try settings(options))
    if let isolation {
      return ObjectiveHandle(
        try IsolatedObjective(
          reference: plugin, id: objective, config: config, trust: trust, isolation))
    }
    return ObjectiveHandle(
      try PluginObjective(reference: plugin, id: objective, config: config, trust: trust))
  }
}

@c @implementation
public func attune_objective_from_command(
  _ argv: UnsafePointer<UnsafePointer<CChar>?>!, _ n_args: Int, _ options: OpaquePointer!,
  _ out: UnsafeMutablePointer<OpaquePointer?>!, _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, making: out) { () throws(AttuneError) in
    let words = try texts(argv, n_args, "argv", "n_args")
    let options = try ObjectiveOptions.command(try settings(options))
    return ObjectiveHandle(try CommandObjective(words, options: options))
  }
}

@c @implementation
public func attune_objective_describe(
  _ o: OpaquePointer!, _ out_json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!,
  _ err: UnsafeMutablePointer<OpaquePointer?>!
) -> attune_status {
  entry(err, writing: out_json) { () throws(AttuneError) in
    try borrow(o, "o", as: ObjectiveHandle.self).object.objective.description.json
  }
}

@c @implementation
public func attune_objective_destroy(_ o: OpaquePointer!) { drop(o, "o", .objective) }

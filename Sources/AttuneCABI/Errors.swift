// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Names are those of attune.h.

import AttuneCore
public import CAttune

// These work in a forked child too, where an error is all a caller can get.

private let noError = StaticText("no valid error")

@c @implementation
public func attune_error_status(_ error: OpaquePointer!) -> attune_status {
  pinned(error)?.read { $0.error.code.rawValue } ?? AttuneError.Code.invalidArgument.rawValue
}

@c @implementation
public func attune_error_message(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = pinned(error) else { return noError.pointer }
  return pin.lend(pin.object.error.message)
}

@c @implementation
public func attune_error_subject(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = pinned(error) else { return StaticText.empty.pointer }
  return pin.lend(pin.object.error.subject)
}

@c @implementation
public func attune_error_user_code(_ error: OpaquePointer!) -> Int32 {
  pinned(error)?.read { $0.error.userCode } ?? 0
}

@c @implementation
public func attune_error_free(_ error: OpaquePointer!) {
  drop(error, "error", .error, alsoInChild: true)
}

private func pinned(_ pointer: OpaquePointer?) -> Pin<ErrorBox>? {
  glance(pointer, alsoInChild: true)
}

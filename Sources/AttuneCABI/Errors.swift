import AttuneCore
public import CAttune

// These work in a forked child too, where an error is all a caller can get.

private let noError = StaticText("no valid error")

@c @implementation
public func attune_error_status(_ error: OpaquePointer!) -> attune_status {
  (peek(error)?.error.code ?? .invalidArgument).rawValue
}

@c @implementation
public func attune_error_message(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = pinnedError(error) else { return noError.pointer }
  return pin.lend(pin.object.error.message)
}

@c @implementation
public func attune_error_subject(_ error: OpaquePointer!) -> UnsafePointer<CChar>! {
  guard let pin = pinnedError(error) else { return StaticText.empty.pointer }
  return pin.lend(pin.object.error.subject)
}

@c @implementation
public func attune_error_user_code(_ error: OpaquePointer!) -> Int32 {
  peek(error)?.error.userCode ?? 0
}

@c @implementation
public func attune_error_free(_ error: OpaquePointer!) {
  drop(error, "error", .error, alsoInChild: true)
}

private func pinnedError(_ pointer: OpaquePointer?) -> Pin<ErrorBox>? {
  glance(pointer, alsoInChild: true)
}

private func peek(_ pointer: OpaquePointer?) -> ErrorBox? { pinnedError(pointer)?.object }

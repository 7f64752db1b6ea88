import AttuneCore

/// A Swift type that C holds handles of.
protocol Handled: AnyObject {
  static var kind: HandleKind { get }
}

/// An object that a call uses: alive until the pin goes, whatever other threads free meanwhile.
struct Pin<Object: Handled>: ~Copyable {
  private let slot: UnsafeMutablePointer<HandleSlot>
  private let handle: HandleBits
  private let exclusively: Bool
  private let postponing: Bool

  fileprivate init(
    _ slot: UnsafeMutablePointer<HandleSlot>, _ handle: HandleBits, exclusively: Bool,
    postponing: Bool
  ) {
    self.slot = slot
    self.handle = handle
    self.exclusively = exclusively
    self.postponing = postponing
  }

  deinit { HandleTable.unpin(slot, handle, exclusively: exclusively, postponing: postponing) }

  private var reference: Unmanaged<Object> {
    // Not nil: a live slot has an object, of the one type of its kind.
    .fromOpaque(UnsafeRawPointer(bitPattern: slot.pointee.object).unsafelyUnwrapped)
  }

  /// The object, retained for whoever keeps it longer than the pin.
  var object: Object { reference.takeUnretainedValue() }

  /// Reads from the object without retaining it: the way that is safe in signal handlers.
  func read<Result>(_ body: (Object) -> Result) -> Result {
    reference._withUnsafeGuaranteedRef(body)
  }

  /// A C string for `text` that lives as long as the handle; "" when there is no memory left.
  func lend(_ text: String) -> UnsafePointer<CChar> {
    LentText.lend(text, from: slot.pointee.texts) ?? StaticText.empty.pointer
  }

  /// Makes the handle invalid; the object goes with the last pin.
  func invalidate() { HandleTable.drop(handle) }
}

/// The object of a handle; the error names the argument and says what was found.
func borrow<Object: Handled>(
  _ pointer: OpaquePointer?, _ argument: StaticString, as type: Object.Type = Object.self
) throws(AttuneError) -> Pin<Object> {
  if let pointer {
    let handle = HandleBits(pointer)
    if handle.kind == Object.kind.rawValue,
      case .done(let slot) = HandleTable.pin(handle, exclusively: false)
    {
      return Pin(slot, handle, exclusively: false, postponing: false)
    }
  }
  throw invalidHandle(pointer, argument, Object.kind)
}

/// The object of a handle, for a [serial] function: refused while another one has it.
func borrowAlone<Object: Handled>(
  _ pointer: OpaquePointer?, _ argument: StaticString, as type: Object.Type = Object.self
) throws(AttuneError) -> Pin<Object> {
  guard let pointer, HandleBits(pointer).kind == Object.kind.rawValue else {
    throw invalidHandle(pointer, argument, Object.kind)
  }
  let handle = HandleBits(pointer)
  switch HandleTable.pin(handle, exclusively: true) {
  case .done(let slot): return Pin(slot, handle, exclusively: true, postponing: false)
  case .busy:
    throw AttuneError(
      .invalidState, "\(argument) is in use by another thread, wanted one serial call at a time",
      subject: "\(argument)")
  case .invalid: throw invalidHandle(pointer, argument, Object.kind)
  }
}

/// The object of a handle, or `nil`: for functions without a status.
///
/// Neither locks nor allocates. Signal handlers `postpone` what the end of the pin may cause, the
/// release of an object that was freed meanwhile.
func glance<Object: Handled>(
  _ pointer: OpaquePointer?, as type: Object.Type = Object.self, postponing: Bool = false,
  alsoInChild: Bool = false
) -> Pin<Object>? {
  guard let pointer, alsoInChild || !Fork.isChild else { return nil }
  let handle = HandleBits(pointer)
  guard handle.kind == Object.kind.rawValue,
    case .done(let slot) = HandleTable.pin(handle, exclusively: false)
  else { return nil }
  return Pin(slot, handle, exclusively: false, postponing: postponing)
}

@inline(never)
private func invalidHandle(
  _ pointer: OpaquePointer?, _ argument: StaticString, _ kind: HandleKind
) -> AttuneError {
  let found = HandleTable.fault(pointer, kind)
  return AttuneError(
    .invalidArgument, "\(argument) is \(found), wanted \(kind.noun)", subject: "\(argument)")
}

/// Drops a handle of C. NULL is nothing to drop; what is no such handle is logged and left alone.
func drop(
  _ pointer: OpaquePointer?, _ argument: StaticString, _ kind: HandleKind,
  alsoInChild: Bool = false
) {
  guard let pointer, alsoInChild || !Fork.isChild else { return }
  let handle = HandleBits(pointer)
  if handle.kind == kind.rawValue, HandleTable.drop(handle) { return }
  let found = HandleTable.fault(pointer, kind)
  Logger.log(
    .warning, component: "c", "nothing freed: \(argument) is \(found), wanted \(kind.noun)")
}

import AttuneCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Where a function puts the handle of its error, or NULL.
typealias ErrorOut = UnsafeMutablePointer<OpaquePointer?>?
/// Where a function puts a handle.
typealias HandleOut = UnsafeMutablePointer<OpaquePointer?>?
/// Where a function puts a text that the caller frees.
typealias TextOut = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

/// Runs `body`; what it throws becomes a status and, where asked for, an error the caller owns.
///
/// Nothing Swift may cross the boundary: every function that can fail goes through here.
@inline(__always)
func entry(_ out: ErrorOut, _ body: () throws(AttuneError) -> Void) -> Int32 {
  out?.pointee = nil
  do throws(AttuneError) {
    try Fork.check()
    try body()
    return 0
  } catch {
    return report(error, out)
  }
}

/// An entry that gives the caller a handle.
@inline(__always)
func entry<Object: Handled>(
  _ out: ErrorOut, making handle: HandleOut, _ body: () throws(AttuneError) -> Object
) -> Int32 {
  handle?.pointee = nil
  return entry(out) { () throws(AttuneError) in
    let handle = try required(handle, "out")
    handle.pointee = try give(try body())
  }
}

/// An entry that gives the caller a text.
@inline(__always)
func entry(
  _ out: ErrorOut, writing text: TextOut, _ body: () throws(AttuneError) -> String
) -> Int32 {
  text?.pointee = nil
  return entry(out) { () throws(AttuneError) in
    let text = try required(text, "out")
    text.pointee = try copied(try body())
  }
}

/// The status of an error, and its handle in `out`; a full table leaves the status alone.
@inline(never)
private func report(_ error: AttuneError, _ out: ErrorOut) -> Int32 {
  out?.pointee = HandleTable.insert(ErrorBox(error), .error)
  return error.code.rawValue
}

/// A handle for `object` that the caller owns.
func give<Object: Handled>(_ object: Object) throws(AttuneError) -> OpaquePointer {
  guard let handle = HandleTable.insert(object, Object.kind) else {
    throw AttuneError(
      .outOfMemory, "no room for another handle: at most \(HandleBits.slotCount) live at a time")
  }
  return handle
}

/// A copy of `text` that `attune_string_free` releases.
private func copied(_ text: String) throws(AttuneError) -> UnsafeMutablePointer<CChar> {
  guard let copy = text.withCString({ strdup($0) }) else {
    throw AttuneError(.outOfMemory, "no memory for a text of \(text.utf8.count) bytes")
  }
  return copy
}

import AttuneCore

/// The pointer of an argument that must not be NULL.
@inline(__always)
func required<Pointee>(
  _ pointer: UnsafeMutablePointer<Pointee>?, _ argument: StaticString
) throws(AttuneError) -> UnsafeMutablePointer<Pointee> {
  guard let pointer else { throw isNull(argument) }
  return pointer
}

/// A text argument, copied.
func text(
  _ pointer: UnsafePointer<CChar>?, _ argument: @autoclosure () -> String
) throws(AttuneError) -> String {
  guard let pointer else {
    throw AttuneError(
      .invalidArgument, "\(argument()) is NULL, wanted a text", subject: argument())
  }
  guard let text = String(validatingCString: pointer) else {
    throw AttuneError(
      .invalidArgument, "\(argument()) is not valid UTF-8, wanted UTF-8 text", subject: argument())
  }
  return text
}

/// A text argument that may be NULL.
func optionalText(
  _ pointer: UnsafePointer<CChar>?, _ argument: @autoclosure () -> String
) throws(AttuneError) -> String? {
  pointer == nil ? nil : try text(pointer, argument())
}

/// An array of numbers, copied. `wanted` bounds the memory read before a wrong count is found.
func numbers(
  _ pointer: UnsafePointer<Double>?, _ count: Int, wanted: Int, _ argument: StaticString
) throws(AttuneError) -> [Double] {
  guard count == wanted else {
    throw AttuneError(
      .invalidArgument,
      "n_\(argument) is \(UInt(bitPattern: count)), wanted \(wanted), one per direction",
      subject: "n_\(argument)")
  }
  guard let pointer else { throw isNull(argument) }
  return Array(UnsafeBufferPointer(start: pointer, count: count))
}

/// An array of texts, copied.
func texts(
  _ pointer: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ argument: StaticString,
  _ countName: StaticString
) throws(AttuneError) -> [String] {
  guard 1...Int(Int32.max) ~= count else {
    throw AttuneError(
      .invalidArgument, "\(countName) is \(UInt(bitPattern: count)), wanted 1 to \(Int32.max)",
      subject: "\(countName)")
  }
  guard let pointer else { throw isNull(argument) }
  var texts: [String] = []
  for index in 0..<count { texts.append(try text(pointer[index], "\(argument)[\(index)]")) }
  return texts
}

/// A member of an enumeration of the header; the error lists the members.
func member<Member: RawRepresentable & CaseIterable>(
  _ value: Int32, _ argument: @autoclosure () -> String, of allowed: [Member] = Array(Member.allCases)
) throws(AttuneError) -> Member where Member.RawValue == Int32 {
  if let member = Member(rawValue: value), allowed.contains(where: { $0.rawValue == value }) {
    return member
  }
  let list = allowed.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
  throw AttuneError(
    .invalidArgument, "\(argument()) is \(value), wanted \(list)", subject: argument())
}

/// Whether the one flag a function takes is set; other bits are an error.
func flag(
  _ flags: UInt32, only allowed: ParameterFlag
) throws(AttuneError) -> Bool {
  guard flags & ~allowed.rawValue == 0 else {
    throw AttuneError(
      .invalidArgument,
      "flags is \(flags), wanted 0 or \(allowed.rawValue) (\(allowed.cName))", subject: "flags")
  }
  return flags != 0
}

/// The bits of `attune_param_flags`.
enum ParameterFlag: UInt32 {
  case log = 1
  case ordered = 2

  var cName: String { self == .log ? "ATTUNE_PARAM_LOG" : "ATTUNE_PARAM_ORDERED" }
}

/// Copies `count` numbers out as `attune_..._copy_...` functions do.
///
/// Writes nothing where `out` is too small; `out` NULL with capacity 0 asks for the count alone.
func copyOut(
  count: Int, to out: UnsafeMutablePointer<Double>?, capacity: Int,
  count outCount: UnsafeMutablePointer<Int>?,
  _ fill: (UnsafeMutableBufferPointer<Double>) throws(AttuneError) -> Void
) throws(AttuneError) {
  let room = UInt(bitPattern: capacity)
  if let out {
    guard room >= UInt(count) else {
      throw AttuneError(
        .invalidArgument, "capacity is \(room), wanted at least \(count)", subject: "capacity")
    }
    try fill(UnsafeMutableBufferPointer(start: out, count: count))
  } else if room != 0 {
    throw AttuneError(
      .invalidArgument, "out is NULL and capacity is \(room), wanted room for \(count) numbers",
      subject: "out")
  } else if outCount == nil {
    throw AttuneError(
      .invalidArgument, "out and out_count are both NULL, wanted one of them", subject: "out")
  }
  outCount?.pointee = count
}

func isNull(_ argument: StaticString) -> AttuneError {
  AttuneError(.invalidArgument, "\(argument) is NULL, wanted a pointer", subject: "\(argument)")
}

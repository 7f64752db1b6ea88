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
  _ pointer: UnsafePointer<Double>?, _ count: Int, wanted: Int, _ argument: StaticString,
  each: StaticString = "one per direction"
) throws(AttuneError) -> [Double] {
  Array(try lentNumbers(pointer, count, wanted: wanted, argument, each: each))
}

/// An array of numbers where the caller has it.
func lentNumbers(
  _ pointer: UnsafePointer<Double>?, _ count: Int, wanted: Int, _ argument: StaticString,
  each: StaticString = "one per direction"
) throws(AttuneError) -> UnsafeBufferPointer<Double> {
  guard count == wanted else {
    throw AttuneError(
      .invalidArgument,
      "n_\(argument) is \(UInt(bitPattern: count)), wanted \(wanted), \(each)",
      subject: "n_\(argument)")
  }
  guard let pointer else { throw isNull(argument) }
  return UnsafeBufferPointer(start: pointer, count: count)
}

/// An array of texts, copied.
func texts(
  _ pointer: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ argument: StaticString,
  _ countName: StaticString
) throws(AttuneError) -> [String] {
  guard count != 0 else {
    throw AttuneError(
      .invalidArgument, "\(argument) are empty, \(countName) is 0, wanted at least 1",
      subject: "\(countName)")
  }
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

/// Runs `body`; an error it throws begins with `what` ("parameter "lr"").
func naming<Result>(
  _ what: @autoclosure () -> String, _ body: () throws(AttuneError) -> Result
) throws(AttuneError) -> Result {
  do throws(AttuneError) {
    return try body()
  } catch {
    throw AttuneError(
      error.code, "\(what()): \(error.message)", subject: error.subject,
      userCode: error.userCode)
  }
}

/// A member of an enumeration of the header; the error lists the members.
func member<Member: RawRepresentable & CaseIterable>(
  _ value: Int32, _ argument: @autoclosure () -> String
) throws(AttuneError) -> Member where Member.RawValue == Int32 {
  if let member = Member(rawValue: value) { return member }
  let list = Member.allCases.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
  throw AttuneError(
    .invalidArgument, "\(argument()) is \(value), wanted \(list)", subject: argument())
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

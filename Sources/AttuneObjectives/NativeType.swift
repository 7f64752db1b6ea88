import CFFI

/// A C type that a native function takes or returns, by the name signatures use.
public enum NativeType: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  case i8, i16, i32, i64
  case u8, u16, u32, u64
  case f32, f64
  /// C's `bool`, one byte.
  case bool
  /// A NUL-terminated text in UTF-8, valid during the call.
  case cstr

  public var isFloat: Bool { self == .f32 || self == .f64 }

  public var isInteger: Bool { integerRange != nil }

  /// The numbers an integer type holds; `nil` for other types.
  public var integerRange: (low: Int64, high: UInt64)? {
    switch self {
    case .i8: (Int64(Int8.min), UInt64(Int8.max))
    case .i16: (Int64(Int16.min), UInt64(Int16.max))
    case .i32: (Int64(Int32.min), UInt64(Int32.max))
    case .i64: (.min, UInt64(Int64.max))
    case .u8: (0, UInt64(UInt8.max))
    case .u16: (0, UInt64(UInt16.max))
    case .u32: (0, UInt64(UInt32.max))
    case .u64: (0, .max)
    case .f32, .f64, .bool, .cstr: nil
    }
  }

  /// The C spelling that people write by habit.
  static func named(inC word: String) -> NativeType? {
    switch word {
    case "double": .f64
    case "float": .f32
    case "char", "int8_t": .i8
    case "short", "int16_t": .i16
    case "int", "int32_t": .i32
    case "long", "int64_t", "ssize_t": .i64
    case "uint8_t": .u8
    case "uint16_t": .u16
    case "unsigned", "uint32_t": .u32
    case "uint64_t", "size_t": .u64
    case "_Bool": .bool
    case "string": .cstr
    default: nil
    }
  }

  /// libffi's description, which lives as long as the process.
  var ffiType: UnsafeMutablePointer<ffi_type> {
    switch self {
    case .i8: attune_ffi_i8()
    case .i16: attune_ffi_i16()
    case .i32: attune_ffi_i32()
    case .i64: attune_ffi_i64()
    case .u8, .bool: attune_ffi_u8()
    case .u16: attune_ffi_u16()
    case .u32: attune_ffi_u32()
    case .u64: attune_ffi_u64()
    case .f32: attune_ffi_f32()
    case .f64: attune_ffi_f64()
    case .cstr: attune_ffi_pointer()
    }
  }

  /// Stores the low bytes of `bits` as an argument of this type.
  func store(_ bits: UInt64, at place: UnsafeMutableRawPointer) {
    switch self {
    case .i8, .u8, .bool: place.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
    case .i16, .u16: place.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
    case .i32, .u32, .f32: place.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
    case .i64, .u64, .f64: place.storeBytes(of: bits, as: UInt64.self)
    case .cstr: place.storeBytes(of: UInt(truncatingIfNeeded: bits), as: UInt.self)
    }
  }

  /// Reads a result as libffi leaves it: integers up to a word are widened to a word.
  func number(at place: UnsafeRawPointer) -> Double {
    switch self {
    case .f64: return place.load(as: Double.self)
    case .f32: return Double(place.load(as: Float.self))
    case .i64: return Double(place.load(as: Int64.self))
    case .u64: return Double(place.load(as: UInt64.self))
    case .i8: return Double(Int8(truncatingIfNeeded: place.load(as: UInt.self)))
    case .i16: return Double(Int16(truncatingIfNeeded: place.load(as: UInt.self)))
    case .i32: return Double(Int32(truncatingIfNeeded: place.load(as: UInt.self)))
    case .u8: return Double(UInt8(truncatingIfNeeded: place.load(as: UInt.self)))
    case .u16: return Double(UInt16(truncatingIfNeeded: place.load(as: UInt.self)))
    case .u32: return Double(UInt32(truncatingIfNeeded: place.load(as: UInt.self)))
    case .bool: return UInt8(truncatingIfNeeded: place.load(as: UInt.self)) == 0 ? 0 : 1
    case .cstr: return .nan
    }
  }
}

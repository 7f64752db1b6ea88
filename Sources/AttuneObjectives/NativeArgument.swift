import AttuneCore

/// How one argument of a native function comes from one parameter of a space.
///
/// Made once, when everything about the parameter is known; a call then only moves bits. It owns
/// what its loader points to.
final class NativeArgument {
  /// The moves of one argument: plain bits, so that a call counts no references.
  struct Loader: BitwiseCopyable {
    enum Source: BitwiseCopyable {
      /// The slot's own bits: a float as `f64`, a whole number as an integer type.
      case bits
      case floatToF32
      case intToF64
      case intToF32
      /// One word per choice, or one for a fixed value.
      case table(UnsafePointer<UInt64>, count: UInt64)
    }

    let type: NativeType
    let source: Source
    /// The index of the parameter in the space.
    let parameter: Int
    /// NaN, 0, false or NULL: what an inactive parameter is passed as.
    let inactive: UInt64

    /// The argument's bits for a slot; `nil` is an inactive parameter.
    @inline(__always)
    func bits(_ slot: UInt64?) -> UInt64 {
      guard let slot else { return inactive }
      switch source {
      case .bits: return slot
      case .floatToF32: return UInt64(Float(Double(bitPattern: slot)).bitPattern)
      case .intToF64: return Double(Int64(bitPattern: slot)).bitPattern
      case .intToF32: return UInt64(Float(Int64(bitPattern: slot)).bitPattern)
      case .table(let words, let count): return slot < count ? words[Int(slot)] : inactive
      }
    }
  }

  let loader: Loader
  /// The words of a table.
  private let words: UnsafeMutablePointer<UInt64>
  /// What the words of texts point to.
  private let texts: [CText]

  deinit { words.deallocate() }

  /// Checks that every value of the parameter can be passed as `type`.
  ///
  /// The error names function, argument, value found and values wanted.
  init(
    _ type: NativeType, _ parameter: Parameter, at index: Int, of function: String
  ) throws(AttuneError) {
    let inactive: UInt64 =
      switch type {
      case .f64: Double.nan.bitPattern
      case .f32: UInt64(Float.nan.bitPattern)
      default: 0
      }
    let name = parameter.name
    func refuse(_ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .typeMismatch,
        "\(function): argument \"\(name)\" is \(type.rawValue) and the parameter \(found), "
          + "wanted \(wanted)",
        subject: "space.\(name)")
    }
    var texts: [CText] = []
    var words: [UInt64] = []
    let source: Loader.Source?
    switch parameter.distribution {
    case .float(let float):
      guard type.isFloat else { throw refuse("a float", "f64 or f32") }
      for bound in [float.low, float.high] where type == .f32 && !Float(bound).isFinite {
        throw refuse("has the bound \(bound)", "at most \(Float.greatestFiniteMagnitude) in size")
      }
      source = type == .f32 ? .floatToF32 : .bits
    case .int(let int):
      guard type != .cstr else { throw refuse("an int", "an integer type, f64 or f32") }
      for bound in [int.low, int.high] {
        if let wanted = Self.misfit(of: bound, in: type) {
          throw refuse("has the bound \(bound)", wanted)
        }
      }
      source = type == .f64 ? .intToF64 : type == .f32 ? .intToF32 : .bits
    case .categorical(let categorical):
      for choice in categorical.choices {
        let word = Self.word(of: choice, as: type, texts: &texts)
        guard let word else {
          throw refuse("has the choice \(choice.quoted)", Self.wantedChoices(of: type))
        }
        words.append(word)
      }
      source = nil
    case .fixed(let value):
      guard let word = Self.word(of: value, as: type, texts: &texts) else {
        throw refuse("is fixed to \(value.quoted)", Self.wantedChoices(of: type))
      }
      words = [word]
      source = nil
    }
    self.texts = texts
    let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: max(words.count, 1))
    for (level, word) in words.enumerated() { (memory + level).initialize(to: word) }
    self.words = memory
    let table = Loader.Source.table(UnsafePointer(memory), count: UInt64(words.count))
    loader = Loader(
      type: type, source: source ?? table, parameter: index, inactive: inactive)
  }

  private static func wantedChoices(of type: NativeType) -> String {
    switch type {
    case .cstr: "a text without NUL"
    case .bool: "true or false"
    case .f32, .f64: "a number that it can hold"
    default:
      "a whole number of \(type.integerRange?.low ?? 0) to \(type.integerRange?.high ?? 0)"
    }
  }

  /// What a whole number must be to fit, or `nil` when it does.
  private static func misfit(of number: Int64, in type: NativeType) -> String? {
    if type == .bool { return number == 0 || number == 1 ? nil : "0 to 1" }
    guard let range = type.integerRange else { return nil }
    let fits = number >= range.low && (number < 0 || UInt64(number) <= range.high)
    return fits ? nil : "\(range.low) to \(range.high)"
  }

  /// A choice as argument bits, or `nil` when the type cannot hold it.
  private static func word(
    of value: Value, as type: NativeType, texts: inout [CText]
  ) -> UInt64? {
    switch type {
    case .cstr:
      guard !value.text.utf8.contains(0) else { return nil }
      let text = CText(value.text)
      texts.append(text)
      return UInt64(UInt(bitPattern: text.pointer))
    case .f64:
      return value.number?.bitPattern
    case .f32:
      guard let number = value.number, Float(number).isFinite else { return nil }
      return UInt64(Float(number).bitPattern)
    case .bool:
      guard let integer = value.integer, value.kind == .bool || value.kind == .int else {
        return nil
      }
      return integer == 0 || integer == 1 ? UInt64(integer) : nil
    default:
      guard let integer = value.integer, misfit(of: integer, in: type) == nil else { return nil }
      return UInt64(bitPattern: integer)
    }
  }
}

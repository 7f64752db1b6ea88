import AttuneNumerics

/// Where one parameter may lie, and its map to the unit interval and back.
///
/// Strategies think in 0...1 or in slots; people think in learning rates. This is the only place
/// where one becomes the other (`slot(atUnit:)`, `unit(ofSlot:)`).
///
/// A *slot* is one value in 64 bits: a float as its bit pattern, an int as its two's complement, a
/// choice as its index, a fixed value as 0.
public enum Distribution: Hashable, Sendable {
  case float(FloatDistribution)
  case int(IntDistribution)
  case categorical(CategoricalDistribution)
  /// Always this value; no dimension of the search.
  case fixed(Value)

  /// The number of different values, or `nil` when continuous. Saturates at `UInt64.max`.
  public var levelCount: UInt64? {
    switch self {
    case .float(let float):
      if float.low == float.high { return 1 }
      return float.step == nil ? nil : float.lastLevel + 1
    case .int(let int): return int.lastLevel == .max ? .max : int.lastLevel + 1
    case .categorical(let categorical): return UInt64(categorical.choices.count)
    case .fixed: return 1
    }
  }

  /// The distribution of a float; `nil` of another parameter.
  public var float: FloatDistribution? {
    if case .float(let float) = self { float } else { nil }
  }

  /// Whether there is nothing to choose.
  public var isSingle: Bool { levelCount == 1 }

  /// The slot of level `level`, counted from 0, of a parameter that has levels.
  public func slot(atLevel level: UInt64) -> UInt64 {
    switch self {
    case .float(let float): float.value(atLevel: level).bitPattern
    case .int(let int): UInt64(bitPattern: int.value(atLevel: level))
    case .categorical(let categorical): min(level, UInt64(categorical.choices.count - 1))
    case .fixed: 0
    }
  }

  /// The level of a slot; 0 for a continuous parameter.
  public func level(ofSlot slot: UInt64) -> UInt64 {
    switch self {
    case .float(let float): float.level(of: Double(bitPattern: slot))
    case .int(let int): int.level(of: Int64(bitPattern: slot))
    case .categorical: slot
    case .fixed: 0
    }
  }

  /// The slot at `unit`; units outside 0...1 count as the nearest end, NaN as 0. Both ends are
  /// attainable.
  public func slot(atUnit unit: Double) -> UInt64 {
    switch self {
    case .float(let float): float.value(atUnit: unit).bitPattern
    case .int(let int): UInt64(bitPattern: int.value(atUnit: unit))
    case .categorical(let categorical):
      cell(atUnit: unit, last: UInt64(categorical.choices.count - 1))
    case .fixed: 0
    }
  }

  /// Where the value of a slot lies in 0...1; the middle of its cell for discrete parameters.
  public func unit(ofSlot slot: UInt64) -> Double {
    switch self {
    case .float(let float): float.unit(of: Double(bitPattern: slot))
    case .int(let int): int.unit(of: Int64(bitPattern: slot))
    case .categorical(let categorical): (Double(slot) + 0.5) / Double(categorical.choices.count)
    case .fixed: 0.5
    }
  }

  /// The slot that 64 random bits choose: every level equally likely, to 2^-64; continuous and log
  /// parameters as `slot(atUnit:)` spreads them, by the upper 53 bits.
  public func slot(atRandom bits: UInt64) -> UInt64 {
    switch self {
    case .int(let int) where !int.log:
      // All 64 bits: a unit double would miss most of a range wider than 2^53.
      int.lastLevel == .max
        ? bits
        : UInt64(
          bitPattern: int.value(atLevel: bits.multipliedFullWidth(by: int.lastLevel + 1).high))
    case .float(let float): float.value(atRandom: bits).bitPattern
    case .categorical(let categorical):
      bits.multipliedFullWidth(by: UInt64(categorical.choices.count)).high
    case .int: slot(atUnit: Double(bits >> 11) * 0x1p-53)
    case .fixed: 0
    }
  }

  /// The value of a slot as people write it.
  public func value(ofSlot slot: UInt64) -> Value {
    switch self {
    case .float: .float(Double(bitPattern: slot))
    case .int: .int(Int64(bitPattern: slot))
    case .categorical(let categorical): categorical.choices[Int(clamping: slot)]
    case .fixed(let value): value
    }
  }

  /// The value of a slot as one number: float and int as they are, a choice as its index, a fixed
  /// value as its number (NaN for null and strings). What C's `copy_params` and Optuna store.
  public func number(ofSlot slot: UInt64) -> Double {
    switch self {
    case .float: Double(bitPattern: slot)
    case .int: Double(Int64(bitPattern: slot))
    case .categorical: Double(slot)
    case .fixed(let value): value.number ?? .nan
    }
  }

  /// The slot of a value; the error names `name`, the value found and the values wanted.
  ///
  /// A value between steps is an error; a float within a millionth of a step counts as on it.
  public func slot(of value: Value, name: String) throws(AttuneError) -> UInt64 {
    func refuse(_ code: AttuneError.Code, _ wanted: String) -> AttuneError {
      AttuneError(
        code, "parameter \"\(name)\": value is \(value.quoted), wanted \(wanted)",
        subject: "params.\(name)")
    }
    switch self {
    case .float(let float):
      guard let number = value.number, value.kind != .bool else {
        throw refuse(.typeMismatch, "a number")
      }
      guard float.low <= number, number <= float.high else {
        throw refuse(.invalidArgument, "\(float.low) to \(float.high)")
      }
      guard let step = float.step else { return (number + 0).bitPattern }
      let nearest = float.value(atLevel: float.level(of: number))
      guard abs(number - nearest) <= 1e-6 * step else {
        throw refuse(.invalidArgument, "\(float.low) plus a multiple of \(step)")
      }
      return nearest.bitPattern
    case .int(let int):
      guard let integer = value.integer, value.kind != .bool else {
        throw refuse(.typeMismatch, "a whole number")
      }
      guard int.low <= integer, integer <= int.high else {
        throw refuse(.invalidArgument, "\(int.low) to \(int.high)")
      }
      guard int.value(atLevel: int.level(of: integer)) == integer else {
        throw refuse(.invalidArgument, "\(int.low) plus a multiple of \(int.step)")
      }
      return UInt64(bitPattern: integer)
    case .categorical(let categorical):
      guard let index = categorical.index(of: value) else {
        let choices = categorical.choices.map(\.quoted).joined(separator: ", ")
        throw refuse(.invalidArgument, "one of \(choices)")
      }
      return UInt64(index)
    case .fixed(let fixed):
      guard fixed.matches(value) else {
        throw refuse(.invalidArgument, "\(fixed.quoted), the fixed value")
      }
      return 0
    }
  }

  /// The word for the kind, as in space JSON: float, int, categorical, fixed.
  public var kindName: String {
    switch self {
    case .float: "float"
    case .int: "int"
    case .categorical: "categorical"
    case .fixed: "fixed"
    }
  }
}

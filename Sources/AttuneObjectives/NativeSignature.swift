public import AttuneCore

/// What a native function takes and gives: `f64(f64 lr, i32 depth, cstr kernel)`.
///
/// A result type, a name if you like, and arguments in parentheses:
/// - `TYPE NAME`: the parameter of that name, as `i8` to `i64`, `u8` to `u64`, `f32`, `f64`, `bool`
///   or `cstr` (a choice as text).
/// - `f64* NAME[COUNT]`: an array the function fills with its values. The result is then `void`, or
///   an `i32` status: 0 complete, 1 pruned, 2 stop the run after this trial, anything else a failure.
/// - `f64* = params`: an array of all parameters that no other argument names, in the order of the
///   space, NaN while inactive; `u32 = count`, of any integer type: how many they are.
/// - `f64* grad` or `f64* gradient`: an array for the derivatives of each value by each integer and
///   float argument and all of `params`, in their order; NULL when nobody wants it.
/// - `ptr`, `ptr NAME` or `ptr = ctx`: the context pointer given with the function.
///
/// Without an array the result is the value: any number type or `bool`. Structs and variadic
/// functions are refused, for a call of another shape than the function's corrupts memory.
public struct NativeSignature: Sendable, Hashable {
  /// One argument of the function.
  public struct Argument: Sendable, Hashable {
    /// What an argument is passed.
    public enum Kind: Sendable, Hashable {
      case parameter(NativeType)
      case context
      case values(count: Int)
      case gradient
      case parameters
      case count(NativeType)
    }

    public let name: String
    public let kind: Kind
  }

  /// What the function returns.
  public enum Result: Sendable, Hashable {
    case value(NativeType)
    case status
    case nothing
  }

  /// The signature as it was written.
  public let text: String
  /// The name between result and parenthesis, as in `f64 cos(f64 x)`.
  public let functionName: String?
  public let arguments: [Argument]
  public let result: Result

  /// Reads a signature; the error names the column, what stands there and what was wanted.
  public init(_ text: String) throws(AttuneError) {
    var parser = NativeSignatureParser(text)
    self = try parser.signature()
  }

  init(text: String, functionName: String?, arguments: [Argument], result: Result) {
    self.text = text
    self.functionName = functionName
    self.arguments = arguments
    self.result = result
  }

  /// How many values one call gives.
  public var valueCount: Int {
    for case .values(let count) in arguments.map(\.kind) { return count }
    return 1
  }

  public var hasGradient: Bool { arguments.contains { $0.kind == .gradient } }

  /// The positions, among all arguments, of those that a gradient is taken by.
  var differentiable: [Int] {
    arguments.indices.filter {
      switch arguments[$0].kind {
      case .parameter(let type): type.isFloat || type.isInteger
      case .parameters: true
      case .context, .values, .gradient, .count: false
      }
    }
  }
}

public import AttuneCore
import Synchronization

/// A native function as an objective: its argument names are the parameters' names.
///
/// Native functions count as thread-safe; with `threadSafe: false` the calls of all evaluators take
/// turns. An inactive parameter is passed as NaN (`f64`, `f32`), NULL (`cstr`), 0 or false.
public final class NativeObjective: Objective {
  public let description: ObjectiveDescription
  public let function: NativeFunction
  /// Held during calls when the function is not thread-safe: the one lock meant to cover foreign
  /// code.
  fileprivate let turn: Turn?

  fileprivate final class Turn: Sendable {
    let mutex = Mutex<Void>(())
  }

  public init(_ function: NativeFunction, threadSafe: Bool = true, path: String = "") {
    self.function = function
    turn = threadSafe ? nil : Turn()
    var capabilities: ObjectiveDescription.Capabilities = threadSafe ? [.threadSafe] : []
    if function.signature.hasGradient { capabilities.insert(.gradient) }
    description = ObjectiveDescription(
      kind: "native", id: function.name, summary: function.signature.text, path: path,
      capabilities: capabilities)
  }

  /// A symbol of a shared object: `library` is a path with `/`, or a bare name for the loader.
  ///
  /// Without `symbol` the name in the signature counts. The object is never unloaded.
  public convenience init(
    library: String, symbol: String? = nil, signature text: String,
    context: UnsafeMutableRawPointer? = nil, threadSafe: Bool = true
  ) throws(AttuneError) {
    let signature = try NativeSignature(text)
    guard let name = symbol ?? signature.functionName else {
      throw AttuneError(
        .invalidArgument,
        "signature \"\(text)\" has no function name, wanted one as in \"f64 cos(f64 x)\"",
        subject: "signature")
    }
    if let written = signature.functionName, written != name {
      throw AttuneError(
        .invalidArgument, "signature \"\(text)\" names \(written), wanted \(name), the symbol",
        subject: "signature")
    }
    let library = try DynamicLibrary(library)
    let address = uncheckedFunction(try library.symbol(name))
    self.init(
      try NativeFunction(address, name: name, signature: signature, context: context),
      threadSafe: threadSafe, path: library.path)
  }

  public func makeEvaluator(for space: Space, valueCount: Int) throws(AttuneError) -> any Evaluator
  {
    try NativeEvaluator(self, space: space, valueCount: valueCount)
  }
}

/// A symbol's address as the function it is; no type can be checked here.
private func uncheckedFunction(_ address: UnsafeMutableRawPointer) -> @convention(c) () -> Void {
  unsafeBitCast(address, to: (@convention(c) () -> Void).self)
}

extension NativeObjective {
  /// Runs a call in turn where the function needs it.
  func inTurn(_ body: () -> Void) {
    guard let turn else { return body() }
    turn.mutex.withLock { _ in body() }
  }
}

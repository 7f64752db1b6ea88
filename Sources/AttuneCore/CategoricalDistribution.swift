/// One of a list of typed choices.
public struct CategoricalDistribution: Hashable, Sendable {
  public let choices: [Value]
  /// Whether the order of the choices means something (small, medium, large).
  public let ordered: Bool

  /// Checks the choices; `name` is the parameter's, for the error text.
  public init(choices: [Value], ordered: Bool = false, name: String) throws(AttuneError) {
    func refuse(_ message: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "parameter \"\(name)\": \(message)", subject: "space.\(name).choices")
    }
    guard !choices.isEmpty else { throw refuse("choices are empty, wanted at least one") }
    guard choices.count <= Int(Int32.max) else {
      throw refuse("\(choices.count) choices, wanted at most \(Int32.max)")
    }
    for case .float(let number) in choices where !number.isFinite {
      throw refuse("choice \(number), wanted a finite number")
    }
    var seen: [Value: Int] = [:]
    for (index, choice) in choices.enumerated() {
      // 3 and 3.0 are one choice: a caller that asks for a float could not tell them apart.
      let key = choice.kind == .float ? choice.integer.map(Value.int) ?? choice : choice
      if let first = seen.updateValue(index, forKey: key) {
        throw refuse(
          "choice \(choice.quoted) stands at \(first) and \(index), wanted different choices")
      }
    }
    self.choices = choices
    self.ordered = ordered
  }

  /// The index of a choice, numbers compared by size.
  public func index(of value: Value) -> Int? { choices.firstIndex { $0.matches(value) } }
}

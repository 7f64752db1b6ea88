import AttuneCore
import CFFI
import CGuard

/// One worker's calls of a native function: memory for arguments and result, filled anew each time.
final class NativeEvaluator: Evaluator {
  private typealias Loader = (place: UnsafeMutableRawPointer, loader: NativeArgument.Loader)

  private let objective: NativeObjective
  private let space: Space
  private let valueCount: Int
  /// What owns the memory that loaders point to.
  private let arguments: [NativeArgument]
  private let loaders: UnsafeMutableBufferPointer<Loader>
  /// Where the addresses of values and gradient go, if anywhere.
  private let valuesPlace: Int?
  private let gradientPlace: Int?
  /// The parameter of each column of the gradient.
  private let gradientParameters: [Int]
  /// Eight bytes an argument, then two words for the result.
  private let words: UnsafeMutablePointer<UInt64>
  private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let gradient: UnsafeMutableBufferPointer<Double>
  /// The parameters that are passed as an array.
  private let array: UnsafeMutableBufferPointer<UInt64>
  private let call: UnsafeMutablePointer<attune_ffi_call>
  private let resultKind: NativeSignature.Result
  private let caught = CaughtException()

  init(_ objective: NativeObjective, space: Space, valueCount: Int) throws(AttuneError) {
    let function = objective.function
    let signature = function.signature
    guard signature.valueCount == valueCount else {
      throw AttuneError(
        .invalidArgument,
        "\(function.name): signature \"\(signature.text)\" gives \(signature.valueCount) values, "
          + "wanted \(valueCount), one for each direction of the study",
        subject: "signature")
    }
    self.objective = objective
    self.space = space
    self.valueCount = valueCount
    resultKind = signature.result
    let placed = try Self.arguments(of: function, in: space)
    arguments = placed.map(\.argument)
    valuesPlace = signature.arguments.firstIndex { $0.kind == .values(count: valueCount) }
    gradientPlace = signature.arguments.firstIndex { $0.kind == .gradient }
    let places = signature.differentiable
    gradientParameters =
      placed.filter { places.contains($0.place) }.map(\.argument.loader.parameter)

    let count = signature.arguments.count
    words = .allocate(capacity: count + 2)
    words.initialize(repeating: 0, count: count + 2)
    addresses = .allocate(capacity: max(count, 1))
    let arrayPlace = signature.arguments.firstIndex { $0.kind == .parameters }
    let arrayCount = placed.count { $0.place == arrayPlace }
    array = .allocate(capacity: arrayCount)
    array.initialize(repeating: 0)
    for place in 0..<count {
      addresses[place] = UnsafeMutableRawPointer(words + place)
      switch signature.arguments[place].kind {
      case .context: words[place] = UInt64(UInt(bitPattern: function.context))
      case .count: words[place] = UInt64(arrayCount)
      case .parameters: words[place] = UInt64(UInt(bitPattern: array.baseAddress))
      case .parameter, .values, .gradient: break
      }
    }
    loaders = .allocate(capacity: placed.count)
    var next = array.baseAddress
    for (index, (place, argument)) in placed.enumerated() {
      var destination = UnsafeMutableRawPointer(words + place)
      if place == arrayPlace, let element = next {
        destination = UnsafeMutableRawPointer(element)
        next = element + 1
      }
      (loaders.baseAddress.map { $0 + index })?.initialize(to: (destination, argument.loader))
    }
    gradient = .allocate(capacity: gradientPlace == nil ? 0 : valueCount * gradientParameters.count)
    call = .allocate(capacity: 1)
    call.initialize(
      to: attune_ffi_call(
        cif: function.interface, function: function.address, result: words + count,
        arguments: addresses))
  }

  deinit {
    loaders.deallocate()
    words.deallocate()
    addresses.deallocate()
    gradient.deallocate()
    array.deallocate()
    call.deallocate()
  }

  /// The parameters of the space matched with the arguments, one to one.
  private static func arguments(
    of function: NativeFunction, in space: Space
  ) throws(AttuneError) -> [(place: Int, argument: NativeArgument)] {
    var arguments: [(place: Int, argument: NativeArgument)] = []
    var known: [String] = []
    for argument in function.signature.arguments {
      if case .parameter = argument.kind { known.append(argument.name) }
    }
    let others = space.parameters.indices.filter { !known.contains(space.parameters[$0].name) }
    let takesAll = function.signature.arguments.contains { $0.kind == .parameters }
    for (place, argument) in function.signature.arguments.enumerated() {
      if argument.kind == .parameters {
        for index in others {
          let native = try NativeArgument(
            .f64, space.parameters[index], at: index, of: function.name)
          arguments.append((place, native))
        }
      }
      guard case .parameter(let type) = argument.kind else { continue }
      guard let index = space.find(argument.name) else {
        let near = suggestion(for: argument.name, among: space.parameters.map(\.name))
        throw AttuneError(
          .invalidArgument,
          "\(function.name): argument \"\(argument.name)\" is no parameter of the space\(near), "
            + "wanted one of that name",
          subject: "space.\(argument.name)")
      }
      let native = try NativeArgument(type, space.parameters[index], at: index, of: function.name)
      arguments.append((place, native))
    }
    for index in others where !takesAll {
      let parameter = space.parameters[index]
      let list = known.isEmpty ? "it takes none" : "it takes " + known.joined(separator: ", ")
      throw AttuneError(
        .invalidArgument,
        "\(function.name): parameter \"\(parameter.name)\" is no argument of the function"
          + "\(suggestion(for: parameter.name, among: known)); \(list)",
        subject: "space.\(parameter.name)")
    }
    return arguments
  }

  func evaluate(
    _ trial: any EvaluatedTrial, values: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    guard trial.space === space || trial.space == space else {
      return .fail(Failure("\(objective.function.name): the trial is of another space"))
    }
    guard values.count == valueCount, let first = values.baseAddress else {
      return .fail(
        Failure("\(objective.function.name): room for \(values.count) values, wanted \(valueCount)")
      )
    }
    trial.point.readSlots { slots in
      for (place, loader) in loaders {
        loader.type.store(loader.bits(slots[loader.parameter]), at: place)
      }
    }
    if let valuesPlace { words[valuesPlace] = UInt64(UInt(bitPattern: first)) }
    let wantsGradient = gradientPlace != nil && trial.wantsGradient
    if let gradientPlace {
      if wantsGradient { gradient.update(repeating: .nan) }
      words[gradientPlace] = wantsGradient ? UInt64(UInt(bitPattern: gradient.baseAddress)) : 0
    }
    objective.inTurn { attune_guard_call({ attune_ffi_perform($0) }, call, caught.pointer) }
    if let text = caught.take() {
      return .fail(Failure("\(objective.function.name) threw a C++ exception: \(text)"))
    }
    let evaluation = result(first)
    if wantsGradient, let failure = keepGradient(trial) { return .fail(failure) }
    return evaluation
  }

  private func result(_ values: UnsafeMutablePointer<Double>) -> Evaluation {
    switch resultKind {
    case .nothing: return .complete
    case .value(let type):
      values[0] = type.number(at: call.pointee.result)
      return .complete
    case .status:
      let status = Int32(truncatingIfNeeded: call.pointee.result.load(as: UInt.self))
      switch status {
      case 0: return .complete
      case 1: return .pruned
      case 2: return .stop
      default:
        return .fail(Failure("\(objective.function.name) returned status \(status)", code: status))
      }
    }
  }

  /// Hands the gradient over in the order of the space; a failure when it is turned down.
  private func keepGradient(_ trial: any EvaluatedTrial) -> Failure? {
    let columns = gradientParameters.count
    var full = [Double](repeating: .nan, count: valueCount * space.count)
    for value in 0..<valueCount {
      for (column, parameter) in gradientParameters.enumerated() {
        full[value * space.count + parameter] = gradient[value * columns + column]
      }
    }
    do {
      try trial.setGradient(full)
      return nil
    } catch {
      return Failure(
        "\(objective.function.name): gradient: \(error.message)", code: error.code.rawValue)
    }
  }
}

import AttuneCore
import Synchronization

/// What an `attune_space` handle stands for: a space that grows.
final class SpaceBuilder: Handled, Sendable {
  static let kind = HandleKind.space
  private let current: Mutex<Space>

  init(_ space: Space = .empty) { current = Mutex(space) }

  /// The space as it stands.
  var space: Space { current.withLock { $0 } }

  func add(_ name: String, _ distribution: Distribution) throws(AttuneError) {
    let wider = try space.adding(Parameter(name, distribution))
    current.withLock { $0 = wider }
  }

  /// Makes `child` active only while the condition holds too.
  func restrict(_ child: String, _ condition: Condition) throws(AttuneError) {
    let old = space
    let index = try old.index(of: child)
    let parameter = old.parameters[index]
    let narrower = Parameter(
      child, parameter.distribution, when: parameter.conditions + [condition])
    let changed = try old.replacing(index, with: narrower)
    current.withLock { $0 = changed }
  }
}

/// Typed values of a JSON array: `[null, true, 3, 2.5, "rbf"]`.
func values(json text: String, _ argument: String) throws(AttuneError) -> [Value] {
  let json: JSON
  do { json = try JSON(parsing: text) } catch { throw AttuneError(error, in: argument) }
  guard let elements = json.arrayValue else {
    throw AttuneError(
      .invalidArgument, "\(argument) is \(json.kindName), wanted an array", subject: argument)
  }
  var values: [Value] = []
  for (index, element) in elements.enumerated() {
    values.append(try value(element, "\(argument)[\(index)]"))
  }
  return values
}

/// A typed value of JSON text: `0.5`, `"adam"`, `null`.
func value(json text: String, _ argument: String) throws(AttuneError) -> Value {
  let json: JSON
  do { json = try JSON(parsing: text) } catch { throw AttuneError(error, in: argument) }
  return try value(json, argument)
}

private func value(_ json: JSON, _ argument: String) throws(AttuneError) -> Value {
  if case .float(let number) = json, !number.isFinite {
    throw AttuneError(
      .invalidArgument, "\(argument) is \(number), wanted a finite number", subject: argument)
  }
  if let value = Value(json) { return value }
  let found = if case .uint(let number) = json { "\(number)" } else { json.kindName }
  throw AttuneError(
    .invalidArgument, "\(argument) is \(found), wanted null, a bool, an int64, a float or a string",
    subject: argument)
}

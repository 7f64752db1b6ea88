/// Why a text is not JSON: where reading stopped, what was wanted there and what stood there.
///
/// `description` is one line: `line 3, column 14: expected ',' or '}' after a value, found 'x'`.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes before the place.
  public let offset: Int

  /// The line of the place, counted from 1 (or from the first line the reader was given).
  public let line: Int

  /// The column of the place in Unicode scalars, counted from 1.
  public let column: Int

  /// What would have been right, as words that follow "expected".
  public let expected: String

  /// What stood there, as words that follow "found".
  public let found: String

  /// The error without its place: `expected ':' after a key, found '='`.
  public var message: String { "expected \(expected), found \(found)" }

  public var description: String { "line \(line), column \(column): \(message)" }
}

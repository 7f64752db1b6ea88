extension JSON {
  /// How JSON is laid out as text.
  public struct Style: Sendable, Equatable {
    /// Where space goes.
    public enum Layout: Sendable {
      /// None: `{"a":[1,2]}`.
      case compact
      /// One after each comma and colon: `{"a": [1, 2]}`, the look of Python's `json.dumps`.
      case spaced
      /// A line for each element and member, two spaces in for each level.
      case pretty
    }

    public var layout: Layout

    /// Whether characters beyond ASCII are written as `\uXXXX`, as Python does unless told not to.
    public var escapesNonASCII: Bool

    public init(_ layout: Layout, escapesNonASCII: Bool = false) {
      self.layout = layout
      self.escapesNonASCII = escapesNonASCII
    }

    /// Without space, in UTF-8.
    public static let compact = Style(.compact)

    /// Spaced, in UTF-8.
    public static let spaced = Style(.spaced)

    /// Pretty, in UTF-8.
    public static let pretty = Style(.pretty)

    /// The look of Python's `json.dumps`: spaced, in ASCII.
    public static let python = Style(.spaced, escapesNonASCII: true)
  }

  /// The value as UTF-8 bytes of JSON.
  ///
  /// Floats are the shortest text that reads back to the same bits, always with a fraction or an
  /// exponent; those not finite are the bare words NaN, Infinity and -Infinity.
  public func utf8(_ style: Style = .compact) -> [UInt8] {
    var writer = JSONWriter(style)
    writer.write(self)
    return writer.takeBytes()
  }

  /// The value as a text of JSON; see `utf8(_:)`.
  public func text(_ style: Style = .compact) -> String {
    String(decoding: utf8(style), as: UTF8.self)
  }
}

extension JSON: CustomStringConvertible {
  /// The value as spaced JSON.
  public var description: String { text(.spaced) }
}

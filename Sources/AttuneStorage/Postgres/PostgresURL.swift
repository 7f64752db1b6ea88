import AttuneCore

/// Where a PostgreSQL database is, as libpq takes it, and how it is shown.
struct PostgresURL: Sendable {
  let connection: String
  /// Without a password: for error texts.
  let place: String
  /// What must never be shown.
  private let secrets: [String]

  init(_ connection: String, place: String) {
    self.connection = connection
    self.place = place
    let rest = connection.firstRange(ofText: "://").map { connection[$0.upperBound...] } ?? ""
    let (address, query) = Self.cut(rest, at: "?")
    var secrets: [Substring] = []
    // The last @ ends the user: a password that is not escaped may hold one.
    if let at = address.lastIndex(of: "@") {
      secrets += [Self.cut(address[..<at], at: ":").behind].compactMap(\.self)
    }
    for pair in query?.split(separator: "&") ?? [] {
      let (key, value) = Self.cut(pair, at: "=")
      if ["password", "sslpassword"].contains(key.lowercased()), let value {
        secrets.append(value)
      }
    }
    self.secrets = secrets.filter { !$0.isEmpty }.flatMap { [String($0), Self.decoded($0)] }
  }

  /// A text of libpq or the server on one line, without what must not be shown.
  func shown(_ text: String) -> String {
    var text = text
    for secret in secrets.sorted(by: { $0.utf8.count > $1.utf8.count }) {
      text = text.replacing(text: secret, with: "***")
    }
    let lines = text.split(whereSeparator: \.isNewline).map { line in
      String(line.drop { $0.isWhitespace })
    }
    return lines.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private static func cut(
    _ text: Substring, at mark: Character
  ) -> (before: Substring, behind: Substring?) {
    guard let index = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  /// A text with %XX read as bytes.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

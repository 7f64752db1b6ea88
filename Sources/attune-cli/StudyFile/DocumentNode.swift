import AttuneCore

/// A value of a YAML or JSON text that remembers the line it stands on.
struct DocumentNode {
  struct Member {
    let key: String
    let line: Int?
    let value: DocumentNode
  }

  enum Content {
    case scalar(JSON)
    case list([DocumentNode])
    case object([Member])
  }

  let content: Content
  /// Counted from 1; `nil` where the reader does not tell.
  let line: Int?

  var json: JSON {
    switch content {
    case .scalar(let value): return value
    case .list(let items): return .array(items.map(\.json))
    case .object(let members):
      var object = JSON.Object()
      for member in members { object[member.key] = member.value.json }
      return .object(object)
    }
  }

  var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  subscript(key: String) -> DocumentNode? {
    members?.first { $0.key == key }?.value
  }

  /// The words for what stands here, for error texts: `the text "ten"`, `the number 3`, `a list`.
  var found: String {
    switch content {
    case .list: "a list"
    case .object: "a mapping"
    case .scalar(.null): "nothing"
    case .scalar(.string(let text)): "\"\(text)\""
    case .scalar(let value): value.text()
    }
  }
}

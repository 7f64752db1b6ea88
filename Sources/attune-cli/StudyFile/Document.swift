import AttuneCore
import Yams

/// A YAML or JSON text with a name for errors.
struct Document {
  /// What errors call it: a path, or "--space".
  let name: String
  let root: DocumentNode

  /// Aliases may repeat what they name: this many values end the reading of a YAML bomb.
  private static let maximumValues = 1_000_000

  /// Reads a file: JSON where its name ends in .json, otherwise YAML.
  init(file path: String) throws(CommandError) {
    let text = try TextFile.read(path)
    let name = path == "-" ? "standard input" : path
    if path.hasSuffix(".json") {
      try self.init(json: text, name: name)
    } else {
      try self.init(yaml: text, name: name)
    }
  }

  init(json text: String, name: String) throws(CommandError) {
    self.name = name
    let value: JSON
    do {
      value = try JSON(parsing: text)
    } catch {
      throw .usage("\(name): \(error.description)")
    }
    // YAML, which JSON is almost a part of, tells the lines of keys; without it, errors name keys.
    root = Self.node(value, lines: try? compose(yaml: text))
  }

  init(yaml text: String, name: String) throws(CommandError) {
    self.name = name
    do {
      var budget = Self.maximumValues
      guard let node = try compose(yaml: text), let root = Self.node(node, budget: &budget) else {
        throw CommandError.usage("\(name): found an empty text, wanted a mapping")
      }
      guard budget >= 0 else {
        throw CommandError.usage("\(name): more than \(Self.maximumValues) values by aliases")
      }
      self.root = root
    } catch let error as CommandError {
      throw error
    } catch {
      throw .usage(Self.message(error, in: name))
    }
  }

  /// An error that names the file and the line.
  func error(_ message: String, at line: Int?, hint: String? = nil) -> CommandError {
    .usage(name + (line.map { ":\($0)" } ?? "") + ": " + message, hint: hint)
  }

  /// An error for a value that stands under `key`.
  func wanted(_ wanted: String, for key: String, at node: DocumentNode) -> CommandError {
    error("\(key) is \(node.found), wanted \(wanted)", at: node.line)
  }

  /// An error of the engine about a space, with the line of the parameter it names.
  func located(_ failure: AttuneError, in space: DocumentNode) -> CommandError {
    var line = space.line
    for member in space.members ?? [] where failure.subject.hasPrefix("space.\(member.key)") {
      line = member.line
      let rest = failure.subject.dropFirst("space.\(member.key)".count)
      guard rest.isEmpty || rest.hasPrefix(".") else { continue }
      if let key = member.value.members?.first(where: { rest == ".\($0.key)" }) { line = key.line }
      break
    }
    return error(failure.message, at: line)
  }

  private static func node(_ value: JSON, lines: Node?) -> DocumentNode {
    let line = lines?.mark?.line
    switch value {
    case .array(let items):
      let nodes = lines?.sequence.map(Array.init) ?? []
      return DocumentNode(
        content: .list(
          items.enumerated().map { index, item in
            node(item, lines: index < nodes.count ? nodes[index] : nil)
          }), line: line)
    case .object(let object):
      let pairs = lines?.mapping.map(Array.init) ?? []
      let members = object.enumerated().map { index, member in
        let pair = index < pairs.count ? pairs[index] : nil
        return DocumentNode.Member(
          key: member.key, line: pair?.key.mark?.line,
          value: node(member.value, lines: pair?.value))
      }
      return DocumentNode(content: .object(members), line: line)
    default:
      return DocumentNode(content: .scalar(value), line: line)
    }
  }

  /// The node in our words; `nil` when the budget of values is spent.
  private static func node(_ node: Node, budget: inout Int) -> DocumentNode? {
    budget -= 1
    guard budget >= 0 else { return DocumentNode(content: .scalar(.null), line: nil) }
    let line = node.mark?.line
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let value = isPlain ? YAMLScalar.value(of: scalar.string) : .string(scalar.string)
      return DocumentNode(content: .scalar(value), line: line)
    case .sequence(let sequence):
      var items: [DocumentNode] = []
      for item in sequence {
        guard let item = Self.node(item, budget: &budget) else { return nil }
        items.append(item)
      }
      return DocumentNode(content: .list(items), line: line)
    case .mapping(let mapping):
      var members: [DocumentNode.Member] = []
      for (key, value) in mapping {
        guard let value = Self.node(value, budget: &budget) else { return nil }
        members.append(
          DocumentNode.Member(
            key: key.scalar?.string ?? "", line: key.mark?.line, value: value))
      }
      return DocumentNode(content: .object(members), line: line)
    case .alias:
      return nil
    }
  }

  /// What Yams says of a malformed text, in one line.
  private static func message(_ error: any Error, in name: String) -> String {
    guard let error = error as? YamlError else { return "\(name): \(error)" }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return "\(name):\(mark.line): malformed YAML at column \(mark.column): \(problem)"
    case .duplicatedKeysInMapping(let keys, let context):
      let keys = keys.map { "\"\($0)\"" }.joined(separator: ", ")
      return "\(name):\(context.mark.line): \(keys) stands twice, wanted once"
    default:
      let text = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
      return "\(name): malformed YAML: \(text)"
    }
  }
}

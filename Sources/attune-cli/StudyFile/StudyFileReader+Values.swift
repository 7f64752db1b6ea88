import AttuneCore

/// Single values of a study file, with errors that name key, found and wanted.
extension StudyFileReader {
  func text(_ key: String, _ node: DocumentNode) throws(CommandError) -> String {
    switch node.content {
    case .scalar(.string(let text)) where !text.isEmpty: return text
    // `name: 7` means the text.
    case .scalar(.int(let number)): return String(number)
    default: throw document.wanted("a text", for: key, at: node)
    }
  }

  func bool(_ key: String, _ node: DocumentNode) throws(CommandError) -> Bool {
    guard let value = node.json.boolValue else {
      throw document.wanted("true or false", for: key, at: node)
    }
    return value
  }

  func count(_ key: String, _ node: DocumentNode, low: Int) throws(CommandError) -> Int {
    guard let value = node.json.int64Value, let count = Int(exactly: value), count >= low else {
      throw document.wanted("a whole number of \(low) or more", for: key, at: node)
    }
    return count
  }

  /// A limit of trials: a number, or a text with a unit.
  mutating func readLimit(_ key: String, _ node: DocumentNode) throws(CommandError) {
    let written = try measure(key, node, wanted: "a number, or one with a unit")
    do {
      try settings.isolation.set(key, written, of: key)
    } catch {
      throw document.error(error.message, at: node.line)
    }
  }

  func seconds(_ key: String, _ node: DocumentNode) throws(CommandError) -> Double {
    let written = try measure(key, node, wanted: "seconds above 0")
    do {
      return try OptionValue.seconds(written, of: key)
    } catch {
      throw document.error(error.message, at: node.line)
    }
  }

  private func measure(
    _ key: String, _ node: DocumentNode, wanted: String
  ) throws(CommandError) -> String {
    switch node.content {
    case .scalar(.string(let written)): return written
    case .scalar(let value) where value.doubleValue != nil: return value.text()
    default: throw document.wanted(wanted, for: key, at: node)
    }
  }

  func failurePolicy(_ key: String, _ node: DocumentNode) throws(CommandError) -> String {
    let written = try text(key, node)
    do {
      return try OptionValue.failurePolicy(written, of: key)
    } catch {
      throw document.error(error.message, at: node.line)
    }
  }

  /// One text, or a list of them.
  func stopRules(_ key: String, _ node: DocumentNode) throws(CommandError) -> [String] {
    let nodes = if case .list(let items) = node.content { items } else { [node] }
    var rules: [String] = []
    for node in nodes {
      let written = try text(key, node)
      do {
        rules.append(try OptionValue.stopRules(written, of: key))
      } catch {
        throw document.error(error.message, at: node.line)
      }
    }
    return rules
  }

  func choice(
    _ key: String, _ node: DocumentNode, _ names: [String]
  ) throws(CommandError) -> String {
    do {
      return try OptionValue.choice(try text(key, node), of: names, option: key)
    } catch {
      throw error.message.hasPrefix(document.name)
        ? error : document.error(error.message, at: node.line)
    }
  }

  func directions(_ key: String, _ node: DocumentNode) throws(CommandError) -> [Direction] {
    var names: [String] = []
    if case .list(let items) = node.content {
      for item in items { names.append(try text(key, item)) }
    } else {
      names = [try text(key, node)]
    }
    guard !names.isEmpty else {
      throw document.wanted("minimize or maximize", for: key, at: node)
    }
    do {
      return try OptionValue.directions(names, of: key)
    } catch {
      throw document.error(error.message, at: node.line)
    }
  }

  func options(_ key: String, _ node: DocumentNode) throws(CommandError)
    -> [(key: String, value: Value)]
  {
    try values(key, node).map { (key: $0.name, value: $0.value) }
  }

  func values(_ key: String, _ node: DocumentNode) throws(CommandError)
    -> [(name: String, value: Value)]
  {
    guard let members = node.members else {
      throw document.wanted("a mapping", for: key, at: node)
    }
    var values: [(name: String, value: Value)] = []
    for member in members {
      guard let value = Value(member.value.json) else {
        throw document.wanted(
          "nothing, true, false, a number or a text", for: "\(key).\(member.key)",
          at: member.value)
      }
      values.append((member.key, value))
    }
    return values
  }

  /// Points to try first: one mapping, or a list of mappings.
  func points(_ node: DocumentNode) throws(CommandError) -> [[(name: String, value: Value)]] {
    guard case .list(let items) = node.content else { return [try values("enqueue", node)] }
    var points: [[(name: String, value: Value)]] = []
    for item in items { points.append(try values("enqueue", item)) }
    return points
  }

  /// The configuration of a plugin as JSON text: a mapping, or a text that is JSON or a file's path.
  func config(_ node: DocumentNode) throws(CommandError) -> String {
    if case .scalar(.string(let text)) = node.content {
      return try ObjectiveOptions.config(text, in: folder)
    }
    return node.json.text()
  }

  /// A command as a list of arguments, or as a line for the shell.
  func arguments(
    _ node: DocumentNode, shell: Bool?
  ) throws(CommandError) -> (arguments: [String], shell: Bool?) {
    if case .scalar(.string(let line)) = node.content { return ([line], true) }
    guard case .list(let items) = node.content, !items.isEmpty else {
      throw document.wanted("a list of arguments or a line for the shell", for: "command", at: node)
    }
    var arguments: [String] = []
    for item in items {
      switch item.content {
      case .scalar(.string(let text)): arguments.append(text)
      case .scalar(let value) where !value.isNull: arguments.append(value.text())
      default: throw document.wanted("a text", for: "an argument of command", at: item)
      }
    }
    return (arguments, shell)
  }
}

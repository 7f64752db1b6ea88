import AttuneCore

/// A space from a file or a text, in any dialect.
struct SpaceReading {
  let space: Space
  /// What is not done exactly as written.
  let notes: [String]
  /// attune, wandb or optuna.
  let dialect: String

  /// `text` is JSON, or the path of a YAML or JSON file; "-" is standard input.
  init(_ text: String) throws(CommandError) {
    let first = text.first { !$0.isWhitespace }
    if first == "{" {
      try self.init(Document(json: text, name: "--space"))
    } else {
      try self.init(Document(file: text))
    }
  }

  init(_ document: Document) throws(CommandError) {
    guard let members = document.root.members else {
      throw document.wanted("a mapping of parameters", for: "the space", at: document.root)
    }
    if let block = document.root["parameters"], block["type"] == nil {
      var sweep = SweepDialect(document)
      space = try sweep.space(block)
      notes = sweep.notes
      dialect = "wandb"
      return
    }
    // A study file holds its space under a key.
    if let block = document.root["space"], block["type"] == nil,
      members.count > 1 || block.members != nil
    {
      try self.init(block, in: document)
      return
    }
    try self.init(document.root, in: document)
  }

  /// The space that stands at a node of a document.
  init(_ node: DocumentNode, in document: Document) throws(CommandError) {
    guard node.members != nil else {
      throw document.wanted("a mapping of parameters", for: "space", at: node)
    }
    notes = []
    if OptunaDialect.matches(node) {
      let object = try OptunaDialect.translated(node, in: document)
      do { space = try Space(json: object) } catch { throw document.located(error, in: node) }
      dialect = "optuna"
      return
    }
    guard case .object(let object) = node.json else {
      throw document.wanted("a mapping of parameters", for: "space", at: node)
    }
    do { space = try Space(json: object) } catch { throw document.located(error, in: node) }
    dialect = "attune"
  }
}

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
      try self.init(Document(file: text), folder: FilePath.folder(of: text))
    }
  }

  private init(space: Space, notes: [String], dialect: String) {
    self.space = space
    self.notes = notes
    self.dialect = dialect
  }

  init(_ document: Document, folder: String = ".") throws(CommandError) {
    let root = document.root
    guard root.members != nil else {
      throw document.wanted("a mapping of parameters", for: "the space", at: root)
    }
    if let block = root["parameters"], block["type"] == nil {
      var sweep = SweepDialect(document)
      let space = try sweep.space(block)
      self.init(space: space, notes: sweep.notes, dialect: "wandb")
    } else if let block = root["space"], block["type"] == nil {
      // A study file holds its space, or the path of it, under a key.
      if case .scalar(.string(let path)) = block.content {
        try self.init(Document(file: FilePath.joined(path, in: folder)))
      } else {
        try self.init(block, in: document)
      }
    } else {
      try self.init(root, in: document)
    }
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

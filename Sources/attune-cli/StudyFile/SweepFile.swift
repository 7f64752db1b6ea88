import AttuneCore

/// A whole sweep configuration of Weights & Biases as the settings of a run.
struct SweepFile {
  private(set) var settings = RunSettings()
  private let document: Document

  private static let keys = [
    "program", "command", "method", "metric", "parameters", "name", "run_cap", "description",
    "project", "entity", "early_terminate",
  ]

  init(_ document: Document, folder: String) throws(CommandError) {
    self.document = document
    settings.workingDirectory = folder
    var dialect = SweepDialect(document)
    for member in document.root.members ?? [] {
      switch member.key {
      case "parameters": settings.space = try dialect.space(member.value)
      case "method": try readMethod(member)
      case "metric": try readMetric(member)
      case "name": settings.studyName = member.value.json.stringValue
      case "run_cap":
        guard let cap = member.value.json.int64Value, cap > 0 else {
          throw document.wanted("a whole number of 1 or more", for: "run_cap", at: member.value)
        }
        settings.nTrials = Int(cap)
      case "early_terminate":
        settings.notes.append(
          "early_terminate is not used: a command does not report intermediate values")
      case "program", "command", "description", "project", "entity": break
      default:
        throw document.error(
          "unknown key \"\(member.key)\"\(suggestion(for: member.key, among: Self.keys))",
          at: member.line, hint: "parameters: makes this a W&B sweep; a study file has space:")
      }
    }
    settings.notes += dialect.notes
    if let arguments = try command() { settings.source = .command(arguments, shell: false) }
  }

  private mutating func readMethod(_ member: DocumentNode.Member) throws(CommandError) {
    switch member.value.json.stringValue {
    case "grid": settings.strategy = "grid"
    case "random": settings.strategy = "random"
    case "bayes": settings.notes.append("method bayes: the default strategy is used")
    case let name:
      throw document.error(
        "method is \(member.value.found)"
          + suggestion(for: name ?? "", among: ["grid", "random", "bayes"])
          + ", wanted grid, random or bayes", at: member.value.line)
    }
  }

  private mutating func readMetric(_ member: DocumentNode.Member) throws(CommandError) {
    guard let goal = member.value["goal"] else { return }
    do {
      settings.directions = try OptionValue.directions(
        [goal.json.stringValue ?? goal.found], of: "metric.goal")
    } catch {
      throw document.error(error.message, at: goal.line)
    }
  }

  /// The command with W&B's macros written out; `nil` where the sweep has no program.
  private func command() throws(CommandError) -> [String]? {
    let program = document.root["program"]
    let name = program?.json.stringValue
    var template = ["${env}", "${interpreter}", "${program}", "${args}"]
    if let node = document.root["command"] {
      guard case .list(let items) = node.content, !items.isEmpty else {
        throw document.wanted("a list of arguments", for: "command", at: node)
      }
      template = items.map { $0.json.cell }
    } else if name == nil {
      return nil
    }
    let names = settings.space?.parameters.map(\.name) ?? []
    var arguments: [String] = []
    for item in template {
      switch item {
      case "${env}": arguments.append("/usr/bin/env")
      case "${interpreter}": arguments.append("python3")
      case "${program}":
        guard let name else {
          throw document.error("command uses ${program}, but program is missing", at: nil)
        }
        arguments.append(name)
      case "${args}": arguments += names.map { "--\($0)={\($0)}" }
      case "${args_no_hyphens}": arguments += names.map { "\($0)={\($0)}" }
      default:
        if item.hasPrefix("${"), item.hasSuffix("}") {
          throw document.error(
            "command: \(item) is not supported", at: document.root["command"]?.line,
            hint: "use ${args}; parameters also come as JSON on standard input")
        }
        arguments.append(item)
      }
    }
    return arguments
  }
}

import ArgumentParser
import AttuneCore

/// The command `attune`.
struct AttuneCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "attune",
    abstract: "Tune the parameters of plugins, native functions and any program.",
    discussion: """
      Start with one of
        attune run svm.attune.so --n-trials 50
        attune run --native libm.so.6 --call 'f64 cos(f64 x)' \\
            --space '{"x": {"type": "float", "low": 0, "high": 6}}'
        attune run --space space.yaml -- python3 train.py --lr {lr}
        attune run study.yaml

      Results go to standard output, everything else to standard error.

      EXIT STATUS
      \(ExitStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))

      ENVIRONMENT
        ATTUNE_STORAGE      stands in for --storage
        ATTUNE_STUDY        stands in for --study-name
        ATTUNE_SEED         stands in for --seed
        ATTUNE_LIBPQ        file of libpq, where the system does not find it
        ATTUNE_LOG          least level to log: debug, info, warning, error, off
        ATTUNE_PLUGIN_PATH  folders searched for plugins, with : between
        Commands get ATTUNE_TRIAL_NUMBER and ATTUNE_PARAM_<NAME>.

      COMPLETIONS
        attune --generate-completion-script bash|zsh|fish
      """,
    version: version,
    subcommands: [],
    groupedSubcommands: [
      CommandGroup(name: "Tuning", subcommands: [RunCommand.self, WorkerCommand.self]),
      CommandGroup(
        name: "Ask and tell",
        subcommands: [AskCommand.self, TellCommand.self, EnqueueCommand.self]),
      CommandGroup(
        name: "Results",
        subcommands: [
          BestCommand.self, ImportanceCommand.self, TrialsCommand.self, StudiesCommand.self,
          ShowCommand.self, ReportCommand.self, ExportCommand.self, ImportCommand.self,
          ReplayCommand.self,
        ]),
      CommandGroup(
        name: "Storages",
        subcommands: [StorageCommand.self, DeleteStudyCommand.self]),
      CommandGroup(
        name: "What there is",
        subcommands: [
          PluginCommand.self, StrategiesCommand.self, PrunersCommand.self, StopRulesCommand.self,
          SpaceCommand.self, VersionCommand.self, ManualCommand.self,
        ]),
    ])

  /// Runs the command that the arguments name, and reports errors in one line.
  static func execute(_ arguments: [String]) -> ExitStatus {
    do {
      try refuseUnknownCommand(arguments)
      var command = try parseAsRoot(NegativeNumbers.joined(arguments))
      try LogSink.install()
      try command.run()
      return .success
    } catch let error as CommandError {
      StandardStream.error.writeLine(error.line)
      return error.status
    } catch let error as AttuneError {
      let error = CommandError(error)
      StandardStream.error.writeLine(error.line)
      return error.status
    } catch let status as ExitStatus {
      return status
    } catch {
      return report(error)
    }
  }

  /// A misspelt command, which the argument parser would call an unexpected argument.
  private static func refuseUnknownCommand(_ arguments: [String]) throws(CommandError) {
    guard let name = arguments.first, !name.hasPrefix("-"), name != "help" else { return }
    let commands = configuration.subcommands.map { $0.configuration }
    let names = commands.flatMap { [$0.commandName ?? ""] + $0.aliases }
    guard !names.contains(name) else { return }
    if StudyFile.isNamed(name) || name.contains("/") {
      throw .usage("no command \"\(name)\"", hint: "attune run \(name)")
    }
    throw .usage(
      "no command \"\(name)\"\(suggestion(for: name, among: names))", hint: "attune --help")
  }

  /// What the argument parser says: help on standard output, a mistake in one line.
  private static func report(_ error: any Error) -> ExitStatus {
    guard exitCode(for: error) != .success else {
      StandardStream.output.writeLine(
        fullMessage(for: error, columns: min(100, StandardStream.output.columns)))
      return .success
    }
    let message = message(for: error)
    var text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    if text.hasPrefix("Error: ") { text.removeFirst("Error: ".count) }
    // Attune's own suggestions look like this.
    if let place = text.firstRange(of: ". Did you mean ") {
      text.replaceSubrange(place, with: " (did you mean ")
      text += ")"
    }
    let usage = fullMessage(for: error)
    // The parser's usage text ends in "See 'attune run --help' for more information."
    let parts = usage.split(separator: "'", omittingEmptySubsequences: false)
    let help = parts.last { $0.hasPrefix("attune") && $0.contains("help") }.map(String.init)
    let line = CommandError.usage(lowercasedStart(text), hint: help ?? "attune --help")
    StandardStream.error.writeLine(line.line)
    return .usage
  }

  private static func lowercasedStart(_ text: String) -> String {
    (text.first?.lowercased() ?? "") + text.dropFirst()
  }
}

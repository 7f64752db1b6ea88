import ArgumentParser

/// How a run shows that it goes on. All of it goes to standard error.
enum ProgressMode: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// One line that is drawn again and again.
  case bar
  /// A line for each trial, in Optuna's words.
  case lines
  /// A JSON object for each trial, one a line.
  case json
  case none

  /// What suits standard error.
  static var standard: ProgressMode { StandardStream.error.isTerminal ? .bar : .lines }
}

/// What the process answers its caller. Scripts rely on the numbers: they never change.
enum ExitStatus: Int32, CaseIterable, Error {
  case success = 0
  case error = 1
  case usage = 2
  case noResult = 3
  case exhausted = 4
  case hangup = 129
  case interrupted = 130
  case terminated = 143

  /// What the number means, as the help says it.
  var meaning: String {
    switch self {
    case .success: "done"
    case .error: "an error"
    case .usage: "a mistake in the command line, the study file, the space or an option"
    case .noResult: "no trial is COMPLETE, so there is no best one"
    case .exhausted: "ask: every point of the space has been asked"
    case .hangup: "ended by SIGHUP; finished trials are kept"
    case .interrupted: "ended by Ctrl-C (SIGINT); finished trials are kept"
    case .terminated: "ended by SIGTERM; finished trials are kept"
    }
  }

  /// The status after a signal that ended a run.
  init(signal: Int32) {
    self = ExitStatus(rawValue: 128 + signal) ?? .error
  }
}

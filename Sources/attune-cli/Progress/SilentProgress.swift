import Attune
import AttuneCore

/// Shows log messages alone.
final class SilentProgress: ProgressReporter {
  func began(_ run: RunFacts) {}
  func finished(_ trial: TrialRecord, best: BestSoFar, counts: TrialCounts) {}
  func log(_ line: String) { StandardStream.error.writeLine(line) }
  func ended() {}
}

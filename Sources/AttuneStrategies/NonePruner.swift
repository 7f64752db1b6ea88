public import AttuneCore

/// Lets every trial run to its end. No options.
public struct NonePruner: Pruner {
  public static let description = PrunerDescription(
    name: "none", summary: "every trial runs to its end", supportsSeveralObjectives: true)

  public init(directions: [Direction], options: Options) throws(AttuneError) {}

  public func reasonToPrune(_ trial: ReportingTrial, given study: StudyReports) -> String? { nil }
}

import AttuneCore

/// What an `attune_objective` handle stands for.
final class ObjectiveHandle: Handled, Sendable {
  static let kind = HandleKind.objective
  let objective: any Objective

  init(_ objective: any Objective) { self.objective = objective }
}

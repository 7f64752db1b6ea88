/// What survives that a store has taken in.
public enum Durability: String, Sendable, CaseIterable {
  /// The death of every process, but not a loss of power in the next moment.
  case process
  /// A loss of power too; each commit waits for the disk.
  case full
}

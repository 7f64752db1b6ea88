/// What random draws of the strategies are for: the `stream` of their `RandomStream`.
///
/// The numbers are part of what a seed means, so none ever changes or is used again.
enum RandomPurpose {
  /// The value of a parameter, salted by its name.
  static let parameter: UInt32 = 1
  /// The level of a parameter that completes given values in a grid, salted by its name.
  static let gridLevel: UInt32 = 2
  /// The order of a shuffled grid.
  static let gridShuffle: UInt32 = 3
  /// The scrambling of Sobol's sequence.
  static let sobolScramble: UInt32 = 4
  /// The pool of an acquisition's search, and which acquisition.
  static let acquisition: UInt32 = 6
  /// Which arm of a portfolio has a turn.
  static let arm: UInt32 = 7
  /// The pool of the search by which a stop rule judges.
  static let stopping: UInt32 = 8
  /// The trials that a tree of a regression forest is grown from; here the trial is the tree.
  static let bootstrap: UInt32 = 12
  /// Where an inactive parameter stands for a regression forest, salted by its name.
  static let inactive: UInt32 = 13
}

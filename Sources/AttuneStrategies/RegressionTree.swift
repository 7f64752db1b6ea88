import AttuneNumerics

/// A regression tree over a box of numbers in 0...1 and choices, grown until its leaves are pure.
///
/// CART (Breiman and others, 1984) as random forests for fANOVA use it: each split is the one that takes
/// away most of the squared error, numbers split between neighbours, one choice split from the others. No
/// leaf is deeper than 64 splits.
struct RegressionTree {
  /// What one parameter is in each row.
  struct Column {
    /// A number in 0...1, or the index of a choice.
    let values: [Double]
    /// 0 for numbers.
    let choiceCount: Int
  }

  /// What a leaf leaves of a column.
  enum Side {
    case interval(low: Double, high: Double)
    case choices([Bool])

    /// Its share of the column.
    var size: Double {
      switch self {
      case .interval(let low, let high): high - low
      case .choices(let isIn): Double(isIn.count { $0 }) / Double(isIn.count)
      }
    }
  }

  struct Leaf {
    let value: Double
    /// Its share of the whole box.
    let volume: Double
    /// The columns that splits have narrowed.
    let sides: [(column: Int, side: Side)]
  }

  private(set) var leaves: [Leaf] = []
  private let columns: [Column]

  /// Grows a tree. `weights` are how often each row counts; rows of weight 0 count not at all.
  ///
  /// O(rows x columns x depth), after a sort of each column.
  init(columns: [Column], values: [Double], weights: [Double]) {
    self.columns = columns
    var grower = TreeGrower(columns: columns, values: values, weights: weights)
    grower.grow()
    leaves = grower.leaves
  }

  /// The variance of the tree's function over the box, and of its mean over all other columns as a function
  /// of each column alone.
  ///
  /// F. Hutter, H. Hoos, K. Leyton-Brown, "An efficient approach for assessing hyperparameter importance",
  /// ICML 2014, algorithm 2; all columns at once: each leaf adds its part to the steps of the columns that
  /// narrow it. O(leaves x depth).
  var variances: (total: Double, columns: [Double]) {
    let mean = leaves.reduce(0) { $0 + $1.volume * $1.value }
    let total = leaves.reduce(0) { $0 + $1.volume * ($1.value - mean) * ($1.value - mean) }
    var narrowed = [[(side: Side, mass: Double)]](repeating: [], count: columns.count)
    for leaf in leaves {
      // Values count from the mean: leaves that a column does not narrow cancel then as they should.
      let mass = leaf.volume * (leaf.value - mean)
      for (column, side) in leaf.sides { narrowed[column].append((side, mass)) }
    }
    let alone = columns.indices.map { index in
      columns[index].choiceCount > 0
        ? Self.choiceVariance(narrowed[index], count: columns[index].choiceCount)
        : Self.stepVariance(narrowed[index])
    }
    return (total, alone)
  }

  /// All masses sum to 0, so those of leaves that the column does not narrow sum to minus the others'.
  private static func stepVariance(_ parts: [(side: Side, mass: Double)]) -> Double {
    guard !parts.isEmpty else { return 0 }
    var steps: [(place: Double, rise: Double)] = []
    var base = 0.0
    for case (.interval(let low, let high), let mass) in parts {
      let height = mass / (high - low)
      steps += [(low, height), (high, -height)]
      base -= mass
    }
    steps.sort { $0.place < $1.place }
    var (variance, height, place) = (0.0, base, 0.0)
    for step in steps {
      variance += (step.place - place) * height * height
      height += step.rise
      place = step.place
    }
    return variance + (1 - place) * base * base
  }

  private static func choiceVariance(
    _ parts: [(side: Side, mass: Double)], count: Int
  ) -> Double {
    var base = 0.0
    var heights = [Double](repeating: 0, count: count)
    for case (.choices(let isIn), let mass) in parts {
      let height = mass * Double(count) / Double(isIn.count { $0 })
      for choice in isIn.indices where isIn[choice] { heights[choice] += height }
      base -= mass
    }
    return heights.reduce(0) { $0 + ($1 + base) * ($1 + base) } / Double(count)
  }
}

import AttuneNumerics

/// The mixture of a set of kernels over some of its dimensions, kept up to date lane by lane.
///
/// Log densities are relative to the uniform one and lack a constant that is the same for all
/// points and all views of a set. A kernel that lacks a dimension counts as uniform in it.
struct TPEView: Sendable {
  private let smooth: [Int]
  private let categories: [Int]
  private let cells: [Int]
  /// All of these, in the order of a point's numbers.
  private let order: [Int]
  private let width: Int
  private var density: KernelDensity
  private var workspace = KernelDensity.Workspace()
  /// The log weight that each lane's normalisation makes.
  private var bases: [Float] = []
  /// The clock of the kernels when last read.
  private var synced: UInt64 = 0
  private var points: [Float] = []
  private var logs: [KernelDensity.CategoryLogs] = []
  /// Tables by dimension, mean and deviation: most kernels of a dimension share a few.
  private var tables: [[UInt64: [Float]]]

  /// `isActive` tells which dimensions the points have.
  init(_ dimensions: [TPEDimension], isActive: (Int) -> Bool) {
    var (smooth, categories, cells): ([Int], [Int], [Int]) = ([], [], [])
    var levels: [Int] = []
    for (index, dimension) in dimensions.enumerated() where isActive(index) {
      switch dimension.kind {
      case .smooth: smooth.append(index)
      case .category: categories.append(index)
      case .cells(let count):
        cells.append(index)
        levels.append(count)
      }
    }
    (self.smooth, self.categories, self.cells) = (smooth, categories, cells)
    order = smooth + categories + cells
    width = dimensions.count
    tables = Array(repeating: [:], count: cells.count)
    density = KernelDensity(
      shape: .init(numeric: smooth.count, categorical: categories.count, levels: levels))
  }

  /// Reads what changed in `kernels` since the last call, and sets the weight of every lane.
  ///
  /// `logWeights` has one number a lane; `nil` means the prior's weight for lane 0, else 1.
  mutating func read(_ kernels: TPEKernels, logWeights: [Float]?, priorLogWeight: Float) {
    while density.count > kernels.laneCount { density.removeLast() }
    if bases.count > kernels.laneCount { bases.removeLast(bases.count - kernels.laneCount) }
    while density.count < kernels.laneCount {
      density.append(logWeight: 0)
      if bases.count < density.count { bases.append(0) }
      write(density.count - 1, kernels)
    }
    for lane in 0..<kernels.laneCount where kernels.stamps[lane] > synced { write(lane, kernels) }
    synced = kernels.clock
    if let logWeights {
      for lane in 0..<kernels.laneCount {
        density.setLogWeight(bases[lane] + logWeights[lane], of: lane)
      }
    } else {
      density.setLogWeight(bases[0] + priorLogWeight, of: 0)
    }
  }

  private mutating func write(_ lane: Int, _ kernels: TPEKernels) {
    let row = lane * width
    var base = 0.0
    for (variable, index) in smooth.enumerated() {
      base += Double(kernels.logScales[row + index])
      density.setNumeric(
        variable, mean: kernels.means[row + index], deviation: kernels.deviations[row + index],
        of: lane)
    }
    for (variable, index) in categories.enumerated() {
      let isPresent = lane > 0 && kernels.deviations[row + index] > 0
      density.setCategory(
        isPresent ? Int(kernels.means[row + index]) : nil, variable: variable, of: lane)
    }
    for (variable, index) in cells.enumerated() {
      let dimension = kernels.dimensions[index]
      let (mean, deviation) = (kernels.means[row + index], kernels.deviations[row + index])
      let table = deviation > 0 ? table(variable, dimension, mean, deviation) : nil
      density.setTable(table, variable: variable, of: lane)
    }
    bases[lane] = Float(base)
    density.setLogWeight(bases[lane], of: lane)
  }

  private mutating func table(
    _ variable: Int, _ dimension: TPEDimension, _ mean: Float, _ deviation: Float
  ) -> [Float] {
    let key = UInt64(mean.bitPattern) << 32 | UInt64(deviation.bitPattern)
    if let table = tables[variable][key] { return table }
    let table = dimension.logMasses(mean: mean, deviation: deviation)
    // Deviations shrink as trials come; what is outgrown shall not stay for ever.
    if tables[variable].count >= 256 { tables[variable].removeAll(keepingCapacity: true) }
    tables[variable][key] = table
    return table
  }

  /// The log density at each of the `chosen` candidates, whose activity must be the view's.
  ///
  /// Of the `newest` kernels, a lower bound, from which `complete` goes on.
  mutating func logDensities(
    _ candidates: TPECandidates, _ chosen: [Int], _ categoryLogs: [KernelDensity.CategoryLogs],
    newest: Int = .max, into result: inout [Double]
  ) {
    let length = chosen.count * order.count
    if points.count < length { points = Array(repeating: 0, count: length) }
    points.withUnsafeMutableBufferPointer { points in
      var place = 0
      for candidate in chosen {
        let start = candidates.start(candidate)
        for index in order {
          points[place] = candidates.coordinates[start + index]
          place += 1
        }
      }
    }
    if result.count < chosen.count { result = Array(repeating: 0, count: chosen.count) }
    logs = categories.map { categoryLogs[$0] }
    points.withUnsafeBufferPointer { points in
      result.withUnsafeMutableBufferPointer { result in
        density.logDensities(
          points, count: chosen.count, categoryLogs: logs, newest: newest,
          workspace: &workspace, into: result)
      }
    }
  }

  /// The log densities at some `places` of the list of candidates last chosen; sums may end early, as
  /// `KernelDensity.complete` says.
  mutating func complete(_ places: [Int], limits: [Double], into result: inout [Double]) {
    points.withUnsafeBufferPointer { points in
      result.withUnsafeMutableBufferPointer { result in
        density.complete(
          places, of: points, categoryLogs: logs, limits: limits, workspace: &workspace,
          into: result)
      }
    }
  }
}

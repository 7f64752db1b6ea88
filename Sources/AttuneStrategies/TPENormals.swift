import AttuneNumerics

/// The distribution of each numeric dimension of each kernel, kept up to date lane by lane.
struct TPENormals: Sendable {
  /// By lane and dimension; anything for categories and where the kernel lacks the dimension.
  private var normals: [TruncatedNormal] = []
  /// The clock of the kernels when last read.
  private var synced: UInt64 = 0
  /// What stands in lanes and dimensions that hold no kernel; never read.
  private let vacant = TruncatedNormal(mean: 0.5, deviation: 1, low: 0, high: 1)

  subscript(place: Int) -> TruncatedNormal { normals[place] }

  /// Reads what changed in `kernels` since the last call.
  mutating func read(_ kernels: TPEKernels) {
    let width = kernels.dimensions.count
    let wanted = kernels.laneCount * width
    if normals.count > wanted { normals.removeLast(normals.count - wanted) }
    while normals.count < wanted { normals.append(vacant) }
    for lane in 0..<kernels.laneCount where kernels.stamps[lane] > synced {
      for index in 0..<width where kernels.dimensions[index].choiceCount == nil {
        let place = lane * width + index
        guard kernels.deviations[place] > 0 else { continue }
        normals[place] = TruncatedNormal(
          mean: Double(kernels.means[place]), deviation: Double(kernels.deviations[place]), low: 0,
          high: 1)
      }
    }
    synced = kernels.clock
  }
}

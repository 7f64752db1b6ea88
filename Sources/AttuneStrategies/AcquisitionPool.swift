import AttuneCore
import AttuneNumerics

/// The points from which a search of an acquisition starts.
extension AcquisitionSearch {
  /// Points all over the box, around the elite, and one step from the best of it.
  func pool() -> CandidateList {
    var pool = CandidateList(axisCount: model.axes.count)
    pool.reserve(Self.poolSize + 192)
    scatter(into: &pool)
    surround(into: &pool)
    step(into: &pool)
    if model.space.isConstrained { mend(&pool) }
    return pool
  }

  /// Leaves allowed points alone: of those that constraints forbid, some are moved to allowed ones near them.
  private func mend(_ pool: inout CandidateList) {
    var mended = CandidateList(axisCount: model.axes.count)
    mended.reserve(pool.count)
    var repairCount: UInt64 = 0
    for index in 0..<pool.count {
      guard let point = point(at: Array(pool[index])) else { continue }
      if model.space.allows(point) {
        mended.append(pool[index]) { _ in }
      } else if repairCount < Self.repairLimit {
        repairCount += 1
        let near = model.space.repaired(
          point, given: given, stream.substream(salt: repairCount << 8))
        if let near {
          mended.append(model.coordinates(of: near)) { _ in }
        } else {
          repairCount += 31
        }
      }
    }
    pool = mended
  }

  /// All points of a small finite space, in the order of their levels.
  func allPoints() -> CandidateList {
    var pool = CandidateList(axisCount: model.axes.count)
    var levels = [Int](repeating: 0, count: model.axes.count)
    let places = model.axes.indices.map { axis in
      (0..<model.levelCount(axis: axis)).map { model.coordinate(ofLevel: $0, axis: axis) }
    }
    while true {
      pool.append(levels.indices.lazy.map { places[$0][levels[$0]] }) { place in
        if given != nil { model.snap(place, given: given) }
      }
      var axis = 0
      while axis < levels.count {
        levels[axis] += 1
        if levels[axis] < places[axis].count { break }
        levels[axis] = 0
        axis += 1
      }
      if axis == levels.count { return pool }
    }
  }

  private func scatter(into pool: inout CandidateList) {
    let axes = model.axes.indices
    let sequence = SobolSequence(dimensionCount: axes.count, scrambleSeed: stream.bits(at: 0))
    var coordinates = [Double](repeating: 0, count: axes.count)
    for index in 0..<Self.poolSize {
      for axis in axes {
        coordinates[axis] = place(
          sequence.coordinate(index: UInt64(index), dimension: axis), axis)
      }
      pool.append(coordinates) { model.snap($0, given: given) }
    }
  }

  /// A number in 0...1 brought into the box, or to a choice.
  private func place(_ unit: Double, _ axis: Int) -> Double {
    if case .choices(let count) = model.axes[axis].kind {
      return min((unit * Double(count)).rounded(.down), Double(count - 1))
    }
    return box[axis].lowerBound + unit * (box[axis].upperBound - box[axis].lowerBound)
  }

  /// Normal steps from the elite, short and long, each along some of the axes.
  private func surround(into pool: inout CandidateList) {
    let axisCount = model.axes.count
    let share = min(1, 20 / Double(max(axisCount, 1)))
    var draws = stream.substream(salt: 1)
    for (rank, centre) in elite.enumerated() {
      for number in 0..<(rank == 0 ? 48 : 24) {
        let width = [0.5, 0.2, 0.05, 0.01][number % 4]
        var coordinates = centre
        for axis in 0..<axisCount {
          let (chosen, normal) = (draws.nextUnit(), draws.nextUnit())
          if case .choices(let count) = model.axes[axis].kind {
            // One or two choices change on average.
            let flips = chosen < 1.5 / Double(axisCount) * (width > 0.1 ? 1 : 0.5)
            if flips {
              coordinates[axis] = min((normal * Double(count)).rounded(.down), Double(count - 1))
            }
          } else if chosen < share {
            let scale = min(criterion.lengths[axis], 1) * width
            let moved =
              centre[axis] + scale * StandardNormal.quantile(min(max(normal, 1e-9), 1 - 1e-9))
            coordinates[axis] = min(max(moved, box[axis].lowerBound), box[axis].upperBound)
          }
        }
        pool.append(coordinates) { model.snap($0, given: given) }
      }
    }
  }

  /// Every choice and the next levels, one axis at a time, from the best trial.
  private func step(into pool: inout CandidateList) {
    guard let best = elite.first else { return }
    for axis in model.steppedAxes {
      let own = model.level(of: best[axis], axis: axis)
      let count = model.levelCount(axis: axis)
      let isUnordered = axis >= model.orderedCount
      for level in isUnordered ? Array(0..<min(count, 32)) : [own - 1, own + 1] {
        guard level != own, level >= 0, level < count, pool.count < Self.poolSize + 256 else {
          continue
        }
        pool.append(best) { place in
          place[axis] = model.coordinate(ofLevel: level, axis: axis)
          model.snap(place, given: given)
        }
      }
    }
  }
}

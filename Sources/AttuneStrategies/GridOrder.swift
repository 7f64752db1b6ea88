import AttuneCore
import AttuneNumerics

/// The order in which a grid's points are visited, and its inverse.
enum GridOrder: String, Sendable, CaseIterable {
  /// Lexicographic: the last-declared parameter turns fastest.
  case ordered
  /// A random-looking order that the seed chooses.
  case shuffled
  /// A coarse grid around the middle first, then ever finer ones, each completed before the next.
  case coarseToFine = "coarse_to_fine"

  /// Whether the order needs a diagram with counts by stage.
  var isStaged: Bool { self == .coarseToFine }

  /// The point visited at `index`, which must be below the number of points.
  func point(at index: UInt64, in diagram: GridDiagram, seed: UInt64) -> Point {
    let last = diagram.counts.count - 1
    switch self {
    case .ordered:
      return diagram.point(at: index, row: last, refined: false)
    case .shuffled:
      let place = permutation(diagram, seed).forward(index)
      return diagram.point(at: place, row: last, refined: false)
    case .coarseToFine:
      var row = 0
      while row < last, diagram.pointCount(row: row) <= index { row += 1 }
      let before = row == 0 ? 0 : diagram.pointCount(row: row - 1)
      let spread = CoarseToFineOrder(count: diagram.pointCount(row: row) - before)
      return diagram.point(at: spread.forward(index - before), row: row, refined: true)
    }
  }

  /// When a point is visited, or `nil` for one that is not on the grid.
  func index(of point: Point, in diagram: GridDiagram, seed: UInt64) -> UInt64? {
    let last = diagram.counts.count - 1
    switch self {
    case .ordered:
      return diagram.index(of: point, row: last, refined: false)
    case .shuffled:
      return diagram.index(of: point, row: last, refined: false)
        .map { permutation(diagram, seed).inverse($0) }
    case .coarseToFine:
      guard let row = diagram.row(of: point) else { return nil }
      let before = row == 0 ? 0 : diagram.pointCount(row: row - 1)
      guard let index = diagram.index(of: point, row: row, refined: true) else { return nil }
      let spread = CoarseToFineOrder(count: diagram.pointCount(row: row) - before)
      return before + spread.inverse(index)
    }
  }

  private func permutation(_ diagram: GridDiagram, _ seed: UInt64) -> Permutation {
    Permutation(
      count: diagram.pointCount(row: diagram.counts.count - 1),
      key: splitMix64(splitMix64(seed) ^ UInt64(RandomPurpose.gridShuffle)))
  }
}

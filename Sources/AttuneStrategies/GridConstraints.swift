import AttuneCore

/// What the constraints of a space leave while a grid's diagram decides one parameter after the other.
///
/// Of a sum only what the decided terms came to matters; sums that differ by rounding alone count as one.
/// A constraint is dropped as soon as the others can no longer break it.
struct GridConstraints: Sendable {
  /// A constraint that is not settled, at a place of the space's list.
  struct Rest: Sendable, Hashable {
    let place: Int
    /// What the decided terms came to; not a number where no others can make it good. 0 for a forbidden
    /// combination, whose decided parameters have such values.
    let sum: Double
    /// The sum in units of what rounding may change.
    private let key: Int64

    init(_ place: Int, sum: Double, unit: Double) {
      self.place = place
      self.sum = sum
      key = sum.isNaN ? .max : Int64((sum / unit).rounded())
    }

    static func == (a: Rest, b: Rest) -> Bool { a.place == b.place && a.key == b.key }

    func hash(into hasher: inout Hasher) {
      hasher.combine(place)
      hasher.combine(key)
    }
  }

  private struct Linear: Sendable {
    /// By parameter.
    let factors: [Int: Double]
    let low: Double
    let high: Double
    let unit: Double
  }

  /// The parameters of each constraint.
  let parameters: [[Int]]
  /// By constraint; `nil` for a forbidden combination.
  private let linear: [Linear?]
  /// By constraint and parameter, the levels that are part of a forbidden combination.
  private let forbidden: [[Int: [Range<UInt64>]]]
  private let parents: [[Int]]
  private let levels: [GridLevels]

  init(_ space: Space, _ levels: [GridLevels]) {
    self.levels = levels
    parents =
      space.isConstrained
      ? space.parameters.map { $0.conditions.compactMap { space.find($0.parent) } } : []
    parameters = space.constraints.indices.map { space.parameters(ofConstraint: $0) }
    var linear: [Linear?] = []
    var forbidden: [[Int: [Range<UInt64>]]] = []
    for (place, constraint) in space.constraints.enumerated() {
      switch constraint {
      case .linear(let terms, let atLeast, let atMost):
        let factors = Dictionary(uniqueKeysWithValues: zip(parameters[place], terms.map(\.factor)))
        let size = factors.reduce(max(atLeast?.magnitude ?? 0, atMost?.magnitude ?? 0)) {
          size, term in
          let ends = levels[term.key].ends
          return size + term.value.magnitude * max(ends.low.magnitude, ends.high.magnitude)
        }
        let (low, high) = space.bounds(ofConstraint: place)
        // A quarter of what the constraint forgives a term.
        linear.append(
          Linear(factors: factors, low: low, high: high, unit: size > 0 ? 5e-16 * size : 1))
        forbidden.append([:])
      case .forbidden(let clauses):
        linear.append(nil)
        forbidden.append(
          Dictionary(
            uniqueKeysWithValues: zip(parameters[place], clauses).map { index, clause in
              (index, levels[index].passing(clause.test))
            }))
      }
    }
    self.linear = linear
    self.forbidden = forbidden
  }

  /// The constraints before anything is decided; `nil` when no point can keep to them.
  func all(deciding possible: [Int]) -> [Rest]? {
    var left: [Rest] = []
    for place in parameters.indices {
      switch settled(place, sum: 0, parameters[place]) {
      case .holds: continue
      case .isBroken: return nil
      case .isOpen(let rest): left.append(rest)
      }
    }
    return left
  }

  private enum Settling {
    case holds
    case isBroken
    case isOpen(Rest)
  }

  /// How a constraint stands whose parameters `open` are to decide.
  private func settled(_ place: Int, sum: Double, _ open: [Int]) -> Settling {
    guard let linear = linear[place] else {
      return open.isEmpty ? .isBroken : .isOpen(Rest(place, sum: 0, unit: 1))
    }
    let (least, most) = reach(open, linear)
    if sum + least >= linear.low, sum + most <= linear.high { return .holds }
    if sum + most >= linear.low, sum + least <= linear.high, !open.isEmpty {
      return .isOpen(Rest(place, sum: sum, unit: linear.unit))
    }
    // A parameter that turns out inactive takes the constraint with it.
    let mayVanish = open.contains { !parents[$0].isEmpty }
    return mayVanish ? .isOpen(Rest(place, sum: .nan, unit: linear.unit)) : .isBroken
  }

  /// The least and the largest sum of terms.
  private func reach(_ open: [Int], _ linear: Linear) -> (least: Double, most: Double) {
    var (least, most) = (0.0, 0.0)
    for parameter in open {
      let factor = linear.factors[parameter] ?? 0
      let ends = levels[parameter].ends
      let (a, b) = (factor * ends.low, factor * ends.high)
      least += min(a, b)
      most += max(a, b)
    }
    return (least, most)
  }

  /// What is left after `root` has level `level`; `nil` when a constraint is broken. `possible` are the
  /// parameters still to decide, `gone` those that have become inactive.
  func rests(
    after root: Int, at level: UInt64, _ rests: [Rest], deciding possible: [Int], gone: Set<Int>
  ) -> [Rest]? {
    var left: [Rest] = []
    for rest in rests {
      let place = rest.place
      guard !parameters[place].contains(where: gone.contains) else { continue }
      guard parameters[place].contains(root) else {
        left.append(rest)
        continue
      }
      let open = parameters[place].filter { possible.contains($0) }
      var sum = rest.sum
      if let linear = linear[place] {
        sum += (linear.factors[root] ?? 0) * levels[root].number(at: level)
      } else if !(forbidden[place][root]?.contains { $0.contains(level) } ?? false) {
        continue
      }
      switch settled(place, sum: sum, open) {
      case .holds: continue
      case .isBroken: return nil
      case .isOpen(let rest): left.append(rest)
      }
    }
    return left
  }

  /// Ranges of levels of `root`: between their ends all levels leave the same.
  func cuts(of root: Int, _ rests: [Rest], among members: [Int]) throws(AttuneError)
    -> [[Range<UInt64>]]
  {
    var cuts: [[Range<UInt64>]] = []
    for rest in rests where parameters[rest.place].contains(root) {
      guard let linear = linear[rest.place] else {
        cuts.append(forbidden[rest.place][root] ?? [])
        continue
      }
      let open = parameters[rest.place].filter { $0 != root && members.contains($0) }
      let (least, most) = reach(open, linear)
      let factor = linear.factors[root] ?? 0
      // Where the others can make it good, and where they cannot make it bad.
      let good = levels[root].levels(
        from: linear.low - most, to: linear.high - least, factor: factor, offset: rest.sum)
      let safe = levels[root].levels(
        from: linear.low - least, to: linear.high - most, factor: factor, offset: rest.sum)
      let singles =
        safe.isEmpty
        ? [good] : [good.lowerBound..<safe.lowerBound, safe.upperBound..<good.upperBound]
      let singleCount = singles.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
      guard singleCount <= UInt64(GridDiagramBuilder.workLimit) else {
        throw AttuneError(
          .notSupported,
          "strategy grid: constraint \(rest.place) shares a parameter with \(levels[root].count)"
            + " values, wanted at most \(GridDiagramBuilder.workLimit); use random or sobol, or a"
            + " larger step", subject: "space.\(SpaceConstraint.key)[\(rest.place)]")
      }
      cuts.append([good, safe])
      for range in singles { cuts.append(range.map { $0..<($0 + 1) }) }
    }
    return cuts
  }
}

extension GridLevels {
  /// The least and the largest number among the levels.
  var ends: (low: Double, high: Double) { (number(at: 0), number(at: count - 1)) }

  /// The levels for which offset + factor × number lies in a range; empty for an offset of NaN.
  fileprivate func levels(
    from low: Double, to high: Double, factor: Double, offset: Double
  ) -> Range<UInt64> {
    let lower = first { level in
      let sum = offset + factor * number(at: level)
      return factor > 0 ? sum >= low : sum <= high
    }
    let upper = first { level in
      let sum = offset + factor * number(at: level)
      return factor > 0 ? sum > high : sum < low
    }
    return lower..<max(lower, upper)
  }
}

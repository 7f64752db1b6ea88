import AttuneCore

/// What serves a study by models of its objectives: which portfolio, by how many objectives there are.
enum ModelEngine: Sendable {
  case portfolio(Portfolio)
  case front(FrontPortfolio)
  /// Of more objectives than processes serve together.
  case tpe(TPEStrategy)
  case none

  init(
    space: Space, directions: [Direction], settings: Schedule.Settings, options: Options
  ) throws(AttuneError) {
    let warp = ModelOptions.warp(options)
    switch directions.count {
    case ...1:
      self = .portfolio(
        try Portfolio(
          space: space, direction: directions.first ?? .minimize, settings: settings, warp: warp))
    case ...HypervolumeArm.objectiveLimit:
      self = .front(
        try FrontPortfolio(space: space, directions: directions, settings: settings, warp: warp))
    default: self = .tpe(try TPEStrategy(space: space, directions: directions, options: .none))
    }
  }

  mutating func propose(_ request: Request, given history: History) -> Point? {
    switch self {
    case .portfolio(var portfolio):
      // Out of the enumeration while it changes, so that nothing is copied.
      self = .none
      defer { self = .portfolio(portfolio) }
      return portfolio.propose(request, given: history)
    case .front(var front):
      self = .none
      defer { self = .front(front) }
      return front.propose(request, given: history)
    case .tpe(var tpe):
      self = .none
      defer { self = .tpe(tpe) }
      return tpe.propose(request, given: history)
    case .none: return nil
    }
  }
}

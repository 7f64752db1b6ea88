/// What databases say differently, in one place each.
protocol SQLDialect: Sendable {
  /// The database's name, for people.
  var name: String { get }

  /// The tables of Optuna's schema with its enum types and indexes, exactly as Optuna makes them.
  var optunaTables: String { get }

  /// The `attune_*` tables beside them.
  var attuneTables: String { get }

  /// A query that gives the names of the tables there are.
  var tableNames: String { get }

  /// A statement whose rows tell of damage, or say "ok"; `nil` where the database looks after itself.
  var integrityCheck: String? { get }

  /// A condition: whether a whole number is in the parameter, which is a list of them in JSON.
  func isListed(_ number: String, in parameter: String) -> String

  /// What follows a query to shut others out of its rows until the transaction ends.
  var lockingRows: String { get }

  /// An expression for the database's clock, as Optuna writes heartbeats by it.
  var now: String { get }

  /// Whether workers may be on machines that cannot see each other's processes, and must give signs of
  /// life.
  var needsHeartbeats: Bool { get }

  /// An expression for the seconds that have gone by on that clock since a time.
  func secondsSince(_ time: String) -> String
}

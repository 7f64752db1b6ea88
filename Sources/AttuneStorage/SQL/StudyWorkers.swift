import AttuneCore

/// Who works on a study, and who of them is dead.
///
/// On one machine a worker is dead when its process is gone. Elsewhere, when it has not given a sign of
/// life for long, by the clock of the database alone.
struct StudyWorkers {
  /// A worker gives a sign of life this often.
  static let beatSeconds = 15.0
  /// One that gave none for so long counts as dead.
  static let graceSeconds = 90.0
  /// Looking for dead workers costs a query for each: not at every ask.
  private static let pauseMicroseconds: Int64 = 1_000_000

  private let connection: any SQLConnection
  private let study: Int64
  private let ownsTrials: Bool
  /// This worker's id, once it has claimed.
  private(set) var me: Int64?
  private var isRecorded = false
  private var nextLook: Int64 = 0

  init(_ connection: any SQLConnection, study: Int64, ownsTrials: Bool) {
    self.connection = connection
    self.study = study
    self.ownsTrials = ownsTrials
  }

  /// The worker for events that claim; recorded at its first.
  mutating func worker(claiming events: [StudyEvent]) throws(AttuneError) -> Int64? {
    guard ownsTrials else { return nil }
    if let me { return me }
    let isClaim = events.contains { event in
      switch event {
      case .claimed, .reissued, .resumed: true
      default: false
      }
    }
    guard isClaim else { return nil }
    let identity = ProcessIdentity.current
    me = try connection.int(
      "INSERT INTO attune_workers (study_id, host, boot, pid, process_start, heartbeat) "
        + "VALUES ($1, $2, $3, $4, $5, \(connection.dialect.now)) RETURNING worker_id",
      [
        .int(study), .text(identity.host), .text(identity.boot), .int(identity.pid),
        .int(identity.start),
      ])
    return me
  }

  /// The transaction that may have recorded this worker came to nothing, or to something.
  mutating func ended(committed: Bool) {
    if committed { isRecorded = me != nil } else if !isRecorded { me = nil }
  }

  /// The trials among those open whose workers are dead.
  mutating func orphans(among rows: StudyRows) throws(AttuneError) -> [Orphan] {
    let owners = Set(rows.open.values.compactMap(\.worker)).subtracting([me].compactMap { $0 })
    guard !owners.isEmpty else { return [] }
    let now = currentMicroseconds()
    guard now >= nextLook || now < nextLook - Self.pauseMicroseconds else { return [] }
    let living = try living(among: owners.union(rows.lastClaims.keys))
    let dead = owners.subtracting(living)
    guard !dead.isEmpty else {
      nextLook = now + Self.pauseMicroseconds
      return []
    }
    let isAlone = living.subtracting([me].compactMap { $0 }).isEmpty
    var orphans: [Orphan] = []
    for (number, trial) in rows.open.sorted(by: { $0.key < $1.key }) {
      guard let worker = trial.worker, dead.contains(worker) else { continue }
      let othersWentOn = rows.lastClaims.contains { $0.key != worker && $0.value > trial.claim }
      orphans.append(Orphan(number: number, canGoOn: isAlone && !othersWentOn))
    }
    return orphans
  }

  private func living(among workers: Set<Int64>) throws(AttuneError) -> Set<Int64> {
    let mine = ProcessIdentity.current
    let dialect = connection.dialect
    var living: Set<Int64> = []
    try connection.run(
      "SELECT worker_id, host, boot, pid, process_start, \(dialect.secondsSince("heartbeat")) "
        + "FROM attune_workers WHERE study_id = $1 AND \(dialect.isListed("worker_id", in: "$2"))",
      [.int(study), .list(workers)]
    ) { row in
      let process = ProcessIdentity(
        host: row.text(1) ?? "", boot: row.text(2) ?? "", pid: row.int(3) ?? 0,
        start: row.int(4) ?? 0)
      // Whoever gives no signs and cannot be seen, as from another container, is left alone.
      let isBeating = !dialect.needsHeartbeats || (row.double(5) ?? .infinity) < Self.graceSeconds
      if process.isAlive(seenFrom: mine) ?? isBeating { living.insert(row.int(0) ?? 0) }
    }
    return living
  }

  /// Gives a sign of life for this worker and, in Optuna's table, for the trials it runs.
  func beat(for rows: StudyRows) throws(AttuneError) {
    guard let me, isRecorded else { return }
    let now = connection.dialect.now
    try connection.run(
      "UPDATE attune_workers SET heartbeat = \(now) WHERE worker_id = $1", [.int(me)])
    for (number, trial) in rows.open where trial.worker == me {
      try connection.run(
        "INSERT INTO trial_heartbeats (trial_id, heartbeat) VALUES ($1, \(now)) "
          + "ON CONFLICT (trial_id) DO UPDATE SET heartbeat = excluded.heartbeat",
        [.int(rows.trialIDs[number])])
    }
  }
}

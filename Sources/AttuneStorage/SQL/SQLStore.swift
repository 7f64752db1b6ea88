import AttuneCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One study of a database.
///
/// The log of events (`attune_events`) is the truth, and what is read; Optuna's tables are written in
/// the same transaction. What another program did to those is found inside a transaction and becomes
/// events by whoever sees it first, so that its order is recorded once for all.
///
/// `@unchecked Sendable`: a study calls its store under its own lock, as `StudyStore` promises.
final class SQLStore: StudyStore, @unchecked Sendable {
  private let connection: any SQLConnection
  private let study: Int64
  private let name: String
  /// How the study is recorded: another text, or none, says that it was deleted.
  private let recorded: String
  private let definition: StudyDefinition
  private let rows: StudyRows
  private var workers: StudyWorkers
  /// Used by `waitForOthers` alone.
  private let listener: (any SQLListener)?
  /// What the database said when it was last read; `nil`: read it.
  private var stamp: Int64?
  /// Events that could not be written yet, for want of space say.
  private var unwritten: [StudyEvent] = []
  /// A write whose commit got no answer: how many of the events above it had, and those that are lost with it.
  private var unanswered: (kept: Int, others: [StudyEvent])?
  /// Why nothing more can be read: an event that contradicts those before it.
  private var broken: AttuneError?

  init(
    _ connection: any SQLConnection, study: Int64, _ definition: StudyDefinition,
    recorded: String, ownsTrials: Bool
  ) {
    self.connection = connection
    self.study = study
    name = definition.name
    self.recorded = recorded
    self.definition = definition
    rows = StudyRows(connection, study: study, definition)
    listener = connection.listener()
    workers = StudyWorkers(connection, study: study, ownsTrials: ownsTrials)
  }

  func transact(
    keeps: Bool, take: (StudyEvent) throws(AttuneError) -> Void,
    _ body: () throws(AttuneError) -> [StudyEvent]
  ) throws(AttuneError) {
    if let broken { throw broken }
    // What a body that must not run twice has made: it changed what its study knows.
    var made: [StudyEvent]?
    var isRefused = false
    var attempt = 0
    while true {
      do throws(AttuneError) {
        if let events = try foundInLog() {
          // Those of an earlier call that were not kept are news to the study.
          guard attempt == 0 else { return }
          for event in events { try take(event) }
        }
        try beginUpToDate(take)
        let events: [StudyEvent]
        do throws(AttuneError) {
          if let made { events = made } else { events = try body() }
        } catch {
          isRefused = true
          connection.rollback()
          throw error
        }
        if keeps { made = events }
        return try write(events, keeps: keeps)
      } catch {
        attempt += 1
        if broken == nil, connection.canRetry(attempt: attempt) {
          isRefused = false
          continue
        }
        // Another program took at this moment what was to be claimed: the next look shows it.
        if error.code == .conflict, !isRefused, !keeps, attempt < 3 { continue }
        guard !isRefused, broken == nil else { throw error }
        if keeps, made == nil, error.code == .io || error.code == .storage {
          // What was told must not be lost because the database cannot be had at this moment.
          made = try body()
        }
        return try keep(made ?? [], after: error)
      }
    }
  }

  func orphans() throws(AttuneError) -> [Orphan] { try workers.orphans(among: rows) }

  var hasTrialsOfOthers: Bool {
    rows.open.values.contains { $0.worker != nil && $0.worker != workers.me }
  }

  func isOfOther(_ number: Int) -> Bool {
    guard let worker = rows.open[number]?.worker else { return false }
    return worker != workers.me
  }

  func waitForOthers(seconds: Double) throws(AttuneError) {
    guard let listener else {
      usleep(UInt32(min(seconds, 0.2) * 1e6))
      return
    }
    try listener.wait(for: study, seconds: seconds)
  }

  var beatInterval: Double? {
    connection.dialect.needsHeartbeats ? StudyWorkers.beatSeconds : nil
  }

  var stateFolder: String? {
    connection.file.map { StudyDatabase.stateFolder(of: $0, study: study) }
  }

  func beat() throws(AttuneError) {
    guard workers.me != nil else { return }
    try connection.transaction { () throws(AttuneError) in try workers.beat(for: rows) }
  }

  /// Begins a transaction in which all that others did is taken in.
  private func beginUpToDate(
    _ take: (StudyEvent) throws(AttuneError) -> Void
  ) throws(AttuneError) {
    while true {
      try connection.begin(locking: study)
      do throws(AttuneError) {
        let now = try connection.changeStamp()
        guard now == nil || now != stamp else { return }
        let foreign = try ForeignTrials(
          rows: rows, directionCount: definition.directions.count,
          isDefineByRun: definition.space == nil
        ).changes(try changedTrials(take))
        guard !foreign.events.isEmpty else {
          stamp = now
          return
        }
        // Recorded first, in a transaction of its own, and then read back like everybody's events.
        defer { rows.ended(committed: false) }
        try rows.write(foreign.events, worker: nil, logOnly: true, newTrialIDs: foreign.newIDs)
        try connection.commit()
      } catch {
        connection.rollback()
        throw error
      }
    }
  }

  /// Takes in new events, and gives the rows of trials that are not as the log says.
  private func changedTrials(
    _ take: (StudyEvent) throws(AttuneError) -> Void
  ) throws(AttuneError) -> [ForeignTrials.Found] {
    let news: StudyNews
    do throws(AttuneError) {
      // The whole log is too long to be sorted with the rest.
      if rows.lastEvent == 0 { try rows.readEvents(take) }
      news = try StudyNews(of: rows, recorded: recorded, me: workers.me, take)
    } catch {
      // What came before is taken in, and must not be again.
      if error.code == .storage { broken = error }
      throw error
    }
    guard news.isRecorded else {
      throw AttuneError(
        .notFound, "study \"\(name)\" was deleted from \(connection.place)", subject: name)
    }
    return news.trials
  }

  /// Writes events behind those that were kept, and ends the transaction.
  private func write(_ events: [StudyEvent], keeps: Bool) throws(AttuneError) {
    let all = unwritten + events
    guard !all.isEmpty else {
      // Nothing was written: this only ends the reading.
      connection.rollback()
      return
    }
    do throws(AttuneError) {
      try rows.write(all, worker: try workers.worker(claiming: all))
      try connection.commit()
      ended(committed: true)
      unwritten = []
    } catch {
      if connection.isCommitUnanswered {
        unanswered = keeps ? (all.count, []) : (unwritten.count, events)
      } else {
        ended(committed: false)
      }
      connection.rollback()
      throw error
    }
  }

  private func ended(committed: Bool) {
    rows.ended(committed: committed)
    workers.ended(committed: committed)
    unanswered = nil
  }

  /// The events of a write whose commit got no answer, if it happened, without those that were kept.
  private func foundInLog() throws(AttuneError) -> [StudyEvent]? {
    guard let (kept, others) = unanswered else { return nil }
    let isLogged = try rows.isLogged()
    ended(committed: isLogged)
    guard isLogged else { return nil }
    unwritten.removeFirst(min(kept, unwritten.count))
    return others
  }

  /// Keeps events for a later call, and says so.
  private func keep(_ events: [StudyEvent], after error: AttuneError) throws(AttuneError) {
    unwritten += events
    guard !unwritten.isEmpty else { throw error }
    throw AttuneError(
      error.code, "\(error.message); \(unwritten.count) events are kept and tried again",
      subject: error.subject)
  }
}

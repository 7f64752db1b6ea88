public import AttuneCore

/// Reads the files of Optuna's `JournalFileBackend`, following its rules line by line.
///
/// Identifiers are implicit: the n-th study created, and the n-th trial of all studies. An operation that
/// Optuna refuses (on a finished trial, say) counts as never made. A last line without an end is of a
/// writer that died and does not count, nor does such a line that the next writer went on in.
public struct OptunaJournalReader {
  /// The studies that were not deleted, in the order they were created.
  public var studies: [OptunaStudy] {
    all.indices.filter { !deleted.contains($0) }.map { all[$0] }
  }

  private var all: [OptunaStudy] = []
  private var deleted: Set<Int> = []
  /// By study: the first distribution of each parameter.
  private var kinds: [[String: Distribution]] = []
  /// By trial identifier: its study and its number there.
  private var trials: [(study: Int, number: Int)] = []
  private let naiveTime: (Int64) -> Int64

  /// Whether a file begins as such a journal does.
  public static func matches(_ bytes: [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(of: 0x0A) else { return false }
    return (try? JSON(parsing: bytes[..<end]))?["op_code"] != nil
  }

  /// Reads a whole file; `naiveTime` gives the UTC time of a local one, as Optuna 4 wrote them.
  public init(
    _ bytes: [UInt8], path: String, naiveTime: @escaping (Int64) -> Int64
  ) throws(AttuneError) {
    self.naiveTime = naiveTime
    var start = 0
    var line = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      line += 1
      do throws(AttuneError) {
        try apply(try Self.record(bytes[start..<end], line))
      } catch {
        throw AttuneError(
          .storage, "\(path): line \(line): \(error.message)", subject: path)
      }
      start = end + 1
    }
    if start < bytes.count {
      Logger.enqueue(
        .warning, component: "storage",
        "\(path): left out \(bytes.count - start) bytes of a line that was not finished")
    }
  }

  /// The record of a line; behind a torn one, the whole record that follows it there.
  private static func record(_ line: ArraySlice<UInt8>, _ number: Int) throws(AttuneError) -> JSON {
    do {
      return try JSON(parsing: line, firstLine: number)
    } catch {
      for start in line.indices.dropFirst().reversed() where line[start] == 0x7B {
        if let record = try? JSON(parsing: line[start...]), record["op_code"] != nil {
          Logger.enqueue(
            .warning, component: "storage",
            "line \(number): left out \(start - line.startIndex) bytes of a record that was torn")
          return record
        }
      }
      throw AttuneError(.storage, error.description)
    }
  }

  private mutating func apply(_ json: JSON) throws(AttuneError) {
    let record = OptunaJournalRecord(json: json, naiveTime: naiveTime)
    guard let operation = OptunaJournalRecord.Operation(rawValue: try record.int("op_code")) else {
      throw record.refuse("op_code", "0 to 10")
    }
    switch operation {
    case .createStudy: try createStudy(record)
    case .deleteStudy:
      if let study = try existing(record) { deleted.insert(study) }
    case .setStudyUserAttribute:
      guard let study = try existing(record) else { return }
      for (key, value) in try record.object("user_attr") { all[study].userAttributes[key] = value }
    case .setStudySystemAttribute:
      guard let study = try existing(record) else { return }
      for (key, value) in try record.object("system_attr") {
        all[study].systemAttributes[key] = value
      }
    case .createTrial: try createTrial(record)
    case .setTrialStateValues: try setState(record)
    case .setTrialParameter, .setTrialIntermediateValue, .setTrialUserAttribute,
      .setTrialSystemAttribute:
      guard let (study, number) = try updatable(record) else { return }
      try record.change(&all[study].trials[number], operation, kinds: &kinds[study])
    case .discardTrials: break
    }
  }

  private mutating func createStudy(_ record: OptunaJournalRecord) throws(AttuneError) {
    let name = try record.text("study_name")
    guard !studies.contains(where: { $0.name == name }) else { return }
    var directions: [Direction] = []
    for element in try record.array("directions") {
      switch element.int64Value {
      // NOT_SET minimizes, as Optuna's samplers do.
      case 0, 1: directions.append(.minimize)
      case 2: directions.append(.maximize)
      default: throw record.refuse("directions", "an array of 0, 1 and 2")
      }
    }
    guard !directions.isEmpty else { throw record.refuse("directions", "at least one") }
    all.append(OptunaStudy(name: name, directions: directions))
    kinds.append([:])
  }

  private mutating func createTrial(_ record: OptunaJournalRecord) throws(AttuneError) {
    guard let study = try existing(record) else { return }
    let trial = try record.trial()
    let number = all[study].trials.count
    for parameter in trial.parameters where kinds[study][parameter.name] == nil {
      kinds[study][parameter.name] = parameter.distribution
    }
    trials.append((study, number))
    all[study].trials.append(trial)
    if trial.state != .waiting { all[study].order.append(number) }
    if trial.state.isFinished { all[study].order.append(-number - 1) }
  }

  private mutating func setState(_ record: OptunaJournalRecord) throws(AttuneError) {
    guard let (study, number) = try updatable(record) else { return }
    let state = try record.state() ?? .running
    let isWaiting = all[study].trials[number].state == .waiting
    // Popped by another worker already.
    guard state != .running || isWaiting else { return }
    all[study].trials[number].state = state
    if let values = try record.numbers("values") { all[study].trials[number].values = values }
    if state == .running {
      all[study].trials[number].started = try record.time("datetime_start")
    }
    if state != .waiting, isWaiting { all[study].order.append(number) }
    if state.isFinished {
      all[study].trials[number].finished = try record.time("datetime_complete")
      all[study].order.append(-number - 1)
    }
  }

  /// The study of a record; `nil` for one that is deleted or never was.
  private func existing(_ record: OptunaJournalRecord) throws(AttuneError) -> Int? {
    let study = try record.int("study_id")
    return all.indices.contains(study) && !deleted.contains(study) ? study : nil
  }

  /// The trial of a record; `nil` for one that is finished or never was.
  private func updatable(
    _ record: OptunaJournalRecord
  ) throws(AttuneError) -> (study: Int, number: Int)? {
    let identifier = try record.int("trial_id")
    guard trials.indices.contains(identifier) else { return nil }
    let (study, number) = trials[identifier]
    return all[study].trials[number].state.isFinished ? nil : (study, number)
  }
}

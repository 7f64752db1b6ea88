public import AttuneCore
import Synchronization

/// The whole study as text.
extension Study {
  /// The version of the JSON document, raised when a reader of the old one would go wrong.
  static let exportVersion = 1

  /// One JSON document with definition, facts, trials and the order of events.
  public func exportJSON() throws(AttuneError) -> String {
    let table = try trials()
    let (attributes, waiting) = ledger.withLock { ($0.attributes, Array($0.waiting)) }
    var writer = JSONWriter(.spaced, capacity: 256 * (table.count + 4))
    writer.object { document in
      document.member("format", "attune-study")
      document.member("version", Self.exportVersion)
      document.member("study", definition.json(attributes: attributes, space: table.space))
      document.key("trials")
      document.array { array in
        for index in 0..<table.count {
          array.write(table[index].json)
        }
      }
      // Asks as n, ends as -n - 1: what a strategy needs to go on as if nothing had happened.
      document.key("events")
      document.array { array in
        for index in 0..<table.history.eventCount {
          switch table.history.event(index) {
          case .asked(let number): array.write(number)
          case .finished(let number): array.write(-number - 1)
          }
        }
      }
      document.key("waiting")
      document.array { array in
        for params in waiting { array.write(JSON(params: params)) }
      }
    }
    return writer.text + "\n"
  }

  /// A study from a document of `exportJSON`, in a storage, under its own name or another.
  public static func importJSON(
    _ json: String, storage: String?, name: String? = nil
  ) throws(AttuneError) -> Study {
    let document = try JSON.object(parsing: json, what: "study document")
    func refuse(_ key: String, _ found: String, _ wanted: String) -> AttuneError {
      AttuneError(
        .invalidArgument, "study document: \(key) is \(found), wanted \(wanted)", subject: key)
    }
    guard document["format"]?.stringValue == "attune-study" else {
      throw refuse("format", document["format"]?.text() ?? "missing", "\"attune-study\"")
    }
    guard let version = document["version"]?.int64Value, version == Int64(exportVersion) else {
      throw refuse("version", document["version"]?.text() ?? "missing", "\(exportVersion)")
    }
    guard let object = document["study"]?.objectValue else {
      throw refuse("study", document["study"]?.kindName ?? "missing", "an object")
    }
    guard let trials = document["trials"]?.arrayValue else {
      throw refuse("trials", document["trials"]?.kindName ?? "missing", "an array")
    }
    var definition = try StudyDefinition(json: object)
    if let name { definition.name = name }
    let discovered = try object["discovered"]?.objectValue.map { object throws(AttuneError) in
      try Space(json: object)
    }
    let study = try create(definition, storage: storage)
    let reader = ImportReader(study: study, discovered: discovered ?? .empty)
    try reader.read(
      trials, events: document["events"], waiting: document["waiting"],
      attributes: object["attributes"])
    return study
  }
}

/// Turns the trials of a document back into the events that made them.
private struct ImportReader {
  let study: Study
  let discovered: Space

  func read(
    _ trials: [JSON], events: JSON?, waiting: JSON?, attributes: JSON?
  ) throws(AttuneError) {
    var readers: [TrialReader] = []
    for (index, json) in trials.enumerated() {
      guard let object = json.objectValue else {
        throw AttuneError(
          .invalidArgument, "trials[\(index)]: found \(json.kindName), wanted an object")
      }
      readers.append(
        try TrialReader(object, directions: study.directions, what: "trials[\(index)]"))
    }
    var all: [StudyEvent] = []
    for (key, json) in attributes?.objectValue ?? [:] {
      all.append(.attribute(number: nil, key: key, json: json.text(.spaced)))
    }
    all += try trialEvents(readers, order: order(events, readers))
    for json in waiting?.arrayValue ?? [] {
      guard let object = json.objectValue else {
        throw AttuneError(.invalidArgument, "waiting: found \(json.kindName), wanted an object")
      }
      all.append(.enqueued(params: try JSON.values(of: object, what: "waiting")))
    }
    let imported = all
    try study.update { ledger throws(AttuneError) in
      for event in imported { try ledger.apply(event) }
    } events: { imported }
  }

  /// Asks as n and ends as -n - 1, as recorded, or one after another where nothing is.
  private func order(_ json: JSON?, _ readers: [TrialReader]) throws(AttuneError) -> [Int] {
    var order: [Int] = []
    var asked = [Bool](repeating: false, count: readers.count)
    var ended = asked
    for element in json?.arrayValue ?? [] {
      guard let code = element.int64Value.flatMap({ Int(exactly: $0) }), code != .min,
        readers.indices.contains(code >= 0 ? code : -code - 1)
      else {
        throw AttuneError(
          .invalidArgument,
          "events: found \(element.text()), wanted numbers of the \(readers.count) trials")
      }
      let number = code >= 0 ? code : -code - 1
      guard code >= 0 ? !asked[number] : asked[number] && !ended[number] else {
        throw AttuneError(
          .invalidArgument, "events: trial \(number) is asked or ended out of turn")
      }
      if code >= 0 { asked[number] = true } else { ended[number] = true }
      order.append(code)
    }
    for number in readers.indices {
      if !asked[number] { order.append(number) }
      if !ended[number], readers[number].state.isFinished { order.append(-number - 1) }
    }
    return order
  }

  private func trialEvents(
    _ readers: [TrialReader], order: [Int]
  ) throws(AttuneError) -> [StudyEvent] {
    let now = currentMicroseconds()
    var events: [StudyEvent] = []
    var claimed = 0
    for code in order {
      let number = code >= 0 ? code : -code - 1
      // Numbers are claimed in order, whatever the order they were asked in.
      while claimed <= number {
        let reader = readers[claimed]
        events.append(
          .claimed(number: claimed, origin: reader.origin, time: reader.started ?? now))
        claimed += 1
      }
      let reader = readers[number]
      if code >= 0 {
        events.append(.asked(number: number, params: reader.params))
        events += try suggestions(reader, number)
        events += reader.detailEvents(number: number)
      } else {
        events.append(
          .finished(
            number: number, state: reader.state, values: reader.values, failure: reader.failure,
            time: reader.finished ?? now))
      }
    }
    return events
  }

  private func suggestions(
    _ reader: TrialReader, _ number: Int
  ) throws(AttuneError) -> [StudyEvent] {
    guard study.isDefineByRun else { return [] }
    var events: [StudyEvent] = []
    for (name, value) in reader.params {
      let parameter = discovered.parameters[try discovered.index(of: name)]
      events.append(.suggested(number: number, parameter: parameter, value: value))
    }
    return events
  }
}

public import AttuneCore

extension Study {
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
    let reader = ImportReader(definition, discovered: discovered ?? .empty)
    let events = try reader.events(
      trials, order: document["events"], attributes: object["attributes"])
    return try create(definition, events: events, storage: storage)
  }

  /// A study with all that happened in it, in a storage.
  static func create(
    _ definition: StudyDefinition, events: [StudyEvent], storage: String?
  ) throws(AttuneError) -> Study {
    // What makes no study must not leave a trace in the storage.
    var ledger = Ledger(definition)
    for event in events { try ledger.apply(event) }
    let study = try create(definition, storage: storage)
    defer { study.flushLog() }
    var whole: Ledger? = ledger
    try study.update { ledger in
      if let known = whole.take() { ledger = known }
    } events: { _ in
      events
    }
    return study
  }
}

/// Turns the trials of a document back into the events that made them.
private struct ImportReader {
  private let directions: [Direction]
  /// The declared space; `nil` for a define-by-run study.
  private let space: Space?
  private let discovered: Space

  init(_ definition: StudyDefinition, discovered: Space) {
    directions = definition.directions
    space = definition.space
    self.discovered = discovered
  }

  func events(
    _ trials: [JSON], order: JSON?, attributes: JSON?
  ) throws(AttuneError) -> [StudyEvent] {
    let isOrdered = order?.arrayValue != nil
    var readers: [TrialReader] = []
    for (index, json) in trials.enumerated() {
      readers.append(try reader(json, index, isOrdered: isOrdered))
    }
    var all: [StudyEvent] = []
    for (key, json) in attributes?.objectValue ?? [:] {
      all.append(.attribute(number: nil, key: key, json: json.text(.spaced)))
    }
    all += try trialEvents(readers, order: isOrdered ? recorded(order, readers) : plain(readers))
    return all
  }

  private func reader(
    _ json: JSON, _ index: Int, isOrdered: Bool
  ) throws(AttuneError) -> TrialReader {
    let what = "trials[\(index)]"
    guard let object = json.objectValue else {
      throw AttuneError(.invalidArgument, "\(what): found \(json.shown), wanted an object")
    }
    if isOrdered, let number = object["number"], number.int64Value != Int64(index) {
      throw AttuneError(
        .invalidArgument,
        "\(what): number is \(number.shown), wanted \(index), as the events count")
    }
    var reader = try TrialReader(object, directions: directions, space: space, what: what)
    // A trial that failed before it had a point, or is about to get one, has no parameters.
    if reader.state == .waiting {
      if let space { _ = try PartialPoint(reader.params, in: space) }
    } else if let space, !reader.isPointless {
      do throws(AttuneError) {
        _ = try reader.point(in: space, what: what)
      } catch {
        if reader.origin == .foreign {
          reader.isUnfitting = true
          return reader
        }
        let isNamed = error.message.hasPrefix(what)
        throw AttuneError(
          error.code, isNamed ? error.message : "\(what): \(error.message)", subject: error.subject)
      }
    }
    return reader
  }

  /// One trial after another.
  private func plain(_ readers: [TrialReader]) -> [Int] {
    readers.indices.flatMap { number -> [Int] in
      switch readers[number].state {
      case .waiting: []
      case .running: [number]
      case .complete, .pruned, .fail: [number, -number - 1]
      }
    }
  }

  /// Asks as n and ends as -n - 1, as recorded; every trial that is finished ends once.
  private func recorded(_ json: JSON?, _ readers: [TrialReader]) throws(AttuneError) -> [Int] {
    var order: [Int] = []
    var asked = [Bool](repeating: false, count: readers.count)
    var ended = asked
    for element in json?.arrayValue ?? [] {
      guard let code = element.int64Value.flatMap({ Int(exactly: $0) }), code != .min,
        readers.indices.contains(code >= 0 ? code : -code - 1)
      else {
        throw AttuneError(
          .invalidArgument,
          "events: found \(element.shown), wanted numbers of the \(readers.count) trials")
      }
      let number = code >= 0 ? code : -code - 1
      let reader = readers[number]
      let isInTurn =
        code >= 0
        ? !asked[number] && !ended[number] && reader.state != .waiting
        : (asked[number] || reader.isPointless) && !ended[number] && reader.state.isFinished
      guard isInTurn else {
        throw AttuneError(
          .invalidArgument, "events: trial \(number) is asked or ended out of turn")
      }
      if code >= 0 { asked[number] = true } else { ended[number] = true }
      order.append(code)
    }
    for number in readers.indices where !ended[number] {
      if readers[number].state == .waiting { continue }
      // Not among the events, which are what strategies see.
      if readers[number].isUnfitting, !asked[number] {
        order += readers[number].state.isFinished ? [number, -number - 1] : [number]
        continue
      }
      guard asked[number] || readers[number].isPointless, !readers[number].state.isFinished else {
        throw AttuneError(
          .invalidArgument,
          "events: trial \(number) is \(readers[number].state.name), wanted "
            + "\(asked[number] ? "its end" : "it asked") among the events")
      }
    }
    return order
  }

  private func trialEvents(
    _ readers: [TrialReader], order: [Int]
  ) throws(AttuneError) -> [StudyEvent] {
    let now = currentMicroseconds()
    var events: [StudyEvent] = []
    var claimed = 0
    // Numbers are claimed in order, whatever the order they were asked in.
    func claim(upTo number: Int) {
      while claimed <= number {
        let reader = readers[claimed]
        let time = reader.started ?? now
        events.append(
          reader.state == .waiting
            ? .enqueued(number: claimed, params: reader.params, retries: [], time: time)
            : .claimed(number: claimed, origin: reader.origin, time: time))
        claimed += 1
      }
    }
    for code in order {
      let number = code >= 0 ? code : -code - 1
      let reader = readers[number]
      claim(upTo: number)
      if code >= 0 {
        events.append(.asked(number: number, params: reader.params, seen: nil))
        if space == nil { events += try reader.suggestions(number: number, in: discovered) }
        events += reader.detailEvents(number: number)
      } else {
        events.append(
          .finished(
            number: number, state: reader.state, values: reader.values, failure: reader.failure,
            time: reader.finished ?? now))
      }
    }
    claim(upTo: readers.count - 1)
    return events
  }
}

public import AttuneCore
import Synchronization

extension Study {
  /// The same study in another storage, which must have none of its name.
  public func copy(to storage: String) throws(AttuneError) -> Study {
    try Self.create(try currentDefinition(), events: try events(), storage: storage)
  }

  /// The definition, with the ranges that the declared parameters have by now.
  func currentDefinition() throws(AttuneError) -> StudyDefinition {
    var definition = definition
    if !isDefineByRun { definition.space = try trials().space }
    return definition
  }

  /// The events that would make this study again, in the order of its history.
  func events() throws(AttuneError) -> [StudyEvent] {
    let table = try trials()
    var events: [StudyEvent] = attributes.map { key, json in
      .attribute(number: nil, key: key, json: json)
    }
    var claimed = 0
    var asked: Set<Int> = []
    var ended: Set<Int> = []
    // Numbers are claimed in order, whatever the order they were asked in.
    func claim(upTo number: Int) {
      while claimed <= number {
        let record = table[claimed]
        events.append(
          record.state == .waiting
            ? .enqueued(number: claimed, params: record.params, retries: [], time: record.started)
            : .claimed(number: claimed, origin: record.origin, time: record.started))
        claimed += 1
      }
    }
    for index in 0..<table.history.eventCount {
      switch table.history.event(index) {
      case .asked(let number):
        claim(upTo: number)
        asked.insert(number)
        let record = table[number]
        events.append(.asked(number: number, params: record.params, seen: nil))
        if isDefineByRun { events += try record.suggestions(in: table.space) }
        events += record.detailEvents
      case .finished(let number):
        claim(upTo: number)
        ended.insert(number)
        events += end(table[number], wasAsked: asked.contains(number))
      }
    }
    claim(upTo: table.count - 1)
    // What strategies must not learn from is not in the history.
    for index in 0..<table.count where table.state(index).isFinished && !ended.contains(index) {
      events += end(table[index], wasAsked: asked.contains(index))
    }
    // What they keep stays with the study that this is a copy of.
    for number in ledger.withLock({ $0.paused.numbers })
    where number < table.count && table.state(number) == .running {
      events.append(.paused(number: number, time: currentMicroseconds()))
    }
    return events
  }

  private func end(_ record: TrialRecord, wasAsked: Bool) -> [StudyEvent] {
    var events: [StudyEvent] = []
    if !wasAsked {
      // What another program chose stays known, though it is none of this space.
      if record.origin == .foreign, !record.params.isEmpty {
        events.append(.asked(number: record.number, params: record.params, seen: nil))
      }
      events += record.detailEvents
    }
    events.append(
      .finished(
        number: record.number, state: record.state, values: record.values,
        failure: record.failure, time: record.finished))
    return events
  }
}

extension TrialRecord {
  /// What a define-by-run objective asked for.
  fileprivate func suggestions(in space: Space) throws(AttuneError) -> [StudyEvent] {
    try params.map { name, value throws(AttuneError) in
      .suggested(
        number: number, parameter: space.parameters[try space.index(of: name)], value: value)
    }
  }

  /// All that came between ask and tell.
  fileprivate var detailEvents: [StudyEvent] {
    var events: [StudyEvent] = []
    for report in reports.all {
      events.append(.reported(number: number, step: report.step, values: report.values))
    }
    for (key, json) in attributes {
      events.append(.attribute(number: number, key: key, json: json))
    }
    for (name, value) in constraints {
      events.append(.constraint(number: number, name: name, value: value))
    }
    if !gradient.isEmpty { events.append(.gradient(number: number, values: gradient)) }
    return events
  }
}

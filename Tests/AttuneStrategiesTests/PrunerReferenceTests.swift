import AttuneCore
import AttuneStrategies
import Testing

@Suite("Pruners beside Optuna's")
struct PrunerReferenceTests {
  /// A study made up of the events of a case.
  private struct Replay {
    var reports: [Int: Reports] = [:]
    var finished = FinishedReports()

    mutating func end(_ number: Int, _ state: TrialState, _ values: [Double]) {
      let own = reports.removeValue(forKey: number) ?? Reports()
      finished.add(ReportingTrial(number: number, reports: own), state, values: values)
    }

    func reason(_ number: Int, _ pruner: any Pruner) -> String? {
      let running = reports.keys.sorted().map {
        ReportingTrial(number: $0, reports: reports[$0] ?? Reports())
      }
      let own = reports[number] ?? Reports()
      return pruner.reasonToPrune(
        ReportingTrial(number: number, reports: own),
        given: StudyReports(finished: finished, running: running))
    }
  }

  private func options(_ json: JSON) -> [(key: String, value: Value)] {
    (json.objectValue.map(Array.init) ?? []).map { pair in
      (key: pair.key, value: Value(pair.value) ?? .null)
    }
  }

  @Test("decisions are those that Optuna made, trial by trial and report by report")
  func decisions() throws {
    let cases = try #require(try JSON(parsing: PrunerReference.json).arrayValue)
    #expect(cases.count == 18)
    var judged: [String: Int] = [:]
    for (place, element) in cases.enumerated() {
      let fields = try #require(element.arrayValue)
      let name = try #require(fields[0].stringValue)
      let direction = try #require(Direction(name: fields[1].stringValue ?? ""))
      let pruner = try PrunerCatalog.make(
        named: name, directions: [direction], options: options(fields[2]))
      var replay = Replay()
      for event in fields[3].arrayValue ?? [] {
        let parts = try #require(event.arrayValue)
        let number = Int(try #require(parts[0].int64Value))
        if let word = parts[1].stringValue {
          replay.end(
            number, word == "end" ? .complete : .pruned,
            word == "end" ? [parts[2].doubleValue ?? .nan] : [])
          continue
        }
        let step = try #require(parts[1].int64Value)
        replay.reports[number, default: Reports()].add(
          step: step, values: [parts[2].doubleValue ?? .nan])
        let reason = replay.reason(number, pruner)
        let isWanted = parts[3].int64Value == 1
        #expect(
          (reason != nil) == isWanted,
          "case \(place), \(name), trial \(number), step \(step): \(reason ?? "goes on")")
        judged[name, default: 0] += isWanted ? 1 : 0
      }
    }
    #expect(judged.count == 6 && judged.values.allSatisfy { $0 > 10 })
  }
}

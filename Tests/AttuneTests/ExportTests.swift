import Attune
import AttuneCore
import AttuneStrategies
import Testing

@Suite("Export and import")
struct ExportTests {
  /// A study with a trial of every kind, in an order that is not that of the numbers.
  static func busy(
    _ space: String? = Samples.mixed, strategy: String = "random", storage: String? = nil,
    name: String = "busy"
  ) throws -> Study {
    let study = try Samples.study(space, strategy: strategy, seed: 3, storage: storage, name: name)
    try study.setAttribute("note", json: "{\"a\": [1, null, \"é\"]}")
    let open = try study.ask(count: 4)
    for (index, trial) in open.enumerated() where index != 1 {
      if space == nil { _ = try trial.suggestFloat("x", low: 0, high: Double(index + 1)) }
    }
    try open[3].report(step: 2, values: [1])
    try open[3].report(step: 1, values: [.nan])
    try open[3].setAttribute("k", json: "[1.5]")
    try open[3].setConstraint("c", -0.5)
    try study.tell(open[3], values: [.infinity])
    try study.tell(open[0], .fail, reason: "bad, \"very\"\nbad", code: -7)
    try open[2].report(step: 4, values: [0.25])
    try study.tell(open[2], .pruned)
    if space != nil {
      try study.addTrial(
        json:
          #"{"params": {"lr": 0.01, "x": 1, "drop": 0.1, "kernel": 3, "n": 4, "seed": 7}, "value": 2}"#
      )
      try study.enqueue([("x", .float(0.5))])
      try study.step()
      try study.enqueue([("x", .float(-0.5)), ("n", .int(3))])
      try study.enqueue([("n", .int(5))])
    }
    return study
  }

  static func sameTrials(_ a: Study, _ b: Study) throws {
    let (mine, theirs) = (try a.trials().records, try b.trials().records)
    #expect(mine.count == theirs.count)
    for (mine, theirs) in zip(mine, theirs) {
      #expect(mine.json.text() == theirs.json.text())
    }
    #expect(try a.bestTrials().numbers == b.bestTrials().numbers)
    #expect(a.space == b.space)
    #expect(a.attributes.map(\.json) == b.attributes.map(\.json))
  }

  @Test("a study comes back from its document the same, to the text")
  func roundTrip() throws {
    for space in [Samples.mixed, nil] {
      let study = try Self.busy(space)
      let text = try study.exportJSON()
      let copy = try Study.importJSON(text, storage: nil)
      try Self.sameTrials(study, copy)
      #expect(try copy.exportJSON() == text)
      #expect(copy.name == "busy" && copy.seed == 3)
      let renamed = try Study.importJSON(text, storage: nil, name: "other")
      #expect(renamed.name == "other")
    }
  }

  @Test("a document goes through a file and back")
  func throughFile() throws {
    for space in [Samples.mixed, nil] {
      let text = try Self.busy(space).exportJSON()
      let path = try Samples.path()
      _ = try Study.importJSON(text, storage: path)
      #expect(try Study.open(storage: path).exportJSON() == text)
    }
  }

  @Test(
    "an imported study goes on exactly as the one it came from", arguments: StrategyCatalog.names)
  func continuation(strategy: String) throws {
    for space in [Samples.mixed, nil] {
      let isDefineByRun = space == nil
      if isDefineByRun, try !StrategyCatalog.description(named: strategy).supportsDefineByRun {
        continue
      }
      let study = try Self.busy(space, strategy: strategy)
      let copy = try Study.importJSON(study.exportJSON(), storage: nil)
      for _ in 0..<20 {
        let (a, b) = (try study.ask(), try copy.ask())
        if isDefineByRun {
          #expect(
            try a.suggestFloat("x", low: 0, high: 3) == b.suggestFloat("x", low: 0, high: 3))
          #expect(try a.suggestInt("n", low: 0, high: 9) == b.suggestInt("n", low: 0, high: 9))
        }
        #expect(a.paramsJSON == b.paramsJSON)
        #expect(a.seed == b.seed)
        let value = Samples.value(a.params)
        try study.tell(a, values: [value])
        try copy.tell(b, values: [value])
      }
    }
  }

  @Test(
    "what is no document of a study is refused, and leaves nothing in the storage",
    arguments: [
      ("[]", "study document: found [], wanted an object"),
      ("{}", "study document: format is missing, wanted \"attune-study\""),
      (
        #"{"format": "attune-study", "version": 2}"#, "study document: version is 2, wanted 1"
      ),
      (
        #"{"format": "attune-study", "version": 1}"#,
        "study document: study is missing, wanted an object"
      ),
    ])
  func refused(text: String, wanted: String) throws {
    let path = try Samples.path()
    #expect(
      message { () throws(AttuneError) in try Study.importJSON(text, storage: path) } == wanted)
    #expect(
      thrownError { () throws(AttuneError) in try Study.summaries(storage: path) }?.code
        == .notFound)
  }

  @Test(
    "a broken trial in a document is named, and leaves nothing in the storage",
    arguments: [
      (#"[3]"#, "[]", "trials[0]: found 3, wanted an object"),
      (
        #"[{"params": {"x": 9}, "value": 1}]"#, "[]",
        "trials[0]: parameter \"x\": value is 9, wanted -1.0 to 1.0"
      ),
      (#"[{"params": {"y": 0}, "value": 1}]"#, "[]", "trials[0]: no parameter \"y\" in the space"),
      (
        #"[{"params": {}, "value": 1}]"#, "[]",
        "trials[0]: parameter \"x\" has no value, wanted one"
      ),
      (
        #"[{"params": {"x": 0}, "value": 1}]"#, "[1]",
        "events: found 1, wanted numbers of the 1 trials"
      ),
      (
        #"[{"params": {"x": 0}, "value": 1}]"#, "[-9223372036854775808]",
        "events: found -9223372036854775808, wanted numbers of the 1 trials"
      ),
      (
        #"[{"params": {"x": 0}, "value": 1}]"#, "[0, 0]",
        "events: trial 0 is asked or ended out of turn"
      ),
      (
        #"[{"params": {"x": 0}, "state": "RUNNING"}]"#, "[0, -1]",
        "events: trial 0 is asked or ended out of turn"
      ),
      (
        #"[{"params": {"x": 0}, "value": 1, "number": 4}]"#, "[0, -1]",
        "trials[0]: number is 4, wanted 0, as the events count"
      ),
    ])
  func brokenTrials(trials: String, events: String, wanted: String) throws {
    let path = try Samples.path()
    let text = """
      {"format": "attune-study", "version": 1, "study": {"name": "s", "directions": ["minimize"],
       "strategy": "random", "seed": 1, "space": \(Samples.line)}, "trials": \(trials),
       "events": \(events)}
      """
    #expect(
      message { () throws(AttuneError) in try Study.importJSON(text, storage: path) } == wanted)
    #expect(
      thrownError { () throws(AttuneError) in try Study.summaries(storage: path) }?.code
        == .notFound)
  }

  @Test("trials without events are taken one after another, whatever their numbers")
  func withoutEvents() throws {
    let text = """
      {"format": "attune-study", "version": 1, "study": {"name": "s", "directions": ["minimize"],
       "strategy": "random", "seed": 1, "space": \(Samples.line)},
       "trials": [{"number": 9, "params": {"x": 0}, "value": 1}, {"params": {"x": 1}, "value": 0}]}
      """
    let study = try Study.importJSON(text, storage: nil)
    #expect(try study.trials().records.map(\.values) == [[1], [0]])
    #expect(try study.bestTrials().numbers == [1])
  }
}

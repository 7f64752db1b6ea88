import Attune
import AttuneCore
import Testing

@Suite("Trials made elsewhere")
struct AddTrialTests {
  @Test("a finished trial is added with all that is known of it")
  func full() throws {
    let study = try Samples.study(Samples.twelve, directions: [.minimize, .maximize])
    let number = try study.addTrial(
      json: """
        {"state": "COMPLETE", "params": {"a": 1, "b": true, "c": 2}, "values": [1.5, Infinity],
         "intermediate": {"0": [1, 2], "7": [3, 4]}, "attributes": {"host": {"name": "n1"}},
         "constraints": {"mem": -1}, "gradient": [1, 2, 3, 4, 5, 6],
         "datetime_start": "2026-01-02 03:04:05", "datetime_complete": "2026-01-02 03:04:06.5"}
        """)
    #expect(number == 0)
    let record = try study.trials()[0]
    #expect(record.state == .complete)
    #expect(record.origin == .added)
    #expect(record.values == [1.5, .infinity])
    #expect(record.params.map(\.value) == [.int(1), .bool(true), .int(2)])
    #expect(record.reports.all.map(\.values) == [[1, 2], [3, 4]])
    #expect(record.attributes.map(\.json) == ["{\"name\": \"n1\"}"])
    #expect(record.constraints.map(\.value) == [-1])
    #expect(record.gradient == [1, 2, 3, 4, 5, 6])
    #expect(record.duration == 1.5)
    #expect(try study.bestTrials().numbers == [0])
    let next = try study.ask()
    #expect(next.number == 1)
  }

  @Test("what a trial's own JSON says is added as the same trial")
  func roundTrip() throws {
    let study = try Samples.study(Samples.mixed)
    for index in 0..<20 {
      let trial = try study.ask()
      try trial.report(step: Int64(index), values: [Double(index)])
      switch index % 4 {
      case 0: try study.tell(trial, .fail, reason: "r", code: 4)
      case 1: try study.tell(trial, .pruned)
      case 2: try study.tell(trial, .pruned, reason: "why")
      default: try study.tell(trial, values: [Double(index)])
      }
    }
    let copy = try Samples.study(Samples.mixed)
    for record in try study.trials().records { try copy.addTrial(json: record.json.text()) }
    for (a, b) in zip(try study.trials().records, try copy.trials().records) {
      #expect(a.timeless.replacing("strategy", with: "added") == b.timeless)
      #expect(a.started == b.started && a.finished == b.finished)
    }
    #expect(try copy.bestTrials().numbers == study.bestTrials().numbers)
  }

  @Test("the state follows from the values where none is given")
  func states() throws {
    let study = try Samples.study()
    try study.addTrial(json: #"{"params": {"x": 0}, "value": 1}"#)
    try study.addTrial(json: #"{"params": {"x": 0}, "values": [2]}"#)
    try study.addTrial(json: #"{"params": {"x": 0}, "state": "FAIL"}"#)
    try study.addTrial(json: #"{"params": {"x": 0}, "state": "FAIL", "reason": "oom"}"#)
    try study.addTrial(json: #"{"params": {"x": 0}, "state": "PRUNED", "intermediate": {"3": 4}}"#)
    let records = try study.trials().records
    #expect(records.map(\.state) == [.complete, .complete, .fail, .fail, .pruned])
    #expect(records[3].failure?.reason == "oom")
    #expect(records[2].failure?.reason == "no reason given")
    #expect(records[4].values == [4])
  }

  @Test(
    "a malformed trial is refused by name, value found and value wanted, and adds nothing",
    arguments: [
      (#"[]"#, "trial: found [], wanted an object"),
      (
        #"{"param": {}}"#,
        "trial: unknown key \"param\" (did you mean \"params\"?), wanted number, state, params, value, "
          + "values, intermediate, attributes, constraints, gradient, reason, code, origin, "
          + "datetime_start, datetime_complete"
      ),
      (#"{"params": 3, "value": 1}"#, "trial: params is 3, wanted an object"),
      (#"{"params": {}, "value": 1}"#, "trial: parameter \"a\" has no value, wanted one"),
      (
        #"{"params": {"a": 0, "b": true}, "value": 1}"#,
        "trial: parameter \"c\" has no value, wanted one"
      ),
      (
        #"{"params": {"a": 0, "b": false, "c": 1}, "value": 1}"#,
        "trial: parameter \"c\" has a value though it is not active, wanted none"
      ),
      (#"{"params": {"q": 0}, "value": 1}"#, "no parameter \"q\" in the space"),
      (
        #"{"params": {"a": 9, "b": false}, "value": 1}"#,
        "parameter \"a\": value is 9, wanted 0 to 2"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": "x"}"#,
        "trial: value is \"x\", wanted a number, or an array of numbers"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "values": [1, 2]}"#,
        "trial: values is 2 numbers, wanted 1, one per direction"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "values": [1, 2, 3], "state": "PRUNED"}"#,
        "trial: values is 3 numbers, wanted 1, one per direction"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": NaN}"#,
        "trial: values is NaN, wanted numbers, or the state FAIL"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": null}"#,
        "trial: values is missing, wanted 1 numbers, one per direction, or the state FAIL"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "state": "COMPLETE"}"#,
        "trial: values is 0 numbers, wanted 1, one per direction"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "state": "DONE"}"#,
        "trial: state is \"DONE\", wanted one of COMPLETE, PRUNED, FAIL"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "state": "RUNNING"}"#,
        "trial: state is RUNNING, wanted COMPLETE, PRUNED, FAIL"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "intermediate": {"-1": 3}}"#,
        "trial: intermediate is a step \"-1\", wanted steps of 0 or more"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "intermediate": {"1": [3, 4]}}"#,
        "trial: intermediate is 2 numbers at step 1, wanted 1, one per direction"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "constraints": {"m": "x"}}"#,
        "trial: constraints.m is \"x\", wanted a number"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "gradient": [1]}"#,
        "trial: gradient is 1 numbers, wanted 3: values x parameters"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "datetime_start": "yesterday"}"#,
        "trial: datetime_start is \"yesterday\", wanted a time such as 2026-11-23 08:48:51.291000"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "value": 1, "datetime_start": "2026-01-02 ."}"#,
        "trial: datetime_start is \"2026-01-02 .\", wanted a time such as 2026-11-23 08:48:51.291000"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "state": "FAIL", "reason": 3}"#,
        "trial: reason is 3, wanted a string"
      ),
      (
        #"{"params": {"a": 0, "b": false}, "state": "FAIL", "code": "x"}"#,
        "trial: code is \"x\", wanted a whole number of 32 bits"
      ),
    ])
  func refused(json: String, text: String) throws {
    let study = try Samples.study(Samples.twelve)
    #expect(message { () throws(AttuneError) in try study.addTrial(json: json) } == text)
    #expect(study.trialCount == 0)
  }

  @Test("pruned trials with more values than directions never reach other trials")
  func prunedValues() throws {
    let study = try Samples.study()
    try study.tell(study.ask(), values: [1])
    _ = thrownError { () throws(AttuneError) in
      try study.addTrial(
        json: #"{"params": {"x": 0}, "state": "PRUNED", "values": [7, 8, 9, 10]}"#)
    }
    try study.tell(study.ask(), .pruned)
    #expect(try study.trials([.complete])[0].values == [1])
    #expect(try study.trials([.pruned]).records.last?.values == [])
  }

  @Test("added trials do not move the strategy")
  func ordinal() throws {
    for strategy in ["sobol", "grid"] {
      let (study, plain) = (
        try Samples.study(Samples.twelve, strategy: strategy),
        try Samples.study(Samples.twelve, strategy: strategy)
      )
      try study.addTrial(json: #"{"params": {"a": 1, "b": false}, "value": 1}"#)
      for _ in 0..<8 {
        #expect(try plain.step() == study.step())
        try study.addTrial(json: #"{"params": {"a": 1, "b": false}, "value": 1}"#)
      }
    }
  }

  @Test("a define-by-run study takes trials of parameters it has discovered")
  func defineByRun() throws {
    let path = try Samples.path()
    let study = try Samples.study(nil, storage: path)
    let text = #"{"params": {"x": 0.5}, "value": 3}"#
    #expect(
      message { () throws(AttuneError) in try study.addTrial(json: text) }
        == "trial: parameter \"x\" is not discovered yet; a define-by-run study takes only trials "
        + "whose parameters were suggested before")
    let trial = try study.ask()
    _ = try trial.suggestFloat("x", low: 0, high: 1)
    try study.tell(trial, values: [1])
    try study.addTrial(json: text)
    #expect(try study.trials()[1].params.map(\.value) == [.float(0.5)])
    // And they are the same in another process.
    let again = try Study.open(storage: path)
    #expect(try again.trials()[1].timeless == study.trials()[1].timeless)
  }
}

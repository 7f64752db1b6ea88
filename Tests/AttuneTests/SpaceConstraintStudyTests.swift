import Attune
import AttuneCore
import AttuneStrategies
import Testing

@Suite("Studies of spaces with constraints")
struct SpaceConstraintStudyTests {
  /// Of the twelve points of `Samples.twelve`, a = 2 goes with b = false alone, and a + c is at most 2.
  static let eight = #"""
    {"a": {"type": "int", "low": 0, "high": 2},
     "b": {"type": "categorical", "choices": [false, true]},
     "c": {"type": "int", "low": 0, "high": 2, "when": {"b": [true]}},
     "$constraints": [{"forbidden": {"a": 2, "b": true}}, {"linear": {"a": 1, "c": 1}, "at_most": 2}]}
    """#

  @Test(
    "a study that avoids duplicates has every allowed point once, whatever its strategy",
    arguments: StrategyCatalog.names)
  func avoid(strategy: String) throws {
    let study = try Samples.study(Self.eight, strategy: strategy, duplicates: .avoid)
    var seen: Set<String> = []
    for _ in 0..<8 { seen.insert(try study.step()) }
    #expect(
      seen == [
        #"{"a": 0, "b": false}"#, #"{"a": 1, "b": false}"#, #"{"a": 2, "b": false}"#,
        #"{"a": 0, "b": true, "c": 0}"#, #"{"a": 0, "b": true, "c": 1}"#,
        #"{"a": 0, "b": true, "c": 2}"#, #"{"a": 1, "b": true, "c": 0}"#,
        #"{"a": 1, "b": true, "c": 1}"#,
      ])
    let error = thrownError { () throws(AttuneError) in try study.ask() }
    #expect(error?.code == .exhausted)
  }

  @Test(
    "a study goes on after reopening as one that was never closed",
    arguments: StrategyCatalog.names)
  func reopened(strategy: String) throws {
    let space = #"""
      {"x": {"type": "float", "low": 0, "high": 1}, "y": {"type": "float", "low": 0, "high": 1},
       "n": {"type": "int", "low": 0, "high": 9}, "k": {"type": "categorical", "choices": ["a", "b"]},
       "$constraints": [{"linear": {"x": 1, "y": 1}, "at_most": 0.5},
                        {"forbidden": {"k": "a", "n": {"low": 3}}}]}
      """#
    let path = try Samples.path()
    let whole = try Samples.study(space, strategy: strategy)
    var study = try Samples.study(space, strategy: strategy, storage: path)
    for number in 0..<24 {
      if number % 6 == 5 {
        study.close()
        study = try Study.open(storage: path, name: "study")
        #expect(study.space == whole.space && study.space.isConstrained)
      }
      #expect(try study.step() == whole.step(), "\(number)")
    }
    let copy = try Study.importJSON(study.exportJSON(), storage: nil, name: "copy")
    #expect(copy.space == study.space)
    #expect(try copy.step() == study.step())
  }

  @Test("grid ends after the allowed points")
  func gridEnds() throws {
    let study = try Samples.study(Self.eight, strategy: "grid")
    for _ in 0..<8 { try study.step() }
    #expect(thrownError { () throws(AttuneError) in try study.ask() }?.code == .exhausted)
  }

  @Test("what constraints forbid is not enqueued, but added when it was evaluated elsewhere")
  func givenTrials() throws {
    let study = try Samples.study(Self.eight, strategy: "random")
    let whole = thrownError { () throws(AttuneError) in
      try study.enqueue([("a", .int(1)), ("b", .bool(true)), ("c", .int(2))])
    }
    #expect(
      whole?.message
        == #"params: found {"a": 1, "c": 2}, whose sum is 3.0, wanted what constraint 1 allows: "#
        + #"{"linear": {"a": 1.0, "c": 1.0}, "at_most": 2.0}"#)
    let partial = thrownError { () throws(AttuneError) in
      try study.enqueue([("a", .int(2)), ("b", .bool(true))])
    }
    #expect(
      partial?.message
        == #"params that no allowed values of the others were found for: found {"a": 2, "b": true}, "#
        + #"wanted what constraint 0 allows: {"forbidden": {"a": [2], "b": [true]}}"#)
    #expect(study.trialCount == 0)
    try study.enqueue([("a", .int(1)), ("b", .bool(true))])
    #expect(try ["0", "1"].map { #"{"a": 1, "b": true, "c": \#($0)}"# }.contains(study.step()))
    try study.addTrial(json: #"{"params": {"a": 2, "b": true, "c": 2}, "value": -9}"#)
    #expect(study.trialCount == 2)
  }

  @Test("another set of constraints is another space")
  func joining() throws {
    let path = try Samples.path()
    _ = try Samples.study(Self.eight, storage: path)
    _ = try Samples.study(Self.eight, storage: path, loadIfExists: true)
    do {
      _ = try Samples.study(Samples.twelve, storage: path, loadIfExists: true)
      Issue.record("a study without the constraints was loaded")
    } catch let error as AttuneError {
      #expect(
        error.message
          == #"study "study": constraints are none, wanted {"forbidden": {"a": [2], "b": [true]}}, "#
          + #"{"linear": {"a": 1.0, "c": 1.0}, "at_most": 2.0} as recorded"#)
    }
  }
}

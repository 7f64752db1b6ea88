import Attune
import AttuneCore
import AttuneStorage
import AttuneStrategies
import Foundation
import Testing

@Suite("Going on with a study that exists")
struct JoiningTests {
  @Test(
    "an existing study is loaded when it is the same, and refused with the difference otherwise")
  func loadIfExists() throws {
    let path = try Samples.path()
    let study = try Samples.study(Samples.twelve, storage: path)
    try study.step()
    let loaded = try Samples.study(Samples.twelve, storage: path, loadIfExists: true)
    #expect(loaded.trialCount == 1)
    let cases: [(String, [Direction], String)] = [
      (
        Samples.twelve, [.maximize],
        "study \"study\": directions are maximize, wanted minimize as recorded"
      ),
      (
        #"{"a": {"type": "int", "low": 0, "high": 2}}"#, [.minimize],
        "study \"study\": parameter \"b\" of the recorded space is missing"
      ),
      (
        Samples.twelve.replacing("\"high\": 2}", with: "\"high\": 1}"), [.minimize],
        "study \"study\": parameter \"a\" is {\"type\": \"int\", \"low\": 0, \"high\": 1}, wanted "
          + "{\"type\": \"int\", \"low\": 0, \"high\": 2} as recorded"
      ),
      (
        Samples.twelve.dropLast(1) + #", "z": {"type": "fixed", "value": 1}}"#, [.minimize],
        "study \"study\": parameter \"z\" is not in the recorded space"
      ),
    ]
    for (space, directions, text) in cases {
      do {
        _ = try Samples.study(space, directions: directions, storage: path, loadIfExists: true)
        Issue.record("loaded: \(text)")
      } catch let error as AttuneError {
        #expect(error.message == text)
      }
    }
  }

  @Test("a wider range is taken, and every owner goes on in it", arguments: StrategyCatalog.names)
  func widened(strategy: String) throws {
    let path = try Samples.path()
    let narrow = #"{"x": {"type": "float", "low": -1, "high": 1, "step": 0.25}}"#
    let wide = #"{"x": {"type": "float", "low": -2, "high": 6, "step": 0.25}}"#
    let study = try Samples.study(narrow, strategy: strategy, storage: path)
    for _ in 0..<5 { try study.step() }
    let loaded = try Samples.study(wide, strategy: strategy, storage: path, loadIfExists: true)
    #expect(loaded.space.json == (try Space(json: wide)).json)
    for _ in 0..<20 { try loaded.step() }
    for _ in 0..<3 { try study.step() }
    #expect(try study.exportJSON() == loaded.exportJSON())
    let xs = try study.trials().records.compactMap { $0["x"]?.number }
    #expect(xs.count == 28 && xs.prefix(5).allSatisfy { abs($0) <= 1 })
    #expect(xs.contains { abs($0) > 1 })
    #expect(try Study.open(storage: path).exportJSON() == study.exportJSON())
    _ = try Study.importJSON(study.exportJSON(), storage: nil)
    #expect(
      thrownError { () throws(AttuneError) in
        var settings = Study.Settings()
        settings.name = "study"
        settings.space = try Space(json: narrow)
        return try Study.create(settings, storage: path, loadIfExists: true)
      }?.code == .invalidArgument)
  }
}

import AttuneCore
import Testing

@Suite("States and directions")
struct OutcomeTests {
  @Test("states and directions have the field's words, both ways")
  func words() {
    #expect(
      TrialState.allCases.map(\.name) == ["WAITING", "RUNNING", "COMPLETE", "PRUNED", "FAIL"])
    for state in TrialState.allCases { #expect(TrialState(name: state.name) == state) }
    #expect(TrialState(name: "complete") == nil)
    #expect(TrialState.allCases.map(\.isFinished) == [false, false, true, true, true])
    #expect(Direction.allCases.map(\.name) == ["minimize", "maximize"])
    for direction in Direction.allCases { #expect(Direction(name: direction.name) == direction) }
    #expect(Direction(name: "min") == nil)
  }

  @Test("infinities are ranked and NaN is never better")
  func ranking() {
    #expect(Direction.minimize.isBetter(-.infinity, than: 0))
    #expect(Direction.minimize.isBetter(0, than: .infinity))
    #expect(Direction.maximize.isBetter(.infinity, than: 0))
    #expect(!Direction.maximize.isBetter(0, than: 0))
    for direction in Direction.allCases {
      #expect(!direction.isBetter(.nan, than: 0))
      #expect(!direction.isBetter(0, than: .nan))
    }
  }

  @Test("error codes and their names are those of the C header, none twice")
  func codes() {
    let codes = AttuneError.Code.allCases
    #expect(codes.map(\.rawValue) == (1...17).map { Int32(-$0) })
    #expect(Set(codes.map(\.name)).count == codes.count)
    #expect(AttuneError(.exhausted, "text").description == "text")
  }

  @Test("capabilities are named in the order of their bits")
  func capabilities() {
    let all = ObjectiveDescription.Capabilities(rawValue: 255)
    #expect(
      all.names == [
        "thread_safe", "process_only", "deterministic", "gradient", "intermediate", "fidelity",
        "cancel", "pause",
      ])
    #expect(
      ObjectiveDescription.Capabilities([.cancel, .threadSafe]).names == ["thread_safe", "cancel"])
    #expect(ObjectiveDescription(kind: "callback", id: "f").name == "f")
  }
}

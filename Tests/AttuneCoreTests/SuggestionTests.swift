import AttuneCore
import Testing

@Suite("Did you mean")
struct SuggestionTests {
  @Test("the nearest known name is suggested, letter case ignored")
  func nearest() {
    #expect(suggestion(for: "grdi", among: ["random", "grid"]) == " (did you mean \"grid\"?)")
    #expect(suggestion(for: "gird", among: ["random", "sobol"]) == "")
    #expect(suggestion(for: "Grid", among: ["random", "grid"]) == " (did you mean \"grid\"?)")
    #expect(suggestion(for: "randon", among: ["random", "grid"]) == " (did you mean \"random\"?)")
    #expect(
      suggestion(for: "learning_rat", among: ["learning_rate", "rate"])
        == " (did you mean \"learning_rate\"?)")
  }

  @Test("of equally near names the first is suggested")
  func ties() {
    #expect(suggestion(for: "beta0", among: ["beta1", "beta2"]) == " (did you mean \"beta1\"?)")
  }

  @Test("a name that shares nothing with the others gets no suggestion")
  func nothing() {
    #expect(suggestion(for: "x", among: ["y"]) == "")
    #expect(suggestion(for: "", among: ["a", "b"]) == "")
    #expect(suggestion(for: "momentum", among: ["lr", "depth"]) == "")
    #expect(suggestion(for: "lr", among: []) == "")
  }

  @Test("names of any length end in time")
  func long() {
    let long = String(repeating: "a", count: 100_000)
    #expect(suggestion(for: long, among: [long + "b"]) != "")
    #expect(suggestion(for: long, among: ["b"]) == "")
  }
}

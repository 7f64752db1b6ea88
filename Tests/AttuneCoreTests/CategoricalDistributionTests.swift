import AttuneCore
import Testing

@Suite("Categorical distributions")
struct CategoricalDistributionTests {
  @Test("choices of all types stand side by side")
  func types() throws {
    let choices: [Value] = [
      .null, .bool(true), .bool(false), .int(1), .int(0), .float(0.5), .string(""), .string("null"),
      .string("1"), .float(1e300),
    ]
    let categorical = try CategoricalDistribution(choices: choices, name: "k")
    for (index, choice) in choices.enumerated() { #expect(categorical.index(of: choice) == index) }
    #expect(categorical.index(of: .float(1)) == 3)
    #expect(categorical.index(of: .string("true")) == nil)
  }

  @Test("every malformed list of choices is refused")
  func refusals() {
    let cases: [([Value], String)] = [
      ([], "choices are empty, wanted at least one"),
      (
        [.string("a"), .int(1), .string("a")],
        "choice \"a\" stands at 0 and 2, wanted different choices"
      ),
      ([.int(3), .float(3)], "choice 3.0 stands at 0 and 1, wanted different choices"),
      ([.null, .null], "choice null stands at 0 and 1, wanted different choices"),
      ([.float(0), .float(-0.0)], "choice -0.0 stands at 0 and 1, wanted different choices"),
      ([.int(1), .float(.nan)], "choice nan, wanted a finite number"),
      ([.float(.infinity)], "choice inf, wanted a finite number"),
    ]
    for (choices, text) in cases {
      let error = thrownError { () throws(AttuneError) in
        try CategoricalDistribution(choices: choices, name: "k")
      }
      #expect(error?.message == "parameter \"k\": \(text)")
      #expect(error?.subject == "space.k.choices")
    }
  }

  @Test("numbers match by size, everything else by kind and content")
  func matching() {
    #expect(Value.int(3).matches(.float(3)))
    #expect(Value.float(3).matches(.int(3)))
    #expect(!Value.int(1).matches(.bool(true)))
    #expect(!Value.float(0.5).matches(.int(0)))
    #expect(!Value.int(.max).matches(.float(0x1p63)))
    #expect(!Value.string("3").matches(.int(3)))
    #expect(!Value.float(.nan).matches(.float(.nan)))
  }
}

import AttuneNumerics
import Testing

@testable import AttuneCore

@Suite("Constraints of a space")
struct SpaceConstraintTests {
  static let pair = """
    {"x": {"type": "float", "low": 0, "high": 10}, "n": {"type": "int", "low": 0, "high": 5},
     "s": {"type": "float", "low": 0, "high": 1, "step": 0.1},
     "kernel": {"type": "categorical", "choices": ["rbf", "poly"]},
     "degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly"]}},
     "k": {"type": "fixed", "value": 2}
    """

  private func space(_ constraints: String) throws(AttuneError) -> Space {
    try Space(json: Self.pair + #", "$constraints": \#(constraints)}"#)
  }

  private func point(_ json: String, _ space: Space) throws -> Point {
    try #require(space.point(given: PartialPoint(JSON.values(parsing: json, what: "p"), in: space)))
  }

  @Test("sums and combinations are allowed or not, and do not apply to inactive parameters")
  func allows() throws {
    let space = try space(
      #"[{"linear": {"x": 1, "degree": -2, "k": 1}, "at_most": 0, "at_least": -6},"#
        + #" {"forbidden": {"n": {"low": 3}, "s": [0.3, 0.7], "kernel": "rbf"}}]"#)
    let cases = [
      (#"{"x": 8, "n": 0, "s": 0, "kernel": "poly", "degree": 5}"#, true),
      (#"{"x": 8.5, "n": 0, "s": 0, "kernel": "poly", "degree": 5}"#, false),
      (#"{"x": 1, "n": 0, "s": 0, "kernel": "poly", "degree": 5}"#, false),
      (#"{"x": 10, "n": 0, "s": 0, "kernel": "rbf"}"#, true),
      (#"{"x": 10, "n": 3, "s": 0.3, "kernel": "rbf"}"#, false),
      (#"{"x": 10, "n": 2, "s": 0.3, "kernel": "rbf"}"#, true),
      (#"{"x": 8, "n": 3, "s": 0.3, "kernel": "poly", "degree": 5}"#, true),
    ]
    for (json, isAllowed) in cases {
      let point = try point(json, space)
      #expect(space.allows(point) == isAllowed, "\(json)")
      let error = thrownError { () throws(AttuneError) in
        try space.checkAllowed(point, what: "params")
      }
      #expect((error == nil) == isAllowed)
    }
    let wrong = try point(cases[1].0, space)
    #expect(
      message { () throws(AttuneError) in try space.checkAllowed(wrong, what: "params") }
        == #"params: found {"x": 8.5, "degree": 5, "k": 2}, whose sum is 0.5, wanted what constraint 0 "#
        + #"allows: {"linear": {"x": 1.0, "degree": -2.0, "k": 1.0}, "at_least": -6.0, "at_most": 0.0}"#
    )
  }

  @Test("rounding breaks no sum: three steps of 0.1 are at most 0.3")
  func rounding() throws {
    let text =
      #"{"a": {"type": "float", "low": 0, "high": 1, "step": 0.1}, "b": {"type": "float", "low": 0, "high": 1, "step": 0.1}, "#
      + #""$constraints": [{"linear": {"a": 1, "b": 1}, "at_most": 0.3}]}"#
    let space = try Space(json: text)
    #expect(space.allows(try point(#"{"a": 0.1, "b": 0.2}"#, space)))
    #expect(!space.allows(try point(#"{"a": 0.1, "b": 0.3}"#, space)))
  }

  @Test("JSON is read back as it was written, and constraints make spaces differ")
  func json() throws {
    let plain = try Space(json: Self.pair + "}")
    #expect(try space("[]") == plain)
    #expect(try space("null") == plain)
    #expect(!plain.isConstrained && plain.allowedPoint == nil)
    let all = try space(
      #"[{"linear": {"x": 1, "n": 2.5}, "at_most": 20}, {"linear": {"s": 1}, "at_least": 0.25},"#
        + #" {"forbidden": {"kernel": "rbf", "n": [3, 4], "x": {"high": 2}}}]"#)
    #expect(
      all.json.hasSuffix(
        #""$constraints": [{"linear": {"x": 1.0, "n": 2.5}, "at_most": 20.0}, "#
          + #"{"linear": {"s": 1.0}, "at_least": 0.25}, "#
          + #"{"forbidden": {"kernel": ["rbf"], "n": [3, 4], "x": {"high": 2.0}}}]}"#))
    let again = try Space(json: all.json)
    #expect(again == all && again.json == all.json && all != plain)
    #expect(again.allowedPoint == all.allowedPoint)
    let wider = try all.adding(Parameter("z", .fixed(.null)))
    #expect(wider.constraints == all.constraints)
  }

  @Test(
    "a wrong constraint is refused by its place, with what was found and wanted",
    arguments: [
      (#"{"a": 1}"#, #"space: "$constraints" is {"a": 1}, wanted an array of constraints"#),
      (
        #"[3]"#,
        #"constraint 0 is 3, wanted an object such as {"linear": {"x": 1, "y": 2}, "at_most": 10} or {"forbidden": {"x": [1], "y": [2]}}"#
      ),
      (
        #"[{"linear": {"x": 1}, "at_mots": 3}]"#,
        #"constraint 0 has unknown key "at_mots" (did you mean "at_most"?), wanted linear, at_least, at_most"#
      ),
      (
        #"[{"linear": {"x": 1}}]"#,
        "constraint 0 is linear without bound, wanted at_most, at_least or both"
      ),
      (
        #"[{"linear": {"x": 1}, "at_most": 1, "at_least": 2}]"#,
        "constraint 0 has at_least 2.0 above at_most 1.0, wanted at_least no larger"
      ),
      (
        #"[{"linear": {"y": 1}, "at_most": 1}]"#,
        #"constraint 0 is on unknown parameter "y", wanted a parameter of the space"#
      ),
      (
        #"[{"linear": {"kernel": 1}, "at_most": 1}]"#,
        #"constraint 0 is linear in "kernel", which is categorical, wanted float, int or fixed numbers"#
      ),
      (
        #"[{"linear": {"x": 0}, "at_most": 1}]"#,
        #"constraint 0 has factor 0.0 for "x", wanted a finite number other than 0"#
      ),
      (
        #"[{"linear": {}, "at_most": 1}]"#,
        "constraint 0 is empty, wanted one or more parameters with their factors"
      ),
      (#"[{"forbidden": {}}]"#, "constraint 0 is empty, wanted values of one or more parameters"),
      (
        #"[{"forbidden": {"n": 1}}, {"forbidden": {"kernel": ["rbg"]}}]"#,
        #"constraint 1: its parameter cannot be "rbg": parameter "kernel": value is "rbg", wanted one of "rbf", "poly""#
      ),
      (
        #"[{"forbidden": {"kernel": {"low": 1}}}]"#,
        #"constraint 0: parameter "kernel" is categorical, wanted a list of choices"#
      ),
      (
        #"[{"linear": {"x": 1, "n": 1}, "at_least": 20}]"#,
        #"constraint 0 is {"linear": {"x": 1.0, "n": 1.0}, "at_least": 20.0}, whose sum is always 0.0 to 15.0, wanted bounds that a point can keep to"#
      ),
      (
        #"[{"forbidden": {"kernel": ["rbf", "poly"]}}]"#,
        #"space: no point was found that its constraints allow, which are {"forbidden": {"kernel": ["rbf", "poly"]}}; wanted constraints that leave one"#
      ),
    ])
  func refused(constraints: String, wanted: String) {
    #expect(message { () throws(AttuneError) in try space(constraints) } == wanted)
  }

  @Test(
    "a walk finds rare allowed points from anywhere, keeps what is given, and is the same again")
  func repairs() throws {
    let rare = [
      #"[{"linear": {"x": 1, "n": 1}, "at_least": 14.9}]"#,
      #"[{"linear": {"x": 1, "n": 2}, "at_least": 7, "at_most": 7}, {"forbidden": {"n": {"low": 2}}}]"#,
      #"[{"forbidden": {"kernel": "rbf"}}, {"linear": {"degree": 1, "x": 1}, "at_most": 2}]"#,
      #"[{"forbidden": {"x": {"high": 9.99}}}, {"linear": {"s": 1, "n": 0.1}, "at_least": 1.5}]"#,
    ]
    for constraints in rare {
      let space = try space(constraints)
      #expect(space.allows(try #require(space.allowedPoint)))
      for number in 0..<200 {
        let stream = RandomStream(seed: 3, trial: UInt64(number), stream: 9)
        let start = space.point { index in
          let bits = stream.substream(salt: UInt64(index)).bits(at: 0)
          return space.parameters[index].distribution.slot(atRandom: bits)
        }
        let found = try #require(space.repaired(start, stream))
        #expect(space.allows(found))
        #expect(space.repaired(start, stream) == found)
        #expect(space.point { found.slots[$0] } == found)
        if space.allows(start) { #expect(found == start) }
        var slots = [UInt64?](repeating: nil, count: space.count)
        slots[2] = start.slots[2]
        let given = PartialPoint(slots: slots)
        if let kept = space.repaired(start, given: given, stream) {
          #expect(kept.slots[2] == start.slots[2])
        }
      }
    }
  }
}

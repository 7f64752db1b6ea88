import AttuneCore
import Testing

@Suite("Spaces as JSON")
struct SpaceJSONTests {
  static let texts = [
    "{}",
    #"{"lr": {"type": "float", "low": 1e-05, "high": 0.1, "log": true}}"#,
    #"{"x": {"type": "float", "low": -1.0, "high": 1.0, "step": 0.25}}"#,
    #"{"n": {"type": "int", "low": -9223372036854775808, "high": 9223372036854775807}}"#,
    #"{"n": {"type": "int", "low": 1, "high": 9, "step": 2}, "m": {"type": "int", "low": 1, "high": 9, "log": true}}"#,
    #"{"k": {"type": "categorical", "choices": [null, true, false, 1, 2.5, "rbf", ""]}}"#,
    #"{"k": {"type": "categorical", "choices": ["small", "large"], "ordered": true}}"#,
    #"{"a": {"type": "fixed", "value": null}, "b": {"type": "fixed", "value": "x"}, "c": {"type": "fixed", "value": 3}, "d": {"type": "fixed", "value": 0.5}, "e": {"type": "fixed", "value": true}}"#,
    #"{"degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly"]}}, "kernel": {"type": "categorical", "choices": ["rbf", "poly"]}}"#,
    #"{"x": {"type": "float", "low": 0.0, "high": 1.0}, "y": {"type": "float", "low": 0.0, "high": 1.0, "when": {"x": {"low": 0.25, "high": 0.5}}}}"#,
    #"{"x": {"type": "float", "low": 0.0, "high": 1.0}, "y": {"type": "float", "low": 0.0, "high": 1.0, "when": {"x": {"low": 0.25}}}, "z": {"type": "float", "low": 0.0, "high": 1.0, "when": {"x": {"high": 0.5}, "y": {"low": 0.1}}}}"#,
    #"{"naïve \"q\" \\ \n": {"type": "fixed", "value": 1}}"#,
  ]

  @Test("a space is read and written to the same text", arguments: texts)
  func sameText(text: String) throws {
    #expect(try Space(json: text).json == text)
  }

  @Test("what is written is read back equal", arguments: texts)
  func equal(text: String) throws {
    let space = try Space(json: text)
    let again = try Space(json: space.json)
    #expect(again == space)
    #expect(again.salts == space.salts)
    for parameter in space.parameters {
      let members = try JSON.object(parsing: parameter.jsonText, what: "parameter")
      #expect(try Parameter(parameter.name, json: members) == parameter)
    }
  }

  @Test("whole floats, nulls for absent keys and a bare choice are read")
  func tolerant() throws {
    let space = try Space(
      json: """
        {"a": {"type": "int", "low": 1.0, "high": 3.0, "step": null, "log": null},
         "b": {"type": "float", "low": 0, "high": 1, "step": null, "when": {"a": 2}}}
        """)
    #expect(
      space.json
        == #"{"a": {"type": "int", "low": 1, "high": 3}, "b": {"type": "float", "low": 0.0, "high": 1.0, "when": {"a": [2]}}}"#
    )
  }

  @Test("order is kept, children may come first")
  func order() throws {
    let space = try Space(json: Self.texts[8])
    #expect(space.parameters.map(\.name) == ["degree", "kernel"])
    #expect(space.point { $0 == 1 ? 1 : 4 }[0] == 4)
  }

  @Test(
    "every malformed text is refused by parameter, value found and value wanted",
    arguments: [
      (#"[]"#, "space: found [], wanted an object"),
      (#""x""#, #"space: found "x", wanted an object"#),
      (
        #"{"x": 1}"#,
        #"parameter "x": found 1, wanted an object such as {"type": "float", "low": 0, "high": 1}"#
      ),
      (#"{"x": {}}"#, #"parameter "x": type is missing, wanted float, int, categorical or fixed"#),
      (#"{"x": {"type": 3}}"#, #"parameter "x": type is 3, wanted a string"#),
      (
        #"{"x": {"type": "flot"}}"#,
        #"parameter "x": type is "flot", wanted one of float, int, categorical, fixed, cell (did you mean "float"?)"#
      ),
      (#"{"x": {"type": "float", "low": 0}}"#, #"parameter "x": high is missing, wanted a value"#),
      (
        #"{"x": {"type": "float", "low": "0", "high": 1}}"#,
        #"parameter "x": low is "0", wanted a number"#
      ),
      (
        #"{"x": {"type": "float", "low": null, "high": 1}}"#,
        #"parameter "x": low is null, wanted a number"#
      ),
      (
        #"{"x": {"type": "float", "low": 2, "high": 1}}"#,
        #"parameter "x": low is 2.0, wanted at most high, which is 1.0"#
      ),
      (
        #"{"x": {"type": "float", "low": NaN, "high": 1}}"#,
        #"parameter "x": low is nan, wanted a finite number"#
      ),
      (
        #"{"x": {"type": "float", "low": 0, "high": Infinity}}"#,
        #"parameter "x": high is inf, wanted a finite number"#
      ),
      (
        #"{"x": {"type": "float", "low": 0, "high": 1, "log": true}}"#,
        #"parameter "x": low is 0.0, wanted more than 0, since log is true"#
      ),
      (
        #"{"x": {"type": "float", "low": 0, "high": 1, "step": 0}}"#,
        #"parameter "x": step is 0.0, wanted a number above 0"#
      ),
      (
        #"{"x": {"type": "float", "low": 0, "high": 1, "log": 1}}"#,
        #"parameter "x": log is 1, wanted true or false"#
      ),
      (
        #"{"x": {"type": "float", "low": 0, "high": 1, "setp": 0.1}}"#,
        #"parameter "x": unknown key "setp" (did you mean "step"?), wanted type, low, high, step, log, when"#
      ),
      (
        #"{"x": {"type": "int", "low": 0.5, "high": 1}}"#,
        #"parameter "x": low is 0.5, wanted a whole number of -2^63 to 2^63 - 1"#
      ),
      (
        #"{"x": {"type": "int", "low": 0, "high": 9223372036854775808}}"#,
        #"parameter "x": high is 9223372036854775808, wanted a whole number of -2^63 to 2^63 - 1"#
      ),
      (
        #"{"x": {"type": "int", "low": "a", "high": 1}}"#,
        #"parameter "x": low is "a", wanted a whole number of -2^63 to 2^63 - 1"#
      ),
      (
        #"{"x": {"type": "int", "low": 0, "high": 9, "step": 0}}"#,
        #"parameter "x": step is 0, wanted 1 or more"#
      ),
      (
        #"{"x": {"type": "int", "low": 0, "high": 9, "choices": []}}"#,
        #"parameter "x": unknown key "choices", wanted type, low, high, step, log, when"#
      ),
      (#"{"x": {"type": "categorical"}}"#, #"parameter "x": choices is missing, wanted a value"#),
      (
        #"{"x": {"type": "categorical", "choices": 3}}"#,
        #"parameter "x": choices is 3, wanted an array"#
      ),
      (
        #"{"x": {"type": "categorical", "choices": []}}"#,
        #"parameter "x": choices are empty, wanted at least one"#
      ),
      (
        #"{"x": {"type": "categorical", "choices": ["a", "a"]}}"#,
        #"parameter "x": choice "a" stands at 0 and 1, wanted different choices"#
      ),
      (
        #"{"x": {"type": "categorical", "choices": [[1]]}}"#,
        #"parameter "x": choices is a list with [1], wanted null, bools, numbers and strings"#
      ),
      (
        #"{"x": {"type": "categorical", "choices": [1], "ordered": "yes"}}"#,
        #"parameter "x": ordered is "yes", wanted true or false"#
      ),
      (#"{"x": {"type": "fixed"}}"#, #"parameter "x": value is missing, wanted a value"#),
      (
        #"{"x": {"type": "fixed", "value": [1]}}"#,
        #"parameter "x": value is [1], wanted null, a bool, a number or a string"#
      ),
      (
        #"{"x": {"type": "fixed", "value": NaN}}"#,
        #"parameter "x": value is nan, wanted a finite number"#
      ),
      (
        #"{"x": {"type": "fixed", "value": 1, "when": ["a"]}}"#,
        #"parameter "x": when is ["a"], wanted an object, parent to values"#
      ),
      (
        #"{"x": {"type": "fixed", "value": 1, "when": {"p": [1]}}}"#,
        #"parameter "x": its parent "p" is unknown, wanted a parameter of the space"#
      ),
      (
        #"{"p": {"type": "int", "low": 0, "high": 3}, "x": {"type": "fixed", "value": 1, "when": {"p": {"min": 1}}}}"#,
        #"parameter "x": the range of when.p: unknown key "min", wanted low, high"#
      ),
      (
        #"{"p": {"type": "int", "low": 0, "high": 3}, "x": {"type": "fixed", "value": 1, "when": {"p": {"low": "a"}}}}"#,
        #"parameter "x": when.p.low is "a", wanted a number"#
      ),
      (
        #"{"p": {"type": "int", "low": 0, "high": 3}, "x": {"type": "fixed", "value": 1, "when": {"p": {"low": NaN}}}}"#,
        #"parameter "x": when.p.low is nan, wanted a number"#
      ),
      (
        #"{"p": {"type": "int", "low": 0, "high": 3}, "x": {"type": "fixed", "value": 1, "when": {"p": [[1]]}}}"#,
        #"parameter "x": when.p is a list with [1], wanted null, bools, numbers and strings"#
      ),
      (
        #"{"$constraints": 3}"#,
        #"space: "$constraints" is 3, wanted an array of constraints"#
      ),
      (
        #"{"": {"type": "fixed", "value": 1}}"#,
        "parameter 0 has an empty name, wanted at least one character"
      ),
      (
        #"{"a\u0000": {"type": "fixed", "value": 1}}"#,
        "the name of parameter 0 has a NUL character, wanted text without"
      ),
    ])
  func refused(text: String, wanted: String) {
    #expect(message { () throws(AttuneError) in try Space(json: text) } == wanted)
  }

  @Test("text that is no JSON, or has a name twice, is refused with its place")
  func noJSON() {
    for text in [
      #"{"x": }"#, #"{"x": {"type": "fixed", "value": 1}, "x": {"type": "fixed", "value": 2}}"#, "",
      "\u{7F}",
    ] {
      let text = message { () throws(AttuneError) in try Space(json: text) }
      #expect(text.hasPrefix("space: line 1, column "), "\(text)")
    }
  }
}

import AttuneCore
import Testing

@Suite("Malformed spaces")
struct SpaceChecksTests {
  static func parameter(_ name: String, when conditions: [Condition] = []) -> Parameter {
    do {
      return Parameter(
        name, .categorical(try CategoricalDistribution(choices: [.int(0), .int(1)], name: name)),
        when: conditions)
    } catch {
      Issue.record("\(error)")
      return Parameter(name, .fixed(.null))
    }
  }

  static func on(_ parent: String) -> [Condition] {
    [Condition(parent: parent, .choices([.int(1)]))]
  }

  @Test("names are checked: empty, repeated, reserved, with a NUL, too long")
  func names() {
    let long = String(repeating: "x", count: 513)
    let cases: [([Parameter], String)] = [
      (
        [Self.parameter("a"), Self.parameter("")],
        "parameter 1 has an empty name, wanted at least one character"
      ),
      (
        [Self.parameter("a"), Self.parameter("b"), Self.parameter("a")],
        "parameter \"a\" stands at 0 and 2, wanted different names"
      ),
      (
        [Self.parameter("a\0b")], "the name of parameter 0 has a NUL character, wanted text without"
      ),
      (
        [Self.parameter("$x")],
        "parameter \"$x\": names that begin with $ are reserved, wanted another"
      ),
      ([Self.parameter(long)], "the name of parameter 0 has 513 bytes, wanted at most 512"),
    ]
    for (parameters, text) in cases {
      let error = thrownError { () throws(AttuneError) in try Space(parameters) }
      #expect(error?.message == text)
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("parents are checked: unknown, of the wrong kind, without the choice, with no choice")
  func parents() throws {
    let float = Parameter("x", .float(try FloatDistribution(low: 0, high: 1, name: "x")))
    func child(_ parent: String, _ test: Condition.Test) -> [Parameter] {
      [float, Self.parameter("kind"), Self.parameter("y", when: [Condition(parent: parent, test)])]
    }
    let cases: [([Parameter], String)] = [
      (
        child("kid", .choices([.int(1)])),
        "its parent \"kid\" is unknown, wanted a parameter of the space (did you mean \"kind\"?)"
      ),
      (
        child("kind", .choices([.int(7)])),
        "its parent cannot be 7: parameter \"kind\": value is 7, wanted one of 0, 1"
      ),
      (
        child("x", .choices([.float(2)])),
        "its parent cannot be 2.0: parameter \"x\": value is 2.0, wanted 0.0 to 1.0"
      ),
      (
        child("kind", .choices([])),
        "the choices of parent \"kind\" are empty, wanted at least one"
      ),
      (
        child("kind", .range(low: 0, high: 1)),
        "parent \"kind\" is categorical, wanted a list of choices"
      ),
      (
        child("x", .range(low: 1, high: 0)),
        "the range of parent \"x\" is 1.0 to 0.0, wanted low at most high"
      ),
      (
        child("x", .range(low: .nan, high: 0)),
        "the range of parent \"x\" is nan to 0.0, wanted low at most high"
      ),
    ]
    for (parameters, text) in cases {
      let error = thrownError { () throws(AttuneError) in try Space(parameters) }
      #expect(error?.message == "parameter \"y\": \(text)")
      #expect(error?.subject == "space.y.when")
    }
  }

  @Test("a cycle is named in order, also one of a parameter with itself")
  func cycles() {
    let three = [
      Self.parameter("free"), Self.parameter("a", when: Self.on("c")),
      Self.parameter("b", when: Self.on("a")), Self.parameter("c", when: Self.on("b")),
      Self.parameter("below", when: Self.on("c")),
    ]
    #expect(
      message { () throws(AttuneError) in try Space(three) }
        == "conditions run in a circle: \"a\" depends on \"c\" depends on \"b\" depends on \"a\", "
        + "wanted a tree")
    #expect(
      message { () throws(AttuneError) in try Space([Self.parameter("a", when: Self.on("a"))]) }
        == "conditions run in a circle: \"a\" depends on \"a\", wanted a tree")
  }

  @Test("a cycle that only later parameters reach is found, not walked for ever")
  func cycleBehindChain() {
    let parameters = [
      Self.parameter("tail", when: Self.on("a")), Self.parameter("a", when: Self.on("b")),
      Self.parameter("b", when: Self.on("a")),
    ]
    #expect(
      message { () throws(AttuneError) in try Space(parameters) }
        == "conditions run in a circle: \"a\" depends on \"b\" depends on \"a\", wanted a tree")
  }
}

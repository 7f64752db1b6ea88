import AttuneCore
import AttuneObjectives
import Foundation
import Testing

struct NativeObjectiveTests {
  private func space(_ json: String) throws -> Space { try Space(json: json) }

  private func call(
    _ signature: String, _ space: String, _ values: [(name: String, value: Value)]
  ) throws -> Double {
    let objective = try NativeObjective(library: Compiled.native(), signature: signature)
    let trial = try RecordedTrial(Space(json: space), values)
    let (evaluation, values) = try objective.evaluate(trial)
    #expect(evaluation == .complete)
    return values[0]
  }

  @Test("a function of the C library is an objective")
  func cosine() throws {
    let objective = try NativeObjective(library: "libm.so.6", signature: "f64 cos(f64 x)")
    let space = try space(#"{"x": {"type": "float", "low": -4, "high": 4}}"#)
    let evaluator = try objective.makeEvaluator(for: space, valueCount: 1)
    for x in [-3.0, 0, 1.25] {
      let trial = try RecordedTrial(space, [("x", .float(x))])
      #expect(evaluator.evaluate(trial).values == [cos(x)])
    }
    #expect(objective.description.kind == "native")
    #expect(objective.description.id == "cos")
    #expect(objective.description.capabilities == [.threadSafe])
  }

  @Test(
    "every integer type passes and returns its ends and -1",
    arguments: [
      ("i8", Int64(-128), Int64(127)), ("i16", -32_768, 32_767),
      ("i32", -2_147_483_648, 2_147_483_647),
      ("i64", -9_007_199_254_740_992, 9_007_199_254_740_992),
      ("u8", 0, 255), ("u16", 0, 65_535), ("u32", 0, 4_294_967_295),
      ("u64", 0, 9_007_199_254_740_992),
    ])
  func integers(type: String, low: Int64, high: Int64) throws {
    let space = #"{"x": {"type": "int", "low": \#(low), "high": \#(high)}}"#
    for x in [low, high, max(low, -1), 1] {
      #expect(try call("\(type) echo_\(type)(\(type) x)", space, [("x", .int(x))]) == Double(x))
    }
  }

  @Test("floats and bools pass and return their values")
  func floats() throws {
    let space = #"{"x": {"type": "float", "low": -1e30, "high": 1e30}}"#
    #expect(try call("f64 echo_f64(f64 x)", space, [("x", .float(-0.1))]) == -0.1)
    #expect(try call("f32 echo_f32(f32 x)", space, [("x", .float(-0.1))]) == Double(Float(-0.1)))
    let int = #"{"x": {"type": "int", "low": -9, "high": 9}}"#
    #expect(try call("f64 echo_f64(f64 x)", int, [("x", .int(-7))]) == -7)
    #expect(try call("f32 echo_f32(f32 x)", int, [("x", .int(-7))]) == -7)
    let flag = #"{"x": {"type": "categorical", "choices": [true, false]}}"#
    #expect(try call("bool echo_bool(bool x)", flag, [("x", .bool(true))]) == 1)
    #expect(try call("bool echo_bool(bool x)", flag, [("x", .bool(false))]) == 0)
    let bit = #"{"x": {"type": "int", "low": 0, "high": 1}}"#
    #expect(try call("bool echo_bool(bool x)", bit, [("x", .int(1))]) == 1)
    #expect(try call("i8 echo_i8(i8 x)", flag, [("x", .bool(true))]) == 1)
    let numbers = #"{"x": {"type": "categorical", "choices": [2.5, -128, 100]}}"#
    #expect(try call("f64 echo_f64(f64 x)", numbers, [("x", .float(2.5))]) == 2.5)
    let fixed = #"{"x": {"type": "fixed", "value": -5}}"#
    #expect(try call("i16 echo_i16(i16 x)", fixed, []) == -5)
    #expect(try call("f64 nothing()", "{}", []) == 42)
  }

  @Test("choices of any kind pass as text")
  func texts() throws {
    let space =
      #"{"x": {"type": "categorical", "choices": ["rbf", "", "öl", 12, true, null, 2.5]}}"#
    for (value, length) in [
      (Value.string("rbf"), 3.0), (.string(""), 0), (.string("öl"), 3), (.int(12), 2),
      (.bool(true), 4), (.null, 4), (.float(2.5), 3),
    ] {
      #expect(try call("f64 length(cstr x)", space, [("x", value)]) == length)
    }
  }

  @Test("twenty arguments of all types arrive in their places")
  func allTypes() throws {
    let names = "abcdefghijklmnopqrst".map(String.init)
    let types =
      [
        "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64", "bool", "cstr",
      ] + Array(repeating: "f64", count: 8)
    var members: [String] = []
    var values: [(name: String, value: Value)] = []
    for (index, name) in names.enumerated() {
      switch types[index] {
      case "f32", "f64":
        members.append(#""\#(name)": {"type": "float", "low": -9, "high": 99}"#)
        values.append((name, .float(Double(index) + 0.5)))
      case "bool":
        members.append(#""\#(name)": {"type": "categorical", "choices": [false, true]}"#)
        values.append((name, .bool(true)))
      case "cstr":
        members.append(#""\#(name)": {"type": "categorical", "choices": ["a", "abcd"]}"#)
        values.append((name, .string("abcd")))
      default:
        let low = types[index].hasPrefix("u") ? 0 : -100
        members.append(#""\#(name)": {"type": "int", "low": \#(low), "high": 100}"#)
        values.append((name, .int(low == 0 ? Int64(index) + 1 : -Int64(index) - 1)))
      }
    }
    // The space's order is not the signature's.
    let space = "{\(members.reversed().joined(separator: ", "))}"
    let arguments = zip(types, names).map { "\($0) \($1)" }.joined(separator: ", ")
    let found = try call("f64 all(\(arguments))", space, values)
    let integers = [(-1.0, 1.0), (2, 2), (-3, 3), (4, 5), (-5, 7), (6, 11), (-7, 13), (8, 17)]
    let floats = [
      (8.5, 19.0), (9.5, 23), (12.5, 37), (13.5, 41), (14.5, 43), (15.5, 47), (16.5, 53),
      (17.5, 59), (18.5, 61), (19.5, 67),
    ]
    let wanted = (integers + floats).reduce(0) { $0 + $1.0 * $1.1 } + 29 + 31 * 4
    #expect(found == wanted)
  }

  @Test("an inactive parameter passes as NaN, 0, false or NULL")
  func inactive() throws {
    let when = #""when": {"on": [true]}"#
    let space = """
      {"on": {"type": "categorical", "choices": [false, true]},
       "x": {"type": "float", "low": 1, "high": 2, \(when)},
       "n": {"type": "int", "low": 1, "high": 2, \(when)},
       "b": {"type": "categorical", "choices": [true], \(when)}}
      """
    let signature = "f64 is_nan(f64 x, i32 n, bool b, bool on)"
    #expect(try call(signature, space, [("on", .bool(false))]) == 100)
    #expect(try call(signature, space, [("on", .bool(true))]) == 0)
    let text =
      #"{"on": {"type": "categorical", "choices": [false, true]}, "x": {"type": "categorical", "choices": ["abc"], \#(when)}}"#
    #expect(try call("f64 length(cstr x, bool on)", text, [("on", .bool(false))]) == -1)
    #expect(try call("f64 length(cstr x, bool on)", text, [("on", .bool(true))]) == 3)
  }

  @Test("an array gives several values, and a status says how the trial ends")
  func arrays() throws {
    let space = try space(#"{"x": {"type": "float", "low": 0, "high": 1}}"#)
    let trial = try RecordedTrial(space, [("x", .float(0.25))], valueCount: 2)
    for (status, wanted) in [
      (Int32(0), Evaluation.complete), (1, .pruned), (2, .stop),
      (-4, .fail(Failure("two returned status -4", code: -4))),
      (9, .fail(Failure("two returned status 9", code: 9))),
    ] {
      let memory = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
      defer { memory.deallocate() }
      memory.pointee = status
      let objective = try NativeObjective(
        library: Compiled.native(), signature: "i32 two(f64 x, f64* out[2], ptr = ctx)",
        context: UnsafeMutableRawPointer(memory))
      let (evaluation, values) = try objective.evaluate(trial)
      #expect(evaluation == wanted)
      #expect(values == [0.25, 0.75])
    }
    let fill = try NativeObjective(
      library: Compiled.native(), symbol: "fill", signature: "void(f64 x, f64* out[3])")
    let three = try RecordedTrial(space, [("x", .float(0.5))], valueCount: 3)
    #expect(try fill.evaluate(three).values == [0.5, 1, 1.5])
    #expect(
      message { _ = try fill.makeEvaluator(for: space, valueCount: 2) }
        == "fill: signature \"void(f64 x, f64* out[3])\" gives 3 values, wanted 2, one for each "
        + "direction of the study")
  }

  @Test("a gradient comes in the order of the space, and only when it is wanted")
  func gradient() throws {
    let objective = try NativeObjective(
      library: Compiled.native(), signature: "f64 slope(f64 x, i32 n, f64* grad)")
    #expect(objective.description.capabilities == [.threadSafe, .gradient])
    let space = try space(
      #"{"n": {"type": "int", "low": 0, "high": 9}, "x": {"type": "float", "low": 0, "high": 9}}"#)
    let wanting = try RecordedTrial(space, [("x", .float(3)), ("n", .int(4))], wantsGradient: true)
    #expect(try objective.evaluate(wanting).values == [17])
    #expect(wanting.record.gradient == [4, 6])
    let other = try RecordedTrial(space, [("x", .float(3)), ("n", .int(4))])
    #expect(try objective.evaluate(other).values == [17])
    #expect(other.record.gradient == nil)
  }

  @Test("an NLopt function takes the parameters that no argument names as one array")
  func array() throws {
    let objective = try NativeObjective(
      library: Compiled.native(),
      signature: "f64 nlopt_style(u32 = count, f64* = params, f64* grad, ptr = ctx)")
    let space = try space(
      #"""
      {"n": {"type": "int", "low": 0, "high": 9}, "x": {"type": "float", "low": 0, "high": 9},
       "c": {"type": "categorical", "choices": [0, 0.5]}}
      """#)
    let params: [(String, Value)] = [("n", .int(2)), ("x", .float(3)), ("c", .float(0.5))]
    let trial = try RecordedTrial(space, params, wantsGradient: true)
    #expect(try objective.evaluate(trial).values == [4 + 18 + 0.75])
    #expect(trial.record.gradient == [4, 12, 3])
    let text = try self.space(#"{"c": {"type": "categorical", "choices": ["a", "b"]}}"#)
    #expect(
      message { _ = try objective.makeEvaluator(for: text, valueCount: 1) }
        .contains("argument \"c\" is f64 and the parameter has the choice \"a\", wanted a number"))
  }

  @Test(
    "what does not fit is found before the first call, by name",
    arguments: [
      ("f64 echo_f64(f64 x)", "{}", "argument \"x\" is no parameter of the space, wanted one"),
      (
        "f64 echo_f64(f64 lrate)", #"{"lrat": {"type": "float", "low": 0, "high": 1}}"#,
        "argument \"lrate\" is no parameter of the space (did you mean \"lrat\"?)"
      ),
      (
        "f64 nothing()", #"{"x": {"type": "float", "low": 0, "high": 1}}"#,
        "nothing: parameter \"x\" is no argument of the function; it takes none"
      ),
      (
        "i32 echo_i32(i32 x)", #"{"x": {"type": "float", "low": 0, "high": 1}}"#,
        "echo_i32: argument \"x\" is i32 and the parameter a float, wanted f64 or f32"
      ),
      (
        "i8 echo_i8(i8 x)", #"{"x": {"type": "int", "low": 0, "high": 300}}"#,
        "argument \"x\" is i8 and the parameter has the bound 300, wanted -128 to 127"
      ),
      (
        "u64 echo_u64(u64 x)", #"{"x": {"type": "int", "low": -1, "high": 3}}"#,
        "has the bound -1, wanted 0 to 18446744073709551615"
      ),
      (
        "bool echo_bool(bool x)", #"{"x": {"type": "int", "low": 0, "high": 2}}"#,
        "argument \"x\" is bool and the parameter has the bound 2, wanted 0 to 1"
      ),
      (
        "f32 echo_f32(f32 x)", #"{"x": {"type": "float", "low": 0, "high": 1e39}}"#,
        "is f32 and the parameter has the bound 1e+39, wanted at most 3.4028235e+38 in size"
      ),
      (
        "f64 length(cstr x)", #"{"x": {"type": "int", "low": 0, "high": 2}}"#,
        "argument \"x\" is cstr and the parameter an int, wanted an integer type, f64 or f32"
      ),
      (
        "f64 echo_f64(f64 x)", #"{"x": {"type": "categorical", "choices": [1, "two"]}}"#,
        "has the choice \"two\", wanted a number that it can hold"
      ),
      (
        "u8 echo_u8(u8 x)", #"{"x": {"type": "fixed", "value": 256}}"#,
        "is fixed to 256, wanted a whole number of 0 to 255"
      ),
      (
        "bool echo_bool(bool x)", #"{"x": {"type": "categorical", "choices": [1, 2]}}"#,
        "has the choice 2, wanted true or false"
      ),
    ])
  func misfits(signature: String, space: String, wanted: String) throws {
    let objective = try NativeObjective(library: Compiled.native(), signature: signature)
    let space = try Space(json: space)
    let found = message { _ = try objective.makeEvaluator(for: space, valueCount: 1) }
    #expect(found.contains(wanted), "\(found)")
  }

  @Test("a library or symbol that is not there is named with the loader's words")
  func missing() throws {
    #expect(
      message { _ = try NativeObjective(library: "libnone.so.9", signature: "f64 f()") }
        .hasPrefix("cannot open shared object libnone.so.9: libnone.so.9: cannot open"))
    let path = try Compiled.native()
    let found = message { _ = try NativeObjective(library: path, signature: "f64 nope(f64 x)") }
    #expect(found.hasPrefix("no symbol \"nope\" in \(path): "))
    #expect(found.contains("undefined symbol: nope"))
    #expect(
      message { _ = try NativeObjective(library: path, signature: "f64(f64 x)") }
        .contains("has no function name, wanted one as in \"f64 cos(f64 x)\""))
    #expect(
      message { _ = try NativeObjective(library: path, symbol: "a", signature: "f64 b(f64 x)") }
        .hasSuffix("names b, wanted a, the symbol"))
    #expect(
      message { _ = try NativeObjective(library: "", signature: "f64 b()") }.contains("empty"))
  }

  @Test("a C++ exception that leaves a native function is a failure with its text")
  func exception() throws {
    let path = try Compiled.plugin("throws.cpp")
    let objective = try NativeObjective(library: path, signature: "f64 throwing(f64 x)")
    let space = try space(#"{"x": {"type": "float", "low": 0, "high": 1}}"#)
    let evaluator = try objective.makeEvaluator(for: space, valueCount: 1)
    for _ in 0..<3 {
      let failing = evaluator.evaluate(try RecordedTrial(space, [("x", .float(0.75))]))
      #expect(reason(failing.evaluation) == "throwing threw a C++ exception: x is too large")
      #expect(evaluator.evaluate(try RecordedTrial(space, [("x", .float(0.25))])).values == [0.25])
    }
  }

  @Test("calls take turns when the function is not thread-safe")
  func turns() throws {
    let path = try Compiled.native()
    let objective = try NativeObjective(
      library: path, signature: "f64 crowded(f64 x)", threadSafe: false)
    let space = try space(#"{"x": {"type": "float", "low": 0, "high": 1}}"#)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<50 {
        let trial = try? RecordedTrial(space, [("x", .float(0.5))])
        #expect(trial.flatMap { try? objective.evaluate($0) }?.values == [0.5])
      }
    }
    let count = try NativeObjective(library: path, signature: "i32 overlap_count()")
    #expect(try count.evaluate(RecordedTrial(Space.empty, [])).values == [0])
    #expect(objective.description.capabilities == [])
  }
}

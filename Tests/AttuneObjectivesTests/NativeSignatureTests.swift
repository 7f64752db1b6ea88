import AttuneCore
import AttuneObjectives
import Testing

struct NativeSignatureTests {
  @Test("a signature reads as it was written")
  func readsAll() throws {
    let signature = try NativeSignature(
      "i32 train(f64 lr, i8 depth , cstr kernel,bool warm, f64* out[2], f64 *grad, ptr = ctx);")
    #expect(signature.functionName == "train")
    #expect(signature.result == .status)
    #expect(signature.valueCount == 2)
    #expect(signature.hasGradient)
    #expect(
      signature.arguments.map(\.kind) == [
        .parameter(.f64), .parameter(.i8), .parameter(.cstr), .parameter(.bool), .values(count: 2),
        .gradient, .context,
      ])
    #expect(
      signature.arguments.map(\.name) == ["lr", "depth", "kernel", "warm", "out", "grad", ""])
    #expect(try NativeSignature("f64()").arguments.isEmpty)
    #expect(try NativeSignature("f64 f(void)").arguments.isEmpty)
    #expect(try NativeSignature("u16(ptr state, f64 a.b)").arguments[1].name == "a.b")
    #expect(try NativeSignature("void(f64* o[1])").result == .nothing)
    #expect(
      try NativeSignature("f64(u32 = count, f64* = params, f64* grad, ptr = ctx)").arguments.map(
        \.kind) == [.count(.u32), .parameters, .gradient, .context])
  }

  @Test(
    "a wrong signature names the column, what stands there and what is wanted",
    arguments: [
      ("", "column 1: found the end, wanted the type of the result"),
      ("f64", "column 4: found the end, wanted ( and the arguments"),
      ("f64 cos", "column 8: found the end, wanted ( and the arguments"),
      ("f64(f64 x", "column 10: found the end, wanted , or )"),
      ("f64(f64 x) y", "column 12: found \"y\", wanted the end"),
      ("f64(f64)", "column 8: found \")\", wanted the name of a parameter after f64"),
      ("f64(flt x)", "column 5: found \"flt\", wanted a type (i8, i16,"),
      ("f64(double x)", "f64*, ptr); C's double is f64"),
      (
        "int(f64 x)", "column 1: found \"int\", wanted a number type for the result; C's int is i32"
      ),
      ("cstr(f64 x)", "column 1: found \"cstr\", wanted a number type for the result"),
      ("void(f64 x)", "column 1: found \"void\", wanted a number, or an array f64* NAME[COUNT]"),
      ("f64(f64* out[2])", "column 1: found \"f64\", wanted void or i32, a status"),
      (
        "f64(f64 x, ...)", "column 12: found \"...\", wanted an argument; variadic functions cannot"
      ),
      ("f64(struct point p)", "; structs and unions cannot be passed"),
      ("f64(f64 x, i32 x)", "column 12: found \"i32\", wanted an argument other than \"x\""),
      ("f64(f64 x,)", "column 11: found \")\", wanted a type"),
      ("f64(i32* x)", "column 8: found \"*\", wanted a name; only f64 can be a pointer"),
      (
        "f64(f64* out)",
        "column 10: found \"out\", wanted out[COUNT] for an array of values, or grad"
      ),
      ("void(f64* out[0])", "column 15: found \"0\", wanted a count of 1 to 65536"),
      ("void(f64* out[x])", "column 15: found \"x\", wanted a count of 1 to 65536"),
      ("void(f64* out[99999999999999999999])", "wanted a count of 1 to 65536"),
      (
        "void(f64* a[1], f64* b[1])", "column 17: found \"f64\", wanted at most one array of values"
      ),
      ("f64(f64* grad, f64* gradient)", "column 16: found \"f64\", wanted at most one gradient"),
      ("f64(f64 x[3])", "column 10: found \"[\", wanted , or ); only f64* can be an array"),
      ("f64(f64* = x)", "column 12: found \"x\", wanted params"),
      ("f64(i64 = n)", "column 11: found \"n\", wanted count"),
      (
        "f64(f64 = count)", "column 9: found \"=\", wanted a name; only an integer can be the count"
      ),
      (
        "f64(f64* = params, f64* = params)",
        "column 20: found \"f64\", wanted at most one array of parameters"
      ),
      ("f64(ptr = me)", "column 11: found \"me\", wanted ctx"),
      ("f64*(f64 x)", "column 4: found \"*\", wanted a number as result, not a pointer"),
      ("é64(f64 x)", "column 1: found \"é64\", wanted a number type for the result"),
      ("f64 \u{1F600}(f64 x)", "column 5: found \"\u{1F600}\", wanted ( and the arguments"),
    ])
  func pointsAtMistakes(text: String, wanted: String) {
    let found = message { _ = try NativeSignature(text) }
    #expect(found.hasPrefix("signature \"\(text)\", column "))
    #expect(found.contains(wanted), "\(found)")
  }
}

import AttuneCore
import AttuneObjectives
import Testing

/// An isolated objective answers as the same objective in this process, bit for bit.
struct IsolationLawTests {
  private func compare(
    _ here: any Objective, _ there: any Objective, valueCount: Int = 1,
    _ make: () throws -> RecordedTrial
  ) throws {
    let first = try make()
    let second = try make()
    let one = try here.evaluate(first)
    let two = try there.evaluate(second)
    #expect(one.evaluation == two.evaluation)
    #expect(one.values.map(\.bitPattern) == two.values.map(\.bitPattern))
    let (a, b) = (first.record, second.record)
    #expect(a.reports == b.reports)
    #expect(a.attributes == b.attributes)
    #expect(a.constraints == b.constraints)
    #expect(a.gradient?.map(\.bitPattern) == b.gradient?.map(\.bitPattern))
    #expect(a.cancelReason == b.cancelReason)
    #expect(a.messages == b.messages)
  }

  private func both(
    _ id: String, config: String? = nil
  ) throws -> (PluginObjective, IsolatedObjective) {
    let path = try Compiled.plugin("good.c")
    let id = "org.attune.test.\(id)"
    return (
      try PluginObjective(path: path, id: id, config: config),
      try IsolatedObjective(.plugin(path: path, id: id, config: config, trust: PluginTrust()))
    )
  }

  @Test(
    "everything a plugin can say comes through",
    arguments: [
      "ok", "pruned", "stop", "paused", "fail", "silent", "empty", "positive", "report", "abuse",
      "huge", "thread", "config", "nothing", "cancel", "nonutf8",
    ])
  func modes(_ mode: String) throws {
    let (here, there) = try both("mode", config: "\"some text\"")
    for prunesAt in [Int64.max, 4] {
      try compare(here, there) {
        try RecordedTrial(
          here.descriptor.space, [("mode", .string(mode))], prunesAt: prunesAt)
      }
    }
  }

  @Test("parameters of every kind, seeds, gradients, several values")
  func parameters() throws {
    let (here, there) = try both("echo")
    for kernel in [Value.string("rbf"), .string("p\u{F6}ly"), .int(3), .bool(true), .null] {
      try compare(here, there) {
        try RecordedTrial(
          here.descriptor.space, [("lr", .float(0.1)), ("kernel", kernel)], number: 7,
          seed: .max)
      }
    }
    let (sphere, isolated) = try both("sphere")
    for wantsGradient in [false, true] {
      try compare(sphere, isolated) {
        try RecordedTrial(
          sphere.descriptor.space, [("x", .float(1.0 / 3)), ("y", .float(-0.7))],
          wantsGradient: wantsGradient)
      }
    }
    let (pair, two) = try both("pair")
    try compare(pair, two, valueCount: 2) {
      try RecordedTrial(pair.descriptor.space, [("x", .float(0.75))], valueCount: 2)
    }
  }

  @Test("descriptions, errors of the start, and native functions")
  func descriptions() throws {
    let (here, there) = try both("sphere")
    #expect(here.description.id == there.description.id)
    #expect(here.description.version == there.description.version)
    #expect(here.description.spaceJSON == there.description.spaceJSON)
    #expect(here.description.capabilities == there.description.capabilities)
    #expect(here.description.path == there.description.path)
    #expect(there.description.isIsolated && !here.description.isIsolated)
    let path = try Compiled.plugin("good.c")
    #expect(
      message { _ = try PluginObjective(path: path, id: "org.attune.test.spere") }
        == message {
          _ = try IsolatedObjective(
            .plugin(
              path: path, id: "org.attune.test.spere", config: nil, trust: PluginTrust()))
        })
    let signature = "f64 cos(f64 x)"
    let native = try NativeObjective(library: "libm.so.6", signature: signature)
    let isolated = try IsolatedObjective(
      .native(library: "libm.so.6", symbol: nil, signature: signature, threadSafe: true))
    let space = try Space(json: #"{"x": {"type": "float", "low": -1, "high": 1}}"#)
    try compare(native, isolated) { try RecordedTrial(space, [("x", .float(0.3))]) }
  }

  @Test("a space of more than 64 parameters, some of them inactive")
  func wide() throws {
    let path = try Compiled.plugin("wide.c")
    let here = try PluginObjective(path: path)
    let there = try IsolatedObjective(
      .plugin(path: path, id: nil, config: nil, trust: PluginTrust()))
    for flag in [false, true] {
      try compare(here, there) {
        try RecordedTrial(
          here.descriptor.space,
          [("p0", .bool(flag)), ("p63", .float(0.5)), ("p129", .float(0.25))]
            .filter { flag || $0.0 != "p63" })
      }
    }
  }
}

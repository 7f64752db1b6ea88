import AttuneCore
import AttuneObjectives
import Foundation
import Testing

/// Plugins written with the module AttunePlugin, built by the example's Makefile and by hand.
@Suite(.serialized)
struct SwiftPluginTests {
  /// The test plugin with the Swift runtime of the machine, or with its own.
  private static func build(isStatic: Bool) throws -> String {
    let folder = "\(Compiled.folder)/swift-\(isStatic ? "static" : "dynamic")"
    let path = "\(folder)/probe.attune.so"
    if FileManager.default.fileExists(atPath: path) { return path }
    let build = "\(folder)/build"
    try FileManager.default.createDirectory(atPath: build, withIntermediateDirectories: true)
    try "module CAttune {\n  header \"\(Compiled.root)/include/attune_plugin.h\"\n  export *\n}\n"
      .write(toFile: "\(build)/module.modulemap", atomically: true, encoding: .utf8)
    let common =
      ["-swift-version", "6", "-wmo", "-O", "-parse-as-library", "-I", build]
      + (isStatic ? ["-static-stdlib"] : [])
    let module = try FileManager.default.contentsOfDirectory(
      atPath: "\(Compiled.root)/Sources/AttunePlugin"
    ).map { "\(Compiled.root)/Sources/AttunePlugin/\($0)" }
    for arguments in [
      common + [
        "-module-name", "AttunePlugin", "-emit-library", "-static", "-emit-module",
        "-emit-module-path", "\(build)/AttunePlugin.swiftmodule", "-o",
        "\(build)/libAttunePlugin.a",
      ] + module,
      common + [
        "-module-name", "Probe", "-emit-library", "-L", build, "-lAttunePlugin", "-use-ld=lld",
        "-Xlinker", "--version-script=\(Compiled.root)/examples-c/elastic-net/plugin.map",
        "\(Compiled.root)/Tests/plugins/Probe.swift", "-o", path,
      ],
    ] {
      let output = try Compiled.run("swiftc", arguments)
      guard output.status == 0 else { throw Compiled.CompilerFailed(output: output.text) }
    }
    return path
  }

  @Test("a Swift type can pause and go on")
  func pauses() throws {
    let objective = try PluginObjective(path: Self.build(isStatic: false))
    let folder = "\(Compiled.folder)/swift-state"
    for isResumed in [false, true] {
      let trial = try RecordedTrial(
        objective.descriptor.space, [("what", .string("pause"))], valueCount: 2, prunesAt: 3,
        pausing: Pausing(isResumed: isResumed, folder: folder))
      let (evaluation, values) = try objective.evaluate(trial)
      #expect(evaluation == (isResumed ? .complete : .paused))
      if isResumed { #expect(values == [3, 0]) }
    }
    let trial = try RecordedTrial(
      objective.descriptor.space, [("what", .string("pause"))], valueCount: 2, prunesAt: 3)
    #expect(try objective.evaluate(trial).evaluation == .pruned)
  }

  private func evaluate(
    _ what: String, _ values: [(name: String, value: Value)] = [], config: String? = nil,
    isStatic: Bool = false, wantsGradient: Bool = false
  ) throws -> (evaluation: Evaluation, values: [Double], record: RecordedTrial.Record) {
    let objective = try PluginObjective(path: Self.build(isStatic: isStatic), config: config)
    let all = [("what", Value.string(what))] + values.map { ($0.name, $0.value) }
    let trial = try RecordedTrial(
      objective.descriptor.space, all, wantsGradient: wantsGradient, valueCount: 2)
    let (evaluation, values) = try objective.evaluate(trial)
    return (evaluation, values, trial.record)
  }

  @Test(
    "a Swift type is a plugin, with its own runtime or the machine's, side by side",
    arguments: [false, true])
  func describes(isStatic: Bool) throws {
    let library = try PluginLibrary(path: Self.build(isStatic: isStatic))
    let probe = try library.objective()
    #expect(probe.name == "Pröbe \"quoted\"")
    #expect(probe.directions == [.maximize, .minimize])
    #expect(probe.capabilities == .gradient)
    #expect(
      probe.space.parameters.map(\.name) == ["what", "x", "n", "flag", "deep", "fixed", "numbers"])
    #expect(probe.space.parameters[4].conditions.count == 2)

    let on = try evaluate(
      "ok",
      [
        ("x", .float(0.5)), ("n", .int(4)), ("flag", .bool(true)), ("deep", .float(0.75)),
        ("numbers", .float(2.5)),
      ],
      isStatic: isStatic)
    #expect(on.evaluation == .complete)
    #expect(on.values == [7, 7100.75])
    let off = try evaluate(
      "ok", [("x", .float(0.5)), ("flag", .bool(true)), ("numbers", .string("three"))],
      isStatic: isStatic)
    #expect(off.values == [2.5, 7099])
    #expect(
      try evaluate("throw", isStatic: isStatic).evaluation
        == .fail(Failure("the matrix is singular", code: 9)))
  }

  @Test(
    "what a Swift objective throws is the reason of the failure",
    arguments: [
      ("throw-other", "Odd()"), ("unknown", "there is no parameter \"y\" in the objective's space"),
      ("kind", "parameter \"x\" is no whole number"),
      ("inactive", "parameter \"deep\" is not active"),
      ("count", "evaluate returned 1 values, wanted 2, as many as directions"),
      ("refused", "report at step 0: the host refused it with status -2"),
      ("config", "none 3 0.5 false"),
    ])
  func failures(what: String, wanted: String) throws {
    #expect(reason(try evaluate(what).evaluation) == wanted)
  }

  @Test("a Swift objective reports, keeps attributes, is pruned, ends the run and gives gradients")
  func services() throws {
    #expect(try evaluate("prune").evaluation == .pruned)
    let report = try evaluate("report")
    #expect(report.evaluation == .complete)
    #expect(report.record.reports == [0: [1, 2]])
    #expect(report.record.constraints == ["memory": -1])
    #expect(report.record.messages == ["info: hello"])
    #expect(try JSON(parsing: report.record.attributes["text"] ?? "") == "a \"b\"\n\u{1}ö")
    #expect(report.record.attributes["number"] == "0.1")
    #expect(report.record.attributes["endless"] == "-Infinity")
    #expect(try evaluate("cancel").record.cancelReason == "enough")
    let gradient = try #require(try evaluate("ok", wantsGradient: true).record.gradient)
    #expect(gradient.count == 14)
    #expect(gradient[8] == 5)
    #expect(gradient[2] == 6)
    #expect(gradient.filter { !$0.isNaN }.count == 2)
  }

  @Test("a flat configuration is read by key")
  func config() throws {
    let config = #" {"name": "a\u00f6\ud83d\ude00\n\"", "count" : 7, "rate":-1.5e1, "on": true} "#
    #expect(reason(try evaluate("config", config: config).evaluation) == "aö😀\n\" 7 -15.0 true")
    #expect(reason(try evaluate("config", config: "{}").evaluation) == "none 3 0.5 false")
  }

  @Test(
    "a wrong configuration is refused by name, found and wanted",
    arguments: [
      (#"{"nam": 1}"#, "config: unknown key \"nam\", wanted one of name, count, rate, on"),
      (#"{"name": 1}"#, "config: \"name\" is 1.0, wanted a string"),
      (#"{"count": 10}"#, "config: \"count\" is 10.0, wanted a whole number of 1 to 9"),
      (#"{"count": "x"}"#, "config: \"count\" is \"x\", wanted a whole number of 1 to 9"),
      (#"{"rate": null}"#, "config: \"rate\" is null, wanted a number of -inf to inf"),
      (#"{"on": 1}"#, "config: \"on\" is 1.0, wanted true or false"),
      (#"{"on": [1]}"#, "config: found \"[1]}\", wanted a string, a number, true, false or null"),
      (#"[1]"#, "config: found \"[1]\", wanted an object {...}"),
    ])
  func wrongConfig(config: String, wanted: String) throws {
    let found = message { _ = try evaluate("ok", config: config) }
    #expect(found == "objective org.attune.test.probe: create returned -16: \(wanted)")
  }

  @Test("the example builds by its Makefile and keeps what it claims")
  func example() throws {
    let folder = "\(Compiled.root)/examples-c/elastic-net"
    let make = try Compiled.run("make", ["-C", folder])
    #expect(make.status == 0, "\(make.text)")
    let objective = try PluginObjective(path: "\(folder)/elastic-net.attune.so")
    let trial = try RecordedTrial(
      objective.descriptor.space,
      [("alpha", .float(0.1)), ("l1_ratio", .float(0.5)), ("features", .string("plain"))])
    let (evaluation, values) = try objective.evaluate(trial)
    #expect(evaluation == .complete)
    // Least squares has about 54 to 55 on this table; the mean alone 77.
    #expect((50...58).contains(values[0]))
    #expect(trial.record.reports.count == 5)
    #expect(trial.record.attributes["mean_features_used"] != nil)
    #expect(
      message {
        _ = try PluginObjective(
          path: "\(folder)/elastic-net.attune.so", config: #"{"data": "none.csv"}"#)
      }
      .contains("create returned -16: cannot open the table (No such file or directory); tried"))
  }
}

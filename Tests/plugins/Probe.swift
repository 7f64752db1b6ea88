// A plugin in Swift that does what its parameter says.

import AttunePlugin

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

final class Probe: PluginObjective {
  static let description = PluginDescription(
    id: "org.attune.test.probe", name: "Pröbe \"quoted\"", version: "1.0.0",
    space: [
      .choice(
        "what",
        [
          "ok", "throw", "throw-other", "prune", "count", "unknown", "kind", "inactive", "report",
          "config", "refused", "cancel", "pause",
        ]),
      .float("x", 1e-3...1, log: true),
      .int("n", 2...8, step: 2),
      .bool("flag"),
      .float("deep", 0...1, step: 0.25).when("flag", is: true).when("n", in: 4...8),
      .json("fixed", members: #""type": "fixed", "value": 7"#),
      .json("numbers", members: #""type": "categorical", "choices": [1, 2.5, "three"]"#),
    ],
    directions: [.maximize, .minimize], capabilities: [.gradient])

  struct Odd: Error {}

  let text: String

  init(config: PluginConfig) throws {
    try config.refuseOthers(than: "name", "count", "rate", "on")
    let name = try config.string("name", default: "none")
    let count = try config.int("count", default: 3, in: 1...9)
    let rate = try config.float("rate", default: 0.5)
    text = "\(name) \(count) \(rate) \(try config.bool("on", default: false))"
  }

  func evaluate(_ trial: PluginTrial) throws -> [Double] {
    switch try trial.choice("what") {
    case "throw": throw PluginError("the matrix is singular", code: 9)
    case "throw-other": throw Odd()
    case "prune": throw PluginTrial.Pruned()
    case "count": return [1]
    case "unknown": return [try trial.float("y"), 0]
    case "kind": return [Double(try trial.int("x")), 0]
    case "inactive": return [try trial.float("deep"), 0]
    case "report":
      try trial.report(step: 0, 1, 2)
      try trial.setAttribute("text", "a \"b\"\n\u{1}ö")
      try trial.setAttribute("number", 0.1)
      try trial.setAttribute("endless", -Double.infinity)
      try trial.setConstraint("memory", -1)
      trial.log(.info, "hello")
    case "refused": try trial.report(step: 0, 1)
    case "config": throw PluginError(text)
    case "pause":
      let file = trial.mayPause ? try trial.stateFolder() + "/step" : ""
      if trial.isResumed { return [Double(try contents(of: file)) ?? -1, 0] }
      try trial.report(step: 3, 1, 2)
      guard trial.shouldPrune else { break }
      guard trial.mayPause else { throw PluginTrial.Pruned() }
      try keep("3", in: file)
      throw PluginTrial.Paused()
    case "cancel": trial.requestCancel("enough")
    default: break
    }
    if trial.wantsGradient {
      try trial.setDerivative(of: 1, by: "x", 5)
      try trial.setDerivative(by: "n", 6)
    }
    let deep = trial.isActive("deep") ? try trial.float("deep") : -1
    let numbers = try trial.choiceIndex("numbers") < 2 ? try trial.float("numbers") : 0
    return [
      try trial.float("x") + Double(try trial.int("n")) + numbers,
      deep + (try trial.bool("flag") ? 100 : 0) + Double(try trial.int("fixed") * 1000),
    ]
  }
}

private func keep(_ text: String, in path: String) throws {
  guard let file = fopen(path, "w") else { throw PluginError("cannot write \(path)") }
  fputs(text, file)
  fclose(file)
}

private func contents(of path: String) throws -> String {
  guard let file = fopen(path, "r") else { throw PluginError("cannot read \(path)") }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 64)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes[..<count], as: UTF8.self)
}

let plugin = Plugin(
  id: "org.attune.test.swift", name: "Swift tests", version: "1.0.0", objectives: [Probe.self])

@_cdecl("attune_plugin_entry_v1")
public func entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafeRawPointer? {
  plugin.entry(hostMajor, hostMinor)
}

import AttuneCore
import AttuneObjectives
import Foundation
import Testing

struct PluginLibraryTests {
  @Test("a plugin describes itself and its objectives")
  func describes() throws {
    let library = try PluginLibrary(path: Compiled.plugin("good.c"))
    #expect(library.id == "org.attune.test")
    #expect(library.version == "1.2.3")
    #expect(library.license == "Apache-2.0")
    #expect(library.abi == "1.0")
    #expect(library.objectives.map(\.name) == ["echo", "sphere", "mode", "pair", "alone"])
    let pair = try library.objective("org.attune.test.pair")
    #expect(pair.directions == [.maximize, .minimize])
    let sphere = try library.objective("org.attune.test.sphere")
    #expect(sphere.capabilities == [.threadSafe, .deterministic, .gradient])
    #expect(sphere.space.parameters.map(\.name) == ["x", "y"])
    #expect(sphere.summary == "tests sphere")
    #expect(library.json["objectives"]?.arrayValue?.count == 5)
  }

  @Test("an objective is chosen by id, and a wrong or missing id lists the right ones")
  func choosing() throws {
    let library = try PluginLibrary(path: Compiled.plugin("good.c"))
    #expect(
      message { _ = try library.objective() }.hasSuffix(
        "has 5 objectives, wanted the id of one: org.attune.test.echo, org.attune.test.sphere, "
          + "org.attune.test.mode, org.attune.test.pair, org.attune.test.alone"))
    let found = message { _ = try library.objective("org.attune.test.spere") }
    #expect(
      found.contains(
        "has no objective \"org.attune.test.spere\" (did you mean \"org.attune.test.sphere\"?), wanted one of"
      ))
  }

  @Test(
    "a plugin that breaks the contract is refused, naming file, found and wanted",
    arguments: [
      ("NO_ENTRY", "it does not export attune_plugin_entry_v1, wanted a plugin"),
      ("ENTRY_NULL", "attune_plugin_entry_v1 returned NULL for ABI 1.0, wanted a plugin"),
      ("WRONG_MAJOR", "abi_major is 2, wanted 1"),
      ("SMALL_PLUGIN", "struct_size of the plugin is 16, wanted at least 64"),
      ("TINY_PLUGIN", "struct_size of the plugin is 4, wanted at least 64"),
      ("SMALL_OBJECTIVE", "struct_size of objective 0 is 80, wanted at least 96"),
      ("NULL_ID", "id of the plugin is NULL, wanted a text"),
      (
        "BAD_ID",
        "id of objective 0 is \"Org.Broken/One\", wanted 1 to 255 of the characters a-z 0-9 . _ -"
      ),
      ("EMPTY_ID", "id of objective 0 is \"\", wanted 1 to 255"),
      ("NULL_NAME", "name of objective \"org.broken.one\" is NULL, wanted a text"),
      ("NULL_VERSION", "version of the plugin is NULL, wanted a text"),
      (
        "NOT_UTF8",
        "description of objective \"org.broken.one\" is \"caf\u{FFFD}\", which is not UTF-8"
      ),
      ("NO_VALUES", "n_values of objective \"org.broken.one\" is 0, wanted 1 to 65536"),
      ("MANY_VALUES", "is 4000000000, wanted 1 to 65536"),
      ("NULL_SPACE", "space_json of objective \"org.broken.one\" is NULL"),
      ("BAD_JSON", "space_json of objective \"org.broken.one\": space: line 1, column"),
      ("BAD_SPACE", "space_json of objective \"org.broken.one\": parameter \"x\": low is 2"),
      ("NO_EVALUATE", "evaluate of objective \"org.broken.one\" is NULL, wanted a function"),
      ("NO_OBJECTIVES", "n_objectives is 0, wanted 1 to 4096"),
      ("NULL_OBJECTIVES", "objectives is NULL, wanted 1 pointers"),
      ("NULL_OBJECTIVE", "objective 0 is NULL, wanted a descriptor"),
      ("SAME_IDS", "id of objective 1 is \"org.broken.one\" once more, wanted different ids"),
      (
        "BAD_DIRECTION",
        "direction 0 of objective \"org.broken.one\" is 2, wanted 0 (minimize) or 1"
      ),
    ])
  func broken(variant: String, wanted: String) throws {
    let path = try Compiled.plugin("broken.c", variant)
    let found = message { _ = try PluginLibrary(path: path) }
    #expect(found.hasPrefix("plugin \(path): "), "\(found)")
    #expect(found.contains(wanted), "\(found)")
  }

  @Test("an exception that leaves the entry is told")
  func throwingEntry() throws {
    let path = try Compiled.plugin("throws.cpp", "ENTRY_THROWS")
    #expect(
      message { _ = try PluginLibrary(path: path) }
        == "plugin \(path): attune_plugin_entry_v1 threw a C++ exception: entry has enough")
  }

  private func file(_ name: String, _ bytes: [UInt8], mode: Int = 0o644) throws -> String {
    let path = "\(Compiled.folder)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test("a file that cannot be a plugin is refused before any of it runs")
  func notAPlugin() throws {
    func refusal(_ path: String) -> String { message { _ = try PluginLibrary(path: path) } }
    #expect(
      refusal("svm.attune.so")
        == "plugin svm.attune.so: the path has no /, wanted one such as ./svm.attune.so")
    #expect(refusal("./none.attune.so") == "plugin ./none.attune.so: No such file or directory")
    let native = try Compiled.native()
    #expect(
      refusal(native)
        == "plugin \(native): the name does not end in .attune.so, wanted NAME.attune.so")
    let text = try file("text.attune.so", Array("#!/bin/sh\necho I am a script\n".utf8))
    #expect(refusal(text) == "plugin \(text): the file is no ELF file, wanted a shared object")
    let short = try file("short.attune.so", [0x7F, 0x45, 0x4C, 0x46])
    #expect(refusal(short).hasSuffix("the file is no ELF file, wanted a shared object"))
    var header: [UInt8] =
      [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] + Array(repeating: 0, count: 9) + [3, 0, 40, 0]
    let arm = try file("arm.attune.so", header)
    #expect(refusal(arm).contains("the file has 32 bits for ARM, wanted 64 bits for "))
    header[16] = 2
    #expect(
      refusal(try file("program.attune.so", header)).contains(
        "the file is a program, wanted a shared"))
    header[16] = 1
    #expect(
      refusal(try file("object.attune.so", header)).contains("the file is an object file, wanted"))
    let folder = "\(Compiled.folder)/folder.attune.so"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(refusal(folder).hasSuffix("is no regular file, wanted one"))
  }

  @Test("a file that others could change is refused unless that is allowed")
  func unsafePath() throws {
    let source = try Compiled.plugin("good.c")
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: source)))
    let path = try file("open.attune.so", bytes, mode: 0o666)
    #expect(
      message { _ = try PluginLibrary(path: path) }
        == "plugin \(path): the file can be written by everyone, wanted a file only its owner "
        + "writes, or allow_unsafe_path")
    #expect(
      try PluginLibrary(path: path, trust: PluginTrust(allowsUnsafePath: true)).id
        == "org.attune.test")

    let folder = "\(Compiled.folder)/open"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    let inside = try file("open/inside.attune.so", bytes)
    #expect(
      message { _ = try PluginLibrary(path: inside) }.contains(
        "its folder can be written by everyone"))
    let link = "\(Compiled.folder)/link.attune.so"
    try? FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: inside)
    #expect(message { _ = try PluginLibrary(path: link) }.hasPrefix("plugin \(inside): its folder"))
  }

  @Test("a pinned file loads only with its own digest")
  func pinned() throws {
    let path = try Compiled.plugin("good.c")
    let sum = try Compiled.run("sha256sum", [path]).text.prefix(64)
    _ = try PluginLibrary(path: path, trust: PluginTrust(sha256: sum.uppercased()))
    let zeros = String(repeating: "0", count: 64)
    #expect(
      message { _ = try PluginLibrary(path: path, trust: PluginTrust(sha256: zeros)) }
        == "plugin \(path): the SHA-256 of \(path) is \(sum), wanted \(zeros)")
  }
}

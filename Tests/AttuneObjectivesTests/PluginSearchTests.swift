import AttuneCore
import AttuneObjectives
import Foundation
import Testing

/// Searches and scans with the real `attune-worker` that the package builds.
struct PluginSearchTests {
  private static let worker: String? = {
    // The test bundle and the worker lie in one folder.
    let folder = Bundle.main.executableURL?.deletingLastPathComponent().path ?? ""
    return [
      "\(folder)/attune-worker", "\(Compiled.root)/.build/debug/attune-worker",
      "\(Compiled.root)/.build/release/attune-worker",
    ]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// A folder with copies of these files.
  private func folder(_ name: String, _ files: [(name: String, path: String)]) throws -> String {
    let folder = "\(Compiled.folder)/\(name)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in files {
      try FileManager.default.copyItem(atPath: file.path, toPath: "\(folder)/\(file.name)")
    }
    return folder
  }

  @Test("ids of plugins and objectives lead to their files; the first one wins")
  func finds() throws {
    let worker = try #require(Self.worker)
    let good = try Compiled.plugin("good.c")
    let first = try folder("search-1", [("good.attune.so", good), ("notes.txt", #filePath)])
    let second = try folder(
      "search-2",
      [
        ("other.attune.so", good),
        ("broken.attune.so", try Compiled.plugin("broken.c", "WRONG_MAJOR")),
        ("crash.attune.so", try Compiled.plugin("broken.c", "ENTRY_CRASH")),
      ])
    let search = PluginSearch(
      extraPath: "\(first):\(second)", worker: worker, cacheFolder: "\(Compiled.folder)/cache")
    #expect(search.folders.prefix(2) == [first, second])
    let listings = try search.scan()
    #expect(listings.count == 4)
    #expect(listings[0].id == "org.attune.test")
    #expect(listings[0].objectiveIDs.count == 5)
    #expect(listings[0].shadowedBy == nil)
    let byName = Dictionary(
      uniqueKeysWithValues: listings.dropFirst().map {
        (($0.path as NSString).lastPathComponent, $0)
      })
    #expect(byName["other.attune.so"]?.shadowedBy == "\(first)/good.attune.so")
    #expect(
      byName["broken.attune.so"]?.error?.message
        == "plugin \(second)/broken.attune.so: abi_major is 2, wanted 1")
    let crash = try #require(byName["crash.attune.so"]?.error?.message)
    #expect(
      crash.hasPrefix(
        "plugin \(second)/crash.attune.so: it crashed while describing itself: SIGABRT"))
    #expect(byName["crash.attune.so"]?.json["error"]?.stringValue == crash)

    #expect(try search.find("org.attune.test").path == "\(first)/good.attune.so")
    let sphere = try search.find("org.attune.test.sphere")
    #expect(sphere.path == "\(first)/good.attune.so")
    #expect(sphere.objective == "org.attune.test.sphere")
    #expect(try search.find("./here.attune.so").path == "./here.attune.so")
    let objective = try PluginObjective(reference: "org.attune.test.sphere", search: search)
    #expect(objective.description.path == "\(first)/good.attune.so")
    let missing = message { _ = try search.find("org.attune.tst") }
    #expect(
      missing.hasPrefix(
        "no plugin \"org.attune.tst\" (did you mean \"org.attune.test\"?); looked in \(first), \(second)"
      ), "\(missing)")
    #expect(missing.contains("abi_major is 2, wanted 1"))
    #expect(
      message { _ = try search.find("here.attune.so") }.hasSuffix(
        "for a file write ./here.attune.so"))
  }

  @Test("the scanner is missing: the error says where it was looked for and how to name it")
  func noWorker() throws {
    let first = try folder("search-3", [("good.attune.so", try Compiled.plugin("good.c"))])
    let search = PluginSearch(extraPath: first, worker: "/none/attune-worker")
    #expect(
      message { _ = try search.scan() }
        == "option worker is /none/attune-worker, which is no program, wanted the path of attune-worker"
    )
  }

  @Test("a description is kept until the file changes")
  func cache() throws {
    let worker = try #require(Self.worker)
    let folder = try folder("search-4", [("good.attune.so", try Compiled.plugin("good.c"))])
    let cache = "\(Compiled.folder)/cache-4"
    func scan(_ worker: String) throws -> PluginSearch.Listing {
      let search = PluginSearch(extraPath: folder, worker: worker, cacheFolder: cache)
      return try #require(try search.scan().first)
    }
    #expect(
      try scan("/bin/false").error?.message.contains("attune-worker gave no description") == true)
    #expect(try scan(worker).objectiveIDs.count == 5)
    #expect(try scan("/bin/false").objectiveIDs.count == 5)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -100)],
      ofItemAtPath: "\(folder)/good.attune.so")
    #expect(try scan("/bin/false").error != nil)
    #expect(try scan(worker).objectiveIDs.count == 5)
    // What the cache holds does not matter when it is broken.
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(cache)/attune/plugins-1") {
      try "{\"key\": ".write(
        toFile: "\(cache)/attune/plugins-1/\(file)", atomically: true, encoding: .utf8)
    }
    #expect(try scan(worker).objectiveIDs.count == 5)
  }

  @Test("a plugin that hangs while it describes itself is given up")
  func hanging() throws {
    let worker = try #require(Self.worker)
    let folder = try folder(
      "search-5", [("hang.attune.so", try Compiled.plugin("broken.c", "ENTRY_HANG"))])
    let search = PluginSearch(
      extraPath: folder, worker: worker,
      cacheFolder: "\(Compiled.folder)/cache-5",
      scanTimeout: 0.5)
    let listing = try #require(try search.scan().first)
    #expect(
      listing.error?.message == "plugin \(folder)/hang.attune.so: no description after 0.5 s")
  }

  private func check(_ arguments: String...) throws -> (status: Int32, text: String) {
    try Compiled.run(
      try #require(Self.worker), arguments, environment: ["SWIFT_BACKTRACE": "enable=no"])
  }

  @Test("the scan prints one line of JSON, also for what cannot be loaded")
  func scan() throws {
    let path = try Compiled.plugin("good.c")
    let good = try check("--scan", path)
    #expect(good.status == 0)
    let json = try JSON(parsing: good.text)
    #expect(json["id"] == "org.attune.test")
    let echo = json["objectives"]?.arrayValue?.first
    #expect(echo?["space"]?["depth"]?["high"] == 10)
    #expect(echo?["config_schema"]?["type"]?.arrayValue?.count == 2)
    let bad = try check("--scan", Compiled.plugin("broken.c", "NO_VALUES"))
    #expect(bad.status == 1)
    #expect(try JSON(parsing: bad.text)["error"]?.stringValue?.contains("n_values") == true)
    #expect(try check("--scan").status == 2)
    #expect(try check("--frob").text.hasPrefix("attune-worker: unknown argument --frob"))
  }

  @Test("the check passes what keeps its claims")
  func checkPasses() throws {
    let path = try Compiled.plugin("good.c")
    let found = try check(
      "--check", path, "--objective", "org.attune.test.sphere", "--evaluations", "20")
    #expect(found.status == 0, "\(found.text)")
    #expect(
      found.text.contains(
        "ok   org.attune.test.sphere: thread_safe: 8 threads on one instance gave the serial results"
      ))
    #expect(found.text.contains("ok   org.attune.test.sphere: repeatable: the same bits twice"))
    #expect(found.text.contains("ok   org.attune.test.sphere: gradient: 20 of 20 points filled it"))
    let json = try check("--check", path, "--objective", "org.attune.test.pair", "--json")
    // Its first report has one value for two: the host refuses, and the check says so.
    #expect(try JSON(parsing: json.text)["path"]?.stringValue == path)
  }

  @Test("the check has a trial pause and go on, and finds steps that come twice")
  func checkPauses() throws {
    let found = try check("--check", Compiled.plugin("counting.cpp"))
    #expect(found.status == 0)
    #expect(
      found.text.contains(
        "ok   org.attune.test.counting: pause: paused at step 1, it went on to the same bits"),
      "\(found.text)")
    let repeating = try check("--check", Compiled.plugin("counting.cpp", "REPEATS"))
    #expect(repeating.status == 1)
    #expect(
      repeating.text.contains("pause: paused after step 1, it goes on with step 1"),
      "\(repeating.text)")
  }

  @Test(
    "the check names what does not hold",
    arguments: [
      ("UNREPEATABLE", "FAIL org.claims.one: repeatable: point 0 gave"),
      ("RACE", "FAIL org.claims.one: thread_safe: thread "),
      ("SILENT", "FAIL org.claims.one: intermediate: 0 of 16 points reported"),
      ("DEAF", "FAIL org.claims.one: cancel: 0 of 16 points polled should_stop"),
      ("NO_GRADIENT", "FAIL org.claims.one: gradient: 0 of 16 points filled it"),
      ("FORGETS", "FAIL org.claims.one: evaluate: point 0 left value 0 NaN"),
      ("RESTLESS", "FAIL org.claims.one: pause: it never asked should_prune after a report"),
      ("BOTH", "FAIL org.claims.one: claims: thread_safe, process_only"),
    ])
  func checkFails(variant: String, wanted: String) throws {
    let found = try check("--check", Compiled.plugin("claims.c", variant))
    #expect(found.status == 1)
    #expect(found.text.contains(wanted), "\(found.text)")
  }
}

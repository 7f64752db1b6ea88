import AttuneCore
import AttuneStorage
import Foundation
import Testing

@Suite("Journals")
struct JournalStorageTests {
  @Test("events of every kind come back from the file as they were, bit for bit")
  func everyKind() throws {
    let path = JournalSamples.path()
    let events = try JournalSamples.events()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    #expect(try store.exchange(events).isEmpty)
    let (definition, other) = try JournalStorage.open(path: path, name: "s")
    #expect(definition.seed == 1 && definition.created == 1_700_000_000_000_000)
    #expect(try other.exchange([]).texts == events.texts)
    #expect(try other.exchange([]).isEmpty, "each event is handed over once")
    #expect(try store.exchange([]).isEmpty, "one's own events are not handed over")
  }

  @Test("the file is JSON lines with the header first, readable by any program")
  func lines() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    try store.exchange([.claimed(number: 0, origin: .strategy, time: 5), .dequeued])
    let text = String(decoding: try JournalSamples.bytes(path), as: UTF8.self)
    #expect(
      text == """
        {"journal":"attune","version":1}
        {"study":0,"create":{"name":"s","directions":["minimize"],"strategy":"random","seed":1,\
        "created":"2023-11-14 22:13:20.000000"}}
        {"study":0,"claim":0,"origin":"strategy","time":5}
        {"study":0,"dequeue":true}

        """)
  }

  @Test("a last line torn at any byte is cut off, and nothing else")
  func torn() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    try store.exchange([.claimed(number: 0, origin: .strategy, time: 1)])
    let whole = try JournalSamples.bytes(path)
    try store.exchange([
      .attribute(number: 0, key: "k", json: "\"\(String(repeating: "x", count: 40))é\"")
    ])
    let longer = try JournalSamples.bytes(path)
    for end in whole.count..<longer.count {
      try longer.prefix(end).write(to: URL(fileURLWithPath: path))
      let (_, reader) = try JournalStorage.open(path: path, name: nil)
      #expect(try reader.exchange([.dequeued]).count == 1, "cut at \(end)")
      let repaired = try JournalSamples.bytes(path)
      #expect(repaired.prefix(whole.count) == whole)
      #expect(
        String(decoding: repaired.dropFirst(whole.count), as: UTF8.self)
          == "{\"study\":0,\"dequeue\":true}\n")
      let bytes = end - whole.count
      #expect(
        bytes == 0
          || JournalSamples.log.has(
            "storage: \(path): cut off \(bytes) bytes of a line that was not finished")
      )
    }
  }

  @Test("a tail torn while the study is open is cut off by the next to write")
  func tornWhileOpen() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    let before = try JournalSamples.bytes(path)
    let tail = Data(String(repeating: "{\"study\":0,", count: 20_000).utf8)
    // Appended in place: the store has this very file open.
    let handle = try #require(FileHandle(forWritingAtPath: path))
    handle.seekToEndOfFile()
    handle.write(tail)
    #expect(try store.exchange([.dequeued]).isEmpty)
    #expect(try JournalSamples.bytes(path).count == before.count + 27)
  }

  @Test("a header torn at any byte makes an empty journal again")
  func tornHeader() throws {
    let header = "{\"journal\":\"attune\",\"version\":1}"
    for end in 0...header.utf8.count {
      let path = JournalSamples.path()
      try JournalSamples.write(String(header.prefix(end)), to: path)
      #expect(try JournalStorage.definitions(path: path).isEmpty)
      let store = try JournalStorage.create(JournalSamples.definition(), path: path)
      try store.exchange([.dequeued])
      #expect(try JournalStorage.definitions(path: path).map(\.name) == ["s"])
    }
  }

  @Test(
    "a file that is none of ours is refused and not a byte of it changed",
    arguments: [
      ("hello", "its first line has no end"),
      ("hello\n", "its first line is no JSON"),
      ("hello\nworld", "its first line is no JSON"),
      (
        "{\"a\": 1}\n{\"a\": 2",
        "its first line is {\"a\": 1}, wanted {\"journal\":\"attune\",\"version\":1}"
      ),
      ("{\"a\": 1}", "its first line has no end"),
      ("[]\n", "its first line is [], wanted {\"journal\":\"attune\",\"version\":1}"),
      ("\n", "its first line is no JSON"),
      ("{\"journal\":\"attune\"}\nx", "its version is missing, wanted 1"),
      ("{\"journal\":\"attune\",\"version\":\"1\"}\nx", "its version is \"1\", wanted 1"),
      ("{\"journal\":\"attune\",\"version\":0}\n", "its version is 0, wanted 1"),
      (
        "{\"journal\":\"other\",\"version\":1}\nx",
        "its first line is {\"journal\": \"other\", \"version\": 1}, wanted {\"journal\":\"attune\",\"version\":1}"
      ),
    ])
  func foreign(text: String, why: String) throws {
    let path = JournalSamples.path()
    try JournalSamples.write(text, to: path)
    let wanted = "\(path): is no Attune journal: \(why)"
    #expect(
      message { () throws(AttuneError) in
        try JournalStorage.create(JournalSamples.definition(), path: path)
      } == wanted)
    #expect(
      message { () throws(AttuneError) in try JournalStorage.open(path: path, name: nil) } == wanted
    )
    #expect(
      message { () throws(AttuneError) in try JournalStorage.delete(path: path, name: "s") }
        == wanted)
    #expect(try JournalSamples.bytes(path) == Data(text.utf8))
  }

  @Test("a journal of a newer version is refused and left alone")
  func newer() throws {
    let path = JournalSamples.path()
    for text in [
      "{\"journal\":\"attune\",\"version\":2}\n", "{\"journal\":\"attune\",\"version\":2}\n{\"x",
    ] {
      try JournalSamples.write(text, to: path)
      let error = thrownError { () throws(AttuneError) in
        try JournalStorage.open(path: path, name: nil)
      }
      #expect(error?.code == .storage)
      #expect(
        error?.message == "\(path): was written by a newer Attune: version 2, wanted at most 1")
      #expect(try JournalSamples.bytes(path) == Data(text.utf8))
    }
  }

  @Test(
    "a garbage line is named by its number, again and again",
    arguments: [
      ("garbage", "line 4, column 1"),
      ("{\"study\":0,\"claim\":}", "line 4, column 20"),
      ("", "line 4"),
      (
        "{\"study\":0,\"claim\":\"x\",\"origin\":\"strategy\",\"time\":1}", "line 4: claim is \"x\""
      ),
      (
        "{\"study\":0,\"claim\":1,\"origin\":\"nobody\",\"time\":1}", "line 4: origin is \"nobody\""
      ),
      ("{\"study\":0,\"claim\":1.5,\"origin\":\"strategy\",\"time\":1}", "line 4: claim is 1.5"),
      ("{\"study\":0,\"ask\":1}", "line 4: params is missing"),
      ("{\"study\":0,\"ask\":1,\"params\":{\"x\":[1]}}", "line 4: params: \"x\" is [1]"),
      ("{\"study\":0,\"report\":1,\"step\":1,\"values\":[\"a\"]}", "line 4: values is"),
      (
        "{\"study\":0,\"finish\":1,\"state\":\"RUNNING\",\"time\":1}",
        "line 4: state is \"RUNNING\""
      ),
      (
        "{\"study\":0,\"suggest\":0,\"name\":\"x\",\"parameter\":{\"type\":\"int\",\"low\":2,\"high\":1},\"value\":1}",
        "line 4: parameter \"x\": low is 2"
      ),
      ("{\"study\":0,\"what\":1}", "line 4: unknown event"),
    ])
  func garbage(line: String, place: String) throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    try store.exchange([.claimed(number: 0, origin: .strategy, time: 1)])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    handle.seekToEndOfFile()
    handle.write(Data("\(line)\n".utf8))
    let before = try JournalSamples.bytes(path)
    for _ in 0..<2 {
      let kept = message { () throws(AttuneError) in try store.exchange([.dequeued]) }
      #expect(kept.hasPrefix("\(path): \(place)"), "\(kept)")
      let opened = message { () throws(AttuneError) in
        try JournalStorage.open(path: path, name: nil).store.exchange([.dequeued])
      }
      #expect(opened.hasPrefix("\(path): \(place)"), "\(opened)")
    }
    #expect(
      try JournalSamples.bytes(path) == before, "nothing is written behind what cannot be read")
  }

  @Test(
    "an event that its reader refuses is named by its line, and the events before it stay taken")
  func refusedByReader() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    let (_, other) = try JournalStorage.open(path: path, name: nil)
    try store.exchange((0..<5).map { .claimed(number: $0, origin: .strategy, time: 1) })
    var taken: [Int] = []
    func read() -> String {
      message { () throws(AttuneError) in
        try other.transact(keeps: true) { event throws(AttuneError) in
          guard case .claimed(let number, _, _) = event, number < 3 else {
            throw AttuneError(.storage, "too many")
          }
          taken.append(number)
        } _: {
          []
        }
      }
    }
    for _ in 0..<3 { #expect(read() == "\(path): line 6: too many") }
    #expect(taken == [0, 1, 2])
  }

  @Test("what others appended is taken in once, also when the call that took it in then fails")
  func failingBody() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    let (_, other) = try JournalStorage.open(path: path, name: nil)
    try store.exchange([.dequeued])
    var taken = 0
    let text = message { () throws(AttuneError) in
      try other.transact(keeps: true) { _ in
        taken += 1
      } _: { () throws(AttuneError) in
        throw AttuneError(.invalidState, "no")
      }
    }
    #expect(text == "no")
    #expect(try other.exchange([]).isEmpty)
    #expect(taken == 1)
  }

  @Test(
    "definitions that are malformed or absurd are named by their line",
    arguments: [
      ("{\"study\":0,\"create\":{\"name\":1}}", "line 2: study: name is 1, wanted a string"),
      (
        "{\"study\":9223372036854775807,\"create\":{\"name\":\"a\"}}",
        "line 2: study is 9223372036854775807, wanted a small number"
      ),
      ("{\"study\":-1,\"create\":{\"name\":\"a\"}}", "line 2: study is -1, wanted a small number"),
    ])
  func malformedDefinitions(line: String, text: String) throws {
    let path = JournalSamples.path()
    try JournalSamples.write("{\"journal\":\"attune\",\"version\":1}\n\(line)\n", to: path)
    #expect(
      message { () throws(AttuneError) in try JournalStorage.definitions(path: path) }
        == "\(path): \(text)")
  }

  @Test("a file that was deleted, has shrunk or is missing is an error, not a new file")
  func gone() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    try store.exchange([.dequeued])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 40)
    let shrunk = thrownError { () throws(AttuneError) in try store.exchange([.dequeued]) }
    #expect(shrunk?.code == .storage)
    #expect(shrunk?.message.contains("the file has shrunk from ") == true)
    unlink(path)
    let deleted = thrownError { () throws(AttuneError) in try store.exchange([.dequeued]) }
    #expect(deleted?.code == .storage)
    #expect(deleted?.message == "\(path): the file was deleted while the study was open")
    #expect(!FileManager.default.fileExists(atPath: path))
    let missing = thrownError { () throws(AttuneError) in
      try JournalStorage.open(path: path, name: nil)
    }
    #expect(missing?.code == .notFound)
    #expect(missing?.message == "\(path): cannot be opened: No such file or directory")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("folders and unreadable places are errors with the system's reason")
  func unopenable() {
    let folder = NSTemporaryDirectory()
    let error = thrownError { () throws(AttuneError) in
      try JournalStorage.create(JournalSamples.definition(), path: folder)
    }
    #expect(error?.code == .io)
    #expect(error?.message == "\(folder): cannot be opened: Is a directory")
  }

  @Test("params named like the words of the file are params")
  func words() throws {
    let path = JournalSamples.path()
    let store = try JournalStorage.create(JournalSamples.definition(), path: path)
    let names = ["create", "delete", "study", "ask", "claim", "finish"]
    let event = StudyEvent.enqueued(params: names.map { ($0, .bool(true)) })
    try store.exchange([event, .attribute(number: nil, key: "delete", json: "{\"create\": {}}")])
    #expect(try JournalStorage.definitions(path: path).count == 1)
    let (_, other) = try JournalStorage.open(path: path, name: "s")
    let events = try other.exchange([])
    #expect(events.count == 2)
    #expect("\(events[0])" == "\(event)")
  }

  @Test("writers on many threads append whole lines, none lost and none mixed")
  func threads() async throws {
    let path = JournalSamples.path()
    _ = try JournalStorage.create(JournalSamples.definition(), path: path)
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          do throws(AttuneError) {
            let (_, store) = try JournalStorage.open(path: path, name: nil)
            for index in 0..<100 {
              try store.exchange([
                .attribute(
                  number: nil, key: "\(writer)",
                  json: "\"\(String(repeating: "x", count: index * 30))\""),
                .constraint(number: writer, name: "\(index)", value: 0),
              ])
            }
          } catch {
            Issue.record("\(error)")
          }
        }
      }
    }
    let (_, reader) = try JournalStorage.open(path: path, name: nil)
    var counts = [Int](repeating: 0, count: 4)
    var last: String?
    for event in try reader.exchange([]) {
      switch event {
      case .attribute(_, let key, _): last = key
      case .constraint(let number, let name, _):
        // Both lines of a call stand together, and each writer's calls are in order.
        #expect(last == "\(number)" && name == "\(counts[number])")
        counts[number] += 1
      default: Issue.record("\(event)")
      }
    }
    #expect(counts == [100, 100, 100, 100])
  }
}

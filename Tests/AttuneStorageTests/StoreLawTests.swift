import AttuneCore
import Foundation
import Testing

@testable import AttuneStorage

/// What every store promises, whatever its database.
@Suite("Laws of stores")
struct StoreLawTests {
  @Test(
    "events of every kind come back as they were, bit for bit", arguments: Place.allCases,
    [true, false])
  func everyKind(place: Place, definesSpace: Bool) throws {
    let database = try place.database()
    let events = try StoreSamples.events(definesSpace: definesSpace)
    let definition = StoreSamples.definition(space: definesSpace ? try StoreSamples.space() : nil)
    let store = try database.create(definition)
    #expect(try store.exchange(events).isEmpty)
    let (opened, other) = try database.open(name: "s") { _, _ in definition }
    #expect(opened.seed == 1 && opened.created == 1_700_000_000_000_000)
    #expect(opened.space == definition.space)
    #expect(try other.exchange([]).texts == events.texts)
    #expect(try other.exchange([]).isEmpty, "each event is handed over once")
    #expect(try store.exchange([]).isEmpty, "one's own events are not handed over")
    #expect(try other.exchange([.claimed(number: 4, origin: .strategy, time: 20)]).isEmpty)
    #expect(try store.exchange([]).count == 1)
  }

  @Test(
    "what others appended is taken in once, also when the call that took it in then fails",
    arguments: Place.allCases)
  func failingBody(place: Place) throws {
    let database = try place.database()
    let store = try database.create(StoreSamples.definition())
    let other = try database.open()
    try store.exchange([.claimed(number: 0, origin: .strategy, time: 1)])
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
    "an event that its reader refuses is named, and the events before it stay taken",
    arguments: Place.allCases)
  func refusedByReader(place: Place) throws {
    let database = try place.database()
    let store = try database.create(StoreSamples.definition())
    let other = try database.open()
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
    for _ in 0..<3 { #expect(read().hasSuffix(": event 4 of the study: too many")) }
    #expect(taken == [0, 1, 2])
  }

  @Test(
    "studies of one database are kept apart, listed in order and deleted by name",
    arguments: Place.allCases)
  func several(place: Place) throws {
    let database = try place.database()
    let a = try database.create(StoreSamples.definition("a"))
    let b = try database.create(StoreSamples.definition("b", directions: [.maximize, .minimize]))
    try a.exchange([
      .claimed(number: 0, origin: .strategy, time: 1), .asked(number: 0, params: [], seen: 0),
      .finished(number: 0, state: .complete, values: [2], failure: nil, time: 2),
    ])
    try b.exchange([.claimed(number: 0, origin: .strategy, time: 1)])
    try a.exchange([.claimed(number: 1, origin: .strategy, time: 3)])
    let studies = try database.studies()
    #expect(studies.map(\.name) == ["a", "b"])
    #expect(studies.map(\.trialCount) == [2, 1])
    #expect(studies.map(\.bestValue) == [2, nil])
    #expect(studies[1].directions == [.maximize, .minimize])
    let taken = thrownError { () throws(AttuneError) in
      try database.create(StoreSamples.definition("a"))
    }
    #expect(taken?.code == .alreadyExists)
    try database.delete(name: "a")
    #expect(try database.studies().map(\.name) == ["b"])
    for _ in 0..<2 {
      let error = thrownError { () throws(AttuneError) in
        try a.exchange([.claimed(number: 2, origin: .strategy, time: 1)])
      }
      #expect(error?.code == .notFound)
      #expect(error?.message.hasPrefix("study \"a\" was deleted from ") == true)
    }
    // A study that takes its name, and perhaps its place, is not the one that was open.
    _ = try database.create(StoreSamples.definition("c"))
    #expect(throws: AttuneError.self) { try a.exchange([]) }
    #expect(try b.exchange([]).isEmpty)
  }

  @Test("a claim that fails takes no number", arguments: Place.allCases)
  func failedClaim(place: Place) throws {
    let database = try place.database()
    let store = try database.create(StoreSamples.definition())
    let error = thrownError { () throws(AttuneError) in
      try store.transact(keeps: false) { _ in
      } _: {
        // The second is refused by the database: the first must go too.
        [
          .claimed(number: 0, origin: .strategy, time: 1),
          .finished(number: 0, state: .fail, values: [], failure: nil, time: 1),
          .finished(number: 0, state: .fail, values: [], failure: nil, time: 1),
        ]
      }
    }
    #expect(error?.code == .conflict)
    #expect(try database.open().exchange([]).isEmpty)
    try store.exchange([.claimed(number: 0, origin: .strategy, time: 1)])
    #expect(try database.open().exchange([]).count == 1)
    #expect(try database.studies()[0].trialCount == 1)
  }
}

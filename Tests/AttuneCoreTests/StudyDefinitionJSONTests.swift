import AttuneCore
import Testing

@Suite("Study definitions as JSON")
struct StudyDefinitionJSONTests {
  @Test("what is written is read back")
  func roundTrip() throws {
    let space = try Space(json: #"{"x": {"type": "float", "low": 0, "high": 1}}"#)
    for (space, seed, duplicates) in [
      (space, UInt64.max, DuplicatePolicy.avoid), (nil, 0, .allow), (space, 1 << 53, .reuse),
    ] as [(Space?, UInt64, DuplicatePolicy)] {
      let definition = StudyDefinition(
        name: "s\"\n", space: space, directions: [.minimize, .maximize], strategy: "grid",
        strategyOptions: [("order", .string("shuffled")), ("points", .int(3))], seed: seed,
        duplicates: duplicates, created: 1_795_424_931_291_000)
      let text = definition.json(attributes: [("k", "[1, 2]")]).text()
      let object = try JSON.object(parsing: text, what: "study")
      #expect(object["attributes"]?["k"] == [1, 2])
      let again = try StudyDefinition(json: object)
      #expect(again.name == definition.name)
      #expect(again.space == space)
      #expect(again.directions == definition.directions)
      #expect(again.strategy == "grid")
      #expect(again.strategyOptions.map(\.key) == ["order", "points"])
      #expect(again.strategyOptions.map(\.value) == [.string("shuffled"), .int(3)])
      #expect(again.seed == seed)
      #expect(again.duplicates == duplicates)
      #expect(again.created == definition.created)
    }
  }

  @Test(
    "what does not fit is refused by its key",
    arguments: [
      (#"{}"#, "study: name is missing, wanted a string"),
      (#"{"name": 1}"#, "study: name is 1, wanted a string"),
      (#"{"name": "a"}"#, "study: directions is missing, wanted an array of minimize and maximize"),
      (
        #"{"name": "a", "directions": []}"#,
        "study: directions is [], wanted an array of minimize and maximize"
      ),
      (
        #"{"name": "a", "directions": ["up"]}"#,
        "study: directions is [\"up\"], wanted an array of minimize and maximize"
      ),
      (
        #"{"name": "a", "directions": ["minimize"]}"#, "study: strategy is missing, wanted a string"
      ),
      (
        #"{"name": "a", "directions": ["minimize"], "strategy": "grid", "seed": -1}"#,
        "study: seed is -1, wanted a whole number of 0 or more"
      ),
      (
        #"{"name": "a", "directions": ["minimize"], "strategy": "grid", "seed": 1, "space": 3}"#,
        "study: space is 3, wanted an object"
      ),
      (
        #"{"name": "a", "directions": ["minimize"], "strategy": "grid", "seed": 1, "options": 3}"#,
        "study: options is 3, wanted an object"
      ),
      (
        #"{"name": "a", "directions": ["minimize"], "strategy": "grid", "seed": 1, "duplicates": "no"}"#,
        "study: duplicates is \"no\", wanted allow, avoid or reuse"
      ),
    ])
  func refused(text: String, wanted: String) throws {
    let object = try JSON.object(parsing: text, what: "study")
    #expect(message { () throws(AttuneError) in try StudyDefinition(json: object) } == wanted)
  }
}

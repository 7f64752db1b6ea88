import AttuneCore
import Testing

@Suite("Cells in space JSON")
struct CellEncodingTests {
  private func names(_ text: String) throws -> [String] {
    try Space(json: text).parameters.map(\.name)
  }

  @Test("every pair of nodes is an edge with one of the operations")
  func edges() throws {
    let space = try Space(
      json: """
        {"before": {"type": "fixed", "value": 1},
         "cell": {"type": "cell", "nodes": 4, "operations": ["none", "skip", 3]}}
        """)
    #expect(
      space.parameters.map(\.name) == [
        "before", "cell_0_1", "cell_0_2", "cell_1_2", "cell_0_3", "cell_1_3", "cell_2_3",
      ])
    #expect(
      space.parameters[1].distribution
        == .categorical(
          try CategoricalDistribution(
            choices: [.string("none"), .string("skip"), .int(3)], name: "cell_0_1")))
    // Written, the parameters stand for themselves.
    #expect(try Space(json: space.json) == space)
  }

  @Test("an edge may choose several operations: all combinations are its choices")
  func combinations() throws {
    let space = try Space(
      json: #"{"c": {"type": "cell", "nodes": 2, "operations": ["a", "b", "c", "d"], "choose": 2}}"#
    )
    guard case .categorical(let edge) = space.parameters[0].distribution else {
      Issue.record("not categorical")
      return
    }
    #expect(edge.choices.map(\.text) == ["a+b", "a+c", "a+d", "b+c", "b+d", "c+d"])
  }

  @Test("a node may choose where its inputs come from")
  func inputs() throws {
    let text =
      #"{"c": {"type": "cell", "nodes": 4, "operations": ["a", "b"], "inputs": 2, "when": {"on": [true]}}, "on": {"type": "categorical", "choices": [true, false]}}"#
    #expect(
      try names(text) == [
        "c_0_1", "c_0_2", "c_1_2", "c_3_from_1", "c_3_op_1", "c_3_from_2", "c_3_op_2", "on",
      ])
    let space = try Space(json: text)
    guard case .categorical(let from) = space.parameters[3].distribution else {
      Issue.record("not categorical")
      return
    }
    #expect(from.choices == [.int(0), .int(1), .int(2)])
    #expect(space.parameters.dropLast().allSatisfy { $0.conditions.count == 1 })
  }

  @Test(
    "a malformed cell is refused by name, value found and value wanted",
    arguments: [
      (#"{"type": "cell"}"#, "nodes is missing"),
      (#"{"type": "cell", "nodes": 1, "operations": ["a"]}"#, "nodes is 1, wanted 2 to 64"),
      (#"{"type": "cell", "nodes": 3, "operations": []}"#, "choices are empty"),
      (
        #"{"type": "cell", "nodes": 3, "operations": ["a"], "choose": 2}"#,
        "choose is 2, wanted 1 to 1"
      ),
      (
        #"{"type": "cell", "nodes": 3, "operations": ["a+b", "c", "d"], "choose": 2}"#,
        "wanted strings without"
      ),
      (
        #"{"type": "cell", "nodes": 3, "operations": ["a"], "inputs": 0}"#,
        "inputs is 0, wanted 1 or more"
      ),
      (#"{"type": "cell", "nodes": 3, "operations": ["a"], "edges": 1}"#, "unknown key \"edges\""),
    ])
  func refused(cell: String, message: String) {
    let error = #expect(throws: AttuneError.self) { try Space(json: "{\"net\": \(cell)}") }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("\"net\"") == true)
  }

  @Test("too many combinations are refused before they are made")
  func limit() {
    let operations = (0..<40).map { "\"o\($0)\"" }.joined(separator: ", ")
    let error = #expect(throws: AttuneError.self) {
      try Space(
        json: #"{"c": {"type": "cell", "nodes": 2, "operations": [\#(operations)], "choose": 20}}"#)
    }
    #expect(error?.message.contains("at most 4096 combinations") == true)
  }
}

import AttuneCore
import AttuneObjectives
import Testing

@Suite("Cells of C++ plugins")
struct CellPluginTests {
  @Test("attune_plugin.hpp finds a cell's parameters by the names that space JSON gives them")
  func names() throws {
    let objective = try PluginObjective(path: Compiled.plugin("cells.cpp"))
    let trial = try RecordedTrial(
      objective.descriptor.space,
      [
        ("first", .int(9)), ("plain_0_1", .int(1)), ("plain_0_2", .int(2)),
        ("plain_1_2", .int(4)), ("chosen_0_1", .int(1)), ("chosen_0_2", .int(4)),
        ("chosen_1_2", .int(2)), ("chosen_3_from_1", .int(0)), ("chosen_3_op_1", .int(4)),
        ("chosen_3_from_2", .int(2)), ("chosen_3_op_2", .int(1)), ("last", .int(7)),
      ])
    let (evaluation, numbers) = try objective.evaluate(trial)
    #expect(evaluation == .complete)
    #expect(numbers == [912_414_204_217])
  }
}

import ArgumentParser
import Attune
import AttuneCore

/// Puts points in front of what the strategy would choose.
struct EnqueueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enqueue",
    abstract: "Have known-good points tried first.",
    discussion: """
      attune enqueue '{"lr": 0.01, "depth": 6}'
      attune enqueue -p lr=0.01 -p depth=6

      Parameters that are left out are chosen by the strategy.
      """)

  @OptionGroup var storage: StorageOptions

  @Argument(help: ArgumentHelp("Points as JSON objects.", valueName: "json"))
  var points: [String] = []

  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("One parameter of a point; repeatable.", valueName: "name=value"))
  var param: [String] = []

  func run() throws {
    var queue: [[(name: String, value: Value)]] = []
    for point in points {
      do {
        queue.append(try JSON.values(parsing: point, what: "the point"))
      } catch {
        throw CommandError(error, hint: "attune enqueue '{\"lr\": 0.01}'")
      }
    }
    var assigned: [(name: String, value: Value)] = []
    for param in param {
      let (name, value) = try OptionValue.assignment(param, of: "-p")
      assigned.append((name, value))
    }
    if !assigned.isEmpty { queue.append(assigned) }
    guard !queue.isEmpty else {
      throw CommandError.usage(
        "no point is given, wanted JSON or -p name=value", hint: "attune enqueue '{\"lr\": 0.01}'")
    }
    let study = try storage.open()
    defer { study.close() }
    for point in queue { try study.enqueue(point) }
    let points = queue.count == 1 ? "1 point" : "\(queue.count) points"
    StandardStream.output.writeLine("\(points) enqueued in study \(study.name)")
  }
}

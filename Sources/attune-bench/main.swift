import Glibc

/// Measures what the engine costs: `attune-bench OBJECTIVES.attune.so FOLDER`, where OBJECTIVES.attune.so is made of
/// `Tests/bench/objectives.c` and FOLDER takes files of studies; and how good its trials are:
/// `attune-bench quality`. `make bench` calls both. `attune-bench overhead` follows one study's asks,
/// `attune-bench waiting` measures what the workers of deterministic studies wait.
let arguments = CommandLine.arguments
do {
  if arguments.dropFirst().first == "quality" {
    exit(try QualityBench(QualityOptions(Array(arguments.dropFirst(2)))).run())
  }
  if arguments.dropFirst().first == "overhead" {
    try OverheadBench(Array(arguments.dropFirst(2))).run()
    exit(0)
  }
  if arguments.dropFirst() == ["waiting"] {
    try WaitingBench().run()
    exit(0)
  }
  guard arguments.count == 3 else {
    fail(
      "usage: attune-bench OBJECTIVES.attune.so FOLDER, attune-bench overhead STRATEGY TRIALS [SEED [FILE]],"
        + " attune-bench waiting,"
        + " or attune-bench quality --help", status: 2)
  }
  let objectives = try BenchObjectives(path: arguments[1])
  try EvaluatorBench(objectives: objectives).run()
  try IsolationBench(objectives: objectives).run()
  try ThreadBench(objectives: objectives).run()
  try AskBench().run()
  try StorageBench(folder: arguments[2]).run()
} catch {
  fail("attune-bench: \(error)", status: 1)
}

func fail(_ message: String, status: Int32) -> Never {
  let line = message + "\n"
  _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(status)
}

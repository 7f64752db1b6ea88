import Glibc

/// Measures what the engine costs: `attune-bench OBJECTIVES.attune.so FOLDER`, where OBJECTIVES.attune.so is made of
/// `Tests/bench/objectives.c` and FOLDER takes journal files; and how good its trials are:
/// `attune-bench quality`. `make bench` calls both.
let arguments = CommandLine.arguments
do {
  if arguments.dropFirst().first == "quality" {
    exit(try QualityBench(QualityOptions(Array(arguments.dropFirst(2)))).run())
  }
  guard arguments.count == 3 else {
    fail(
      "usage: attune-bench OBJECTIVES.attune.so FOLDER, or attune-bench quality --help", status: 2)
  }
  let objectives = try BenchObjectives(path: arguments[1])
  try EvaluatorBench(objectives: objectives).run()
  try ThreadBench(objectives: objectives).run()
  try AskBench(folder: arguments[2]).run()
} catch {
  fail("attune-bench: \(error)", status: 1)
}

func fail(_ message: String, status: Int32) -> Never {
  let line = message + "\n"
  _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(status)
}

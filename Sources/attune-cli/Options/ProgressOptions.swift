import ArgumentParser

/// How a run shows that it goes on.
struct ProgressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to show progress, on standard error. Default: bar on a terminal, otherwise lines.",
      valueName: "form"))
  var progress: ProgressMode?
}

import ArgumentParser

/// What becomes of a study that exists.
struct ExistingOptions: ParsableArguments {
  @Flag(help: "Continue a study that exists.")
  var loadIfExists = false
}

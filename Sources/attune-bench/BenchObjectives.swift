import AttuneObjectives

/// The shared object of `Tests/bench/objectives.c`: plugin, native functions and direct calls of them.
struct BenchObjectives {
  let path: String
  let library: DynamicLibrary

  init(path: String) throws {
    self.path = path.contains("/") ? path : "./" + path
    library = try DynamicLibrary(self.path)
  }
}

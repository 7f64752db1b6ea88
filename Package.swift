// swift-tools-version: 6.2
import PackageDescription

// Targets are listed ground floor first; a target imports only what it names here.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

// The shipped library is self-contained: Swift's runtime, libffi and SQLite inside, only the C functions
// of attune.h outside. These flags are unsafe in SwiftPM's eyes, so only the Makefile's build sets them.
let shipping = Context.environment["ATTUNE_SO"] == "1"
let libraryLinking: [LinkerSetting] =
  shipping
  ? [
    .unsafeFlags([
      "-static-stdlib", "-use-ld=lld",
      "-Xlinker", "-soname", "-Xlinker", "libattune.so.0",
      "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/AttuneCABI/attune.map",
      "-Xlinker", "-z", "-Xlinker", "defs",
      "-Xlinker", "-z", "-Xlinker", "nodelete",
      "-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now",
    ])
  ] : []
// Static libraries go in by their file names, so that no .so of theirs is needed at run time.
let ffiLinking: [LinkerSetting] =
  shipping ? [.unsafeFlags(["-Xlinker", "-l:libffi_pic.a"])] : [.linkedLibrary("ffi")]
let sqliteLinking: [LinkerSetting] =
  shipping ? [.unsafeFlags(["-Xlinker", "-l:libsqlite3.a"])] : [.linkedLibrary("sqlite3")]

// Tests of models take minutes without optimization; overflow and bounds stay checked with it. Unsafe in
// SwiftPM's eyes too, so only the test drivers set it.
let quick: [SwiftSetting] =
  Context.environment["ATTUNE_QUICK_TESTS"] == "1" ? [.unsafeFlags(["-O"])] : []

// Regular expressions are a megabyte that the library has no use for; without this flag each module asks
// the linker for them.
let lean: [SwiftSetting] =
  shipping
  ? [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])] : []

// What waits for disks, processes and callers is compiled for size: the library has a limit of 12 MB.
let small: [SwiftSetting] = shipping ? [.unsafeFlags(["-Osize"])] : []

let package = Package(
  name: "attune",
  products: [
    .library(name: "Attune", targets: ["Attune", "AttuneCore"]),
    .library(name: "AttunePlugin", targets: ["AttunePlugin"]),
    // Not "attune": of two products of one name SwiftPM drops one. Installed as libattune.so.0.
    .library(name: "AttuneC", type: .dynamic, targets: ["AttuneCABI"]),
    .executable(name: "attune", targets: ["attune-cli"]),
    .executable(name: "attune-worker", targets: ["attune-worker"]),
    .executable(name: "attune-bench", targets: ["attune-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Ground: words and numbers.
    /// The C headers of include/, and layout assertions for them.
    .target(
      name: "CAttune", path: ".", sources: ["Sources/CAttune/abi_asserts.c"],
      publicHeadersPath: "include"),
    /// libffi, which calls native functions by signature.
    .systemLibrary(name: "CFFI", providers: [.apt(["libffi-dev"])]),
    /// SQLite, which keeps studies in a file.
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
    /// Calls foreign functions so that a C++ exception ends as a text instead of unwinding Swift.
    .target(name: "CGuard", dependencies: ["CAttune"]),
    /// The innermost loops over numbers, for each kind of processor.
    .target(name: "CLanes"),
    /// Random streams, sequences, special functions, linear algebra. Knows nothing of trials.
    .target(name: "AttuneNumerics", dependencies: ["CLanes"], swiftSettings: strict + lean + quick),
    /// The words (space, point, trial, history, error) and the sockets (strategy, pruner, objective, store).
    .target(
      name: "AttuneCore", dependencies: ["AttuneNumerics"], swiftSettings: strict + lean + quick,
      linkerSettings: [.linkedLibrary("m")]),

    // First floor: what plugs into the sockets. Siblings never import each other.
    /// One file per strategy, and the catalog; pruners likewise.
    .target(
      name: "AttuneStrategies", dependencies: ["AttuneCore", "AttuneNumerics", "CLanes"],
      swiftSettings: strict + lean + quick),
    /// Where a study's events are kept.
    .target(
      name: "AttuneStorage", dependencies: ["AttuneCore", "CSQLite"],
      swiftSettings: strict + lean + small,
      linkerSettings: sqliteLinking),
    /// Plugins, native functions and commands as objectives.
    .target(
      name: "AttuneObjectives", dependencies: ["AttuneCore", "CAttune", "CFFI", "CGuard"],
      swiftSettings: strict + lean + small, linkerSettings: ffiLinking),

    // Second floor.
    /// Study (ask and tell) and Runner (threads that loop ask, evaluate, tell).
    .target(
      name: "Attune",
      dependencies: ["AttuneCore", "AttuneStrategies", "AttuneStorage", "AttuneObjectives"],
      swiftSettings: strict + lean),

    // Doors.
    /// libattune.so: one file per noun of attune.h.
    .target(
      name: "AttuneCABI",
      dependencies: [
        "Attune", "AttuneCore", "AttuneStrategies", "AttuneObjectives", "CAttune", "CGuard",
      ],
      exclude: ["attune.map"], swiftSettings: strict + lean, linkerSettings: libraryLinking),
    /// The command `attune`.
    .executableTarget(
      name: "attune-cli",
      dependencies: [
        "Attune", "AttuneCore", "AttuneStrategies", "AttuneStorage", "AttuneObjectives", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    /// The helper that opens plugins in a process of its own.
    .executableTarget(
      name: "attune-worker", dependencies: ["AttuneCore", "AttuneObjectives"],
      swiftSettings: strict + lean),
    /// Measures overhead and the quality of strategies, and guards them with thresholds.
    .executableTarget(
      name: "attune-bench",
      dependencies: [
        "Attune", "AttuneCore", "AttuneNumerics", "AttuneStrategies", "AttuneObjectives",
      ],
      swiftSettings: strict),
    /// For authors: a Swift protocol whose conforming type becomes a plugin.
    .target(name: "AttunePlugin", dependencies: ["CAttune"], swiftSettings: strict),

    .testTarget(
      name: "AttuneNumericsTests", dependencies: ["AttuneNumerics", "CLanes"], swiftSettings: strict
    ),
    .testTarget(
      name: "AttuneObjectivesTests",
      dependencies: ["AttuneCore", "AttuneObjectives", "attune-worker"], swiftSettings: strict),
    .testTarget(
      name: "AttuneCoreTests", dependencies: ["AttuneCore", "AttuneNumerics"],
      swiftSettings: strict),
    .testTarget(
      name: "AttuneStorageTests", dependencies: ["AttuneStorage", "AttuneCore"],
      swiftSettings: strict),
    .testTarget(
      name: "AttuneTests",
      dependencies: [
        "Attune", "AttuneCore", "AttuneStorage", "AttuneStrategies", "AttuneObjectives",
        "attune-worker", "study-process",
      ],
      swiftSettings: strict),
    /// Works on a study of a file, for tests that need another process, or one to kill.
    .executableTarget(
      name: "study-process", dependencies: ["Attune", "AttuneCore"], path: "Tests/StudyProcess",
      swiftSettings: strict),
    .testTarget(
      name: "AttuneBenchTests", dependencies: ["AttuneCore", "attune-bench"],
      swiftSettings: strict),
    /// Taste as tests: lengths, imports, doc comments.
    .testTarget(name: "TidyTests", swiftSettings: strict),
    .testTarget(
      name: "AttuneStrategiesTests",
      dependencies: ["AttuneStrategies", "AttuneCore", "AttuneNumerics"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

/// The files of a new plugin in Swift.
enum SwiftPluginScaffold {
  static func files(_ names: PluginNames) -> [ScaffoldFile] {
    [
      ScaffoldFile("\(names.name).swift", names.filled(source)),
      ScaffoldFile("plugin.map", "{ global: attune_plugin_entry_v1; local: *; };\n"),
      ScaffoldFile("Makefile", names.filled(makefile)),
    ]
  }

  private static let source = #"""
    // @NAME@.swift - an objective plugin for Attune. `make`, then `make check` and `make run`.
    //
    // What to change: the space in `description`, then `evaluate`.
    import AttunePlugin
    import Foundation

    final class @TYPE@: PluginObjective {
      static let description = PluginDescription(
        id: "@ID@",  // never changes: studies refer to it
        name: "@NAME@",
        version: "0.1.0",
        summary: "One line on what is tuned.",
        space: [
          .float("x", -5...5),
          .float("rate", 1e-4...1, log: true),
          .choice("shape", ["bowl", "valley"]),
          .int("depth", 1...8).when("shape", is: "valley"),
        ],
        // Promises, which `attune plugin check` tries. Without `threadSafe` each worker gets an object
        // of its own.
        capabilities: [.threadSafe, .deterministic, .intermediate])

      private let centre: Double

      /// Made once: load data here. The config comes from `attune run --config '{"centre": 2}'`.
      init(config: PluginConfig) throws {
        try config.refuseOthers(than: "centre")
        centre = try config.float("centre", default: 1)
      }

      /// One trial: smaller is better. What is thrown makes the trial FAIL with its text, and the study
      /// goes on. Any number of threads may be in here at once: change nothing of the object.
      func evaluate(_ trial: PluginTrial) throws -> Double {
        let x = try trial.float("x")
        let rate = try trial.float("rate")
        let valley = try trial.choice("shape") == "valley"
        let depth = trial.isActive("depth") ? try trial.int("depth") : 0

        var loss = 0.0
        for step in 0..<10 {
          loss = pow(x - centre, 2) + pow(log10(rate) + 2, 2) + (valley ? 0.1 * Double(depth) : 0.5)
          loss += 1 / Double(step + 1)
          // Tell how it goes, so that a pruner may end a hopeless trial early.
          try trial.reportOrPrune(step: step, loss)
        }
        guard loss.isFinite else { throw PluginError("the loss is not finite") }
        return loss
      }
    }

    let plugin = Plugin(
      id: "@ID@", name: "@NAME@", version: "0.1.0", objectives: [@TYPE@.self])

    @_cdecl("attune_plugin_entry_v1")
    public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
      plugin.entry(major, minor)
    }

    """#

  private static let makefile = #"""
    # Builds @NAME@.attune.so. Put it into ~/.local/lib/attune/plugins to run it by its id.
    NAME := @NAME@
    SWIFTFLAGS ?= -O
    # The folder of attune_plugin.h, and that of the sources of the module AttunePlugin.
    ATTUNE_INCLUDE ?= @INCLUDE@
    ATTUNE_SWIFT ?= @SWIFT@
    ATTUNE ?= attune

    SWIFT := swiftc -swift-version 6 -parse-as-library -wmo $(SWIFTFLAGS) -I build

    # plugin.map hides all but the entry: two plugins in one process must not share symbols. Add
    # -static-stdlib to run it where Swift is not installed.
    $(NAME).attune.so: $(NAME).swift plugin.map build/libAttunePlugin.a
    	$(SWIFT) -emit-library -module-name @TYPE@Plugin -use-ld=lld \
    	  -Xlinker --version-script=plugin.map -o $@ $< build/libAttunePlugin.a

    build/libAttunePlugin.a: build/module.modulemap $(wildcard $(ATTUNE_SWIFT)/*.swift)
    	$(SWIFT) -emit-library -static -module-name AttunePlugin -emit-module \
    	  -emit-module-path build/AttunePlugin.swiftmodule -o $@ $(ATTUNE_SWIFT)/*.swift

    build/module.modulemap:
    	mkdir -p build
    	printf 'module CAttune {\n  header "%s/attune_plugin.h"\n  export *\n}\n' '$(ATTUNE_INCLUDE)' > $@

    .PHONY: check run clean
    check: $(NAME).attune.so
    	$(ATTUNE) plugin check ./$<

    run: $(NAME).attune.so
    	$(ATTUNE) run ./$< --n-trials 50

    clean:
    	rm -rf $(NAME).attune.so build

    """#
}

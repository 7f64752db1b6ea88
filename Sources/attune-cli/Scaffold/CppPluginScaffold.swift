/// The files of a new plugin in C++.
enum CppPluginScaffold {
  static func files(_ names: PluginNames) -> [ScaffoldFile] {
    [
      ScaffoldFile("\(names.name).cpp", names.filled(source)),
      ScaffoldFile("plugin.map", "{ global: attune_plugin_entry_v1; local: *; };\n"),
      ScaffoldFile("Makefile", names.filled(makefile)),
    ]
  }

  private static let source = #"""
    // @NAME@.cpp - an objective plugin for Attune. `make`, then `make check` and `make run`.
    //
    // What to change: the space in description(), then evaluate(). attune_plugin.hpp documents the rest.
    #include <attune_plugin.hpp>

    #include <cmath>
    #include <stdexcept>
    #include <string_view>

    class @TYPE@ {
     public:
      static attune::Description description() {
        attune::Description d;
        d.id = "@ID@";  // never changes: studies refer to it
        d.name = "@NAME@";
        d.version = "0.1.0";
        d.description = "One line on what is tuned.";
        d.space = R"({
          "x": {"type": "float", "low": -5, "high": 5},
          "rate": {"type": "float", "low": 1e-4, "high": 1, "log": true},
          "shape": {"type": "categorical", "choices": ["bowl", "valley"]},
          "depth": {"type": "int", "low": 1, "high": 8, "when": {"shape": ["valley"]}}
        })";
        // Promises, which `attune plugin check` tries. Without THREAD_SAFE each worker gets an object
        // of its own.
        d.capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE;
        return d;
      }

      // Made once: load data here. config comes from `attune run --config '{"centre": 2}'`.
      explicit @TYPE@(const attune::Config &config) : centre_(config.number("centre", 1.0)) {
        config.only({"centre"});
      }

      // One trial: smaller is better. What is thrown makes the trial FAIL with its text, and the study
      // goes on. Any number of threads may be in here at once, hence const.
      double evaluate(attune::Evaluation &evaluation) const {
        const double x = evaluation.params.number("x");
        const double rate = evaluation.params.number("rate");
        const bool valley = std::string_view(evaluation.params.text("shape")) == "valley";
        const auto depth = evaluation.params.integer("depth", 0);  // 0 while it is inactive

        double loss = 0;
        for (std::int64_t step = 0; step < 10; step++) {
          loss = std::pow(x - centre_, 2) + std::pow(std::log10(rate) + 2, 2) +
                 (valley ? 0.1 * static_cast<double>(depth) : 0.5) + 1.0 / static_cast<double>(step + 1);
          // Tell how it goes, so that a pruner may end a hopeless trial early.
          evaluation.report(step, loss);
          if (evaluation.should_prune()) throw attune::pruned{};
        }
        if (!std::isfinite(loss)) throw std::runtime_error("the loss is not finite");
        return loss;
      }

     private:
      double centre_;
    };

    ATTUNE_PLUGIN(@TYPE@)

    """#

  private static let makefile = #"""
    # Builds @NAME@.attune.so. Put it into ~/.local/lib/attune/plugins to run it by its id.
    NAME := @NAME@
    CXXFLAGS ?= -O2 -g
    # The folder of attune_plugin.h and attune_plugin.hpp.
    ATTUNE_INCLUDE ?= @INCLUDE@
    ATTUNE ?= attune

    # plugin.map hides all but the entry: two plugins in one process must not share symbols.
    $(NAME).attune.so: $(NAME).cpp plugin.map
    	$(CXX) -std=c++17 -Wall -Wextra -fPIC -fvisibility=hidden -I$(ATTUNE_INCLUDE) $(CPPFLAGS) \
    	  $(CXXFLAGS) -shared -Wl,--version-script=plugin.map $(LDFLAGS) -o $@ $< $(LDLIBS)

    .PHONY: check run clean
    check: $(NAME).attune.so
    	$(ATTUNE) plugin check ./$<

    run: $(NAME).attune.so
    	$(ATTUNE) run ./$< --n-trials 50

    clean:
    	rm -f $(NAME).attune.so

    """#
}

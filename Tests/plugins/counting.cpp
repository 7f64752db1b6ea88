// An objective in C++ that counts steps, and keeps its count when it pauses.
#include <fstream>
#include <string>

#include "attune_plugin.hpp"

class Counting {
 public:
  static attune::Description description() {
    attune::Description d;
    d.id = "org.attune.test.counting";
    d.name = "Counting";
    d.version = "1.0.0";
    d.space = R"({"x": {"type": "float", "low": 0, "high": 1}})";
    d.capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE | ATTUNE_CAP_PAUSE;
    return d;
  }

  double evaluate(attune::Evaluation &evaluation) const {
    int step = 0;
    if (evaluation.resumes()) {
#if !defined(REPEATS)
      std::ifstream(file(evaluation)) >> step;
#endif
    }
    while (step < 9) {
      step++;
      evaluation.report(step, evaluation.params.number("x") / step);
      if (step == 9 || !evaluation.should_prune()) continue;
      if (!evaluation.may_pause()) throw attune::pruned{};
      std::ofstream(file(evaluation)) << step;
      throw attune::paused{};
    }
    return evaluation.params.number("x") + step;
  }

 private:
  static std::string file(const attune::Evaluation &evaluation) {
    return std::string(evaluation.state_folder()) + "/step";
  }
};

ATTUNE_PLUGIN(Counting)

// A plugin whose space has cells: their parameters are read by name.
#include "attune_plugin.hpp"

class Cells {
 public:
  static attune::Description description() {
    attune::Description d;
    d.id = "org.cells.one";
    d.name = "Cells";
    d.version = "1.0.0";
    d.space = R"({"first": {"type": "int", "low": 1, "high": 9},
                  "plain": {"type": "cell", "nodes": 3, "operations": [1, 2, 4]},
                  "chosen": {"type": "cell", "nodes": 4, "operations": [1, 2, 4], "inputs": 2},
                  "last": {"type": "int", "low": 1, "high": 9}})";
    d.capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC;
    return d;
  }
  double evaluate(attune::Evaluation &evaluation) const {
    double sum = 0;
    for (const char *name : {"first", "plain_0_1", "plain_0_2", "plain_1_2", "chosen_0_1", "chosen_0_2", "chosen_1_2",
                             "chosen_3_from_1", "chosen_3_op_1", "chosen_3_from_2", "chosen_3_op_2", "last"}) {
      sum = 10 * sum + evaluation.params.number(name);
    }
    return sum;
  }
};
ATTUNE_PLUGIN(Cells)

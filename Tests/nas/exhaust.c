/* exhaust.c - trains every cell of examples-c/nas once and prints the losses: how cells.txt was made.
 *
 *   cc -std=c11 -O3 -Iinclude -o exhaust Tests/nas/exhaust.c -lm && ./exhaust examples-c/data/digits.csv > cells.txt
 *
 * Width 12, learning rate 0.05, 3 epochs over 700 rows; for each cell the mean held-out log loss of two seeds, in units
 * of 0.0001. Cells count up with the last edge fastest; an edge is none, skip, linear, relu, tanh. One line has the
 * cells of the first three edges' choices: 125 lines of 125 numbers.
 */
#include "../../examples-c/nas/nas.c"

static const char *const operations[] = {"none", "skip", "linear", "relu", "tanh"};

static int32_t report(const attune_host *host, const attune_eval *eval, int64_t step, double value) {
  (void)host, (void)eval, (void)step, (void)value;
  return 0;
}
static int32_t no(const attune_host *host, const attune_eval *eval) {
  (void)host, (void)eval;
  return 0;
}
static void set_error(const attune_host *host, const attune_eval *eval, int32_t code, const char *message) {
  (void)host, (void)eval, (void)code;
  fprintf(stderr, "exhaust: %s\n", message);
}

int main(int count, char **arguments) {
  attune_host host = {.struct_size = sizeof host, .report = report, .should_prune = no, .should_stop = no,
                      .set_error = set_error};
  attune_param_value params[FIRST_EDGE + EDGES];
  void *instances[2];
  if (count != 2) {
    fprintf(stderr, "usage: exhaust digits.csv\n");
    return 2;
  }
  for (int seed = 0; seed < 2; seed++) {
    char config[1024];
    snprintf(config, sizeof config, "{\"data\": \"%.900s\", \"epochs\": 3, \"rows\": 700, \"seed\": %d}", arguments[1],
             seed + 1);
    if (create(&objective, &host, config, &instances[seed]) != 0) return 1;
  }
  memset(params, 0, sizeof params);
  params[WIDTH].choice_integer = 12;
  params[LEARNING_RATE].number = 0.05;
  for (int cell = 0; cell < 15625; cell++) {
    double sum = 0;
    for (int edge = EDGES - 1, rest = cell; edge >= 0; edge--, rest /= 5) {
      params[FIRST_EDGE + edge].text = operations[rest % 5];
    }
    for (int seed = 0; seed < 2; seed++) {
      double value = NAN;
      attune_eval eval = {.struct_size = sizeof eval, .value_stride = sizeof params[0], .host = &host, .fidelity = 1,
                          .params = params, .n_params = FIRST_EDGE + EDGES, .values = &value, .n_values = 1};
      if (evaluate(instances[seed], &eval) != ATTUNE_PLUGIN_OK) return 1;
      sum += value;
    }
    printf("%.0f%c", sum / 2 * 10000, cell % 125 == 124 ? '\n' : ' ');
  }
  for (int seed = 0; seed < 2; seed++) destroy(instances[seed]);
  return 0;
}

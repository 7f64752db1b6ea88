/* native.c - tune functions that know nothing of Attune: they are called by their signature.
 *
 *   cc native.c $(pkg-config --cflags --libs attune) -o native && ./native
 */
#include <attune.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "attune: %s\n", attune_error_message(err));
  attune_error_free(err);
  exit(1);
}

/* A plain C function of yours, perhaps from a library written long ago. */
static double cost_of_a_box(double width, int32_t shelves, const char *wood) {
  double price = strcmp(wood, "oak") == 0 ? 3 : strcmp(wood, "pine") == 0 ? 1 : 2;
  double useful = width * shelves;
  return price * (width + 0.4 * shelves) + 40 / useful;
}

/* Minimizes `objective` over the space given as JSON, and prints the best trial. */
static void minimize(const char *name, attune_objective *objective, const char *space_json) {
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_study *study = NULL;
  attune_trials *best = NULL;
  char *json = NULL;
  need(attune_space_from_json(space_json, &space, &err), err);
  need(attune_study_create(NULL, name, space, NULL, 0, NULL, NULL, &study, &err), err);
  need(attune_study_optimize(study, objective, 300, 0, NULL, NULL, &err), err);
  need(attune_study_best_trials(study, &best, &err), err);
  need(attune_trials_json(best, 0, &json, &err), err);
  printf("%s: %s\n", name, json);
  attune_string_free(json);
  attune_trials_destroy(best);
  attune_study_close(study);
  attune_space_destroy(space);
}

int main(void) {
  attune_error *err = NULL;
  attune_objective *objective = NULL;

  /* (1) A function of this program. Its argument names are the parameter names; names and types are checked against
   * the space before the first call, so a wrong signature is a message and not a crash. */
  need(attune_objective_from_native((attune_native_fn)cost_of_a_box, "f64(f64 width, i32 shelves, cstr wood)", NULL, NULL,
                                    &objective, &err), err);
  minimize("box", objective,
           "{\"width\": {\"type\": \"float\", \"low\": 0.2, \"high\": 5},"
           " \"shelves\": {\"type\": \"int\", \"low\": 1, \"high\": 9},"
           " \"wood\": {\"type\": \"categorical\", \"choices\": [\"oak\", \"pine\", \"beech\"]}}");
  attune_objective_destroy(objective);

  /* (2) A function of any shared library: the lowest point of the cosine is at pi. */
  need(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", NULL, &objective, &err), err);
  minimize("cos", objective, "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 6.283185307179586}}");
  attune_objective_destroy(objective);
  return 0;
}

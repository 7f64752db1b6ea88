/* Strategies, pruners and stop rules can be listed and described. */
#include "fixtures.h"

static void strategies_are_listed(void) {
  size_t i, n = attune_strategy_count();
  static const char *const known[] = {"grid", "random", "sobol", "tpe", "gp", "cmaes", "bayesian"};
  int seen[7] = {0};
  size_t k;
  CHECK(n >= 7);
  for (i = 0; i < n; i++) {
    const char *name = attune_strategy_name(i);
    char *json = NULL;
    CHECK(name != NULL && *name);
    if (!name) continue;
    CHECK(attune_strategy_name(i) == name);
    for (k = 0; k < 7; k++) seen[k] += strcmp(name, known[k]) == 0;
    OK(attune_strategy_describe(name, &json, &e));
    CHECK_JSON(json, "\"name\":");
    CHECK_HAS(json, name);
    CHECK_JSON(json, "\"summary\":");
    CHECK_JSON(json, "\"multi_objective\":");
    CHECK_JSON(json, "\"conditional\":");
    CHECK_JSON(json, "\"define_by_run\":");
    CHECK_JSON(json, "\"options\":[");
    attune_string_free(json);
  }
  for (k = 0; k < 7; k++) {
    if (!CHECK_INT(seen[k], 1)) printf("  %s\n", known[k]);
  }
  CHECK(attune_strategy_name(n) == NULL);
  CHECK(attune_strategy_name((size_t)-1) == NULL);
}

static void grid_describes_its_options(void) {
  char *json = NULL;
  OK(attune_strategy_describe("grid", &json, &e));
  CHECK_JSON(json, "\"key\":\"order\"");
  CHECK_JSON(json, "\"type\":");
  CHECK_JSON(json, "\"default\":");
  CHECK_JSON(json, "\"range\":");
  CHECK_HAS(json, "shuffled");
  attune_string_free(json);
}

static void pruners_are_listed(void) {
  size_t i, n = attune_pruner_count();
  int none = 0, median = 0;
  for (i = 0; i < n; i++) {
    const char *name = attune_pruner_name(i);
    char *json = NULL;
    CHECK(name != NULL && *name);
    if (!name) continue;
    none += strcmp(name, "none") == 0;
    median += strcmp(name, "median") == 0;
    OK(attune_pruner_describe(name, &json, &e));
    CHECK_HAS(json, name);
    CHECK_JSON(json, "\"summary\":");
    CHECK_JSON(json, "\"multi_objective\":");
    CHECK_JSON(json, "\"options\":[");
    attune_string_free(json);
  }
  CHECK_INT(none, 1);
  CHECK_INT(median, 1);
  CHECK(attune_pruner_name(n) == NULL);
  CHECK(attune_pruner_name((size_t)-1) == NULL);
}

static void stop_rules_are_listed(void) {
  size_t i, n = attune_stop_rule_count();
  static const char *const known[] = {"no_improvement", "target", "regret_bound", "expected_improvement"};
  int seen[4] = {0};
  size_t k;
  for (i = 0; i < n; i++) {
    const char *name = attune_stop_rule_name(i);
    char *json = NULL;
    CHECK(name != NULL && *name);
    if (!name) continue;
    for (k = 0; k < 4; k++) seen[k] += strcmp(name, known[k]) == 0;
    OK(attune_stop_rule_describe(name, &json, &e));
    CHECK_HAS(json, name);
    CHECK_JSON(json, "\"summary\":");
    CHECK_JSON(json, "\"needs_space\":");
    CHECK_JSON(json, "\"ends_every_run\":");
    CHECK_JSON(json, "\"options\":[");
    attune_string_free(json);
  }
  for (k = 0; k < 4; k++) {
    if (!CHECK_INT(seen[k], 1)) printf("  %s\n", known[k]);
  }
  CHECK(attune_stop_rule_name(n) == NULL);
  CHECK(attune_stop_rule_name((size_t)-1) == NULL);
}

static void other_names_mean_the_same(void) {
  static const char *const pairs[][2] = {{"GPSampler", "\"gp\""}, {"hyperopt", "\"tpe\""}, {"auto", "\"bayesian\""},
                                         {"bo", "\"bayesian\""}, {"default", "\"bayesian\""}};
  size_t i;
  for (i = 0; i < 5; i++) {
    char *json = NULL;
    OK(attune_strategy_describe(pairs[i][0], &json, &e));
    CHECK_HAS(json, pairs[i][1]);
    attune_string_free(json);
  }
}

static void unknown_names_get_the_nearest(void) {
  char *json = (char *)(void *)&json;
  size_t i;
  FAILS(attune_strategy_describe("sobel", &json, &e), ATTUNE_E_NOT_FOUND, "sobel", "sobol");
  CHECK(json == NULL);
  FAILS(attune_strategy_describe("", &json, &e), ATTUNE_E_NOT_FOUND, "");
  FAILS(attune_strategy_describe(NULL, &json, &e), INVALID, "name");
  FAILS(attune_strategy_describe("grid", NULL, &e), INVALID, "out");
  json = (char *)(void *)&json;
  FAILS(attune_pruner_describe("medain", &json, &e), ATTUNE_E_NOT_FOUND, "medain", "median");
  CHECK(json == NULL);
  FAILS(attune_pruner_describe(NULL, &json, &e), INVALID, "name");
  FAILS(attune_pruner_describe("none", NULL, &e), INVALID, "out");
  json = (char *)(void *)&json;
  FAILS(attune_stop_rule_describe("targets", &json, &e), ATTUNE_E_NOT_FOUND, "targets", "target");
  CHECK(json == NULL);
  FAILS(attune_stop_rule_describe(NULL, &json, &e), INVALID, "name");
  FAILS(attune_stop_rule_describe("target", NULL, &e), INVALID, "out");
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    FAILS(attune_strategy_describe(not_utf8[i], &json, &e), INVALID, "UTF-8");
    FAILS(attune_pruner_describe(not_utf8[i], &json, &e), INVALID, "UTF-8");
    FAILS(attune_stop_rule_describe(not_utf8[i], &json, &e), INVALID, "UTF-8");
  }
}

int main(void) {
  strategies_are_listed();
  grid_describes_its_options();
  pruners_are_listed();
  stop_rules_are_listed();
  other_names_mean_the_same();
  unknown_names_get_the_nearest();
  return check_done();
}

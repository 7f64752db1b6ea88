/* Shared objects as objectives. ATTUNE_TEST_PLUGINS names the folder with the plugins of plugins/. */
#include "fixtures.h"

#include <sys/stat.h>

static const char *folder;

static const char *plugin_file(const char *name) {
  static char paths[8][600];
  static int next;
  char *path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s.attune.so", folder, name);
  return path;
}

static attune_objective *good(const char *id, const char *config) {
  attune_objective *objective = NULL;
  char full[128];
  snprintf(full, sizeof full, "org.attune.test.%s", id);
  OK(attune_objective_from_plugin(plugin_file("good"), full, config, NULL, &objective, &e));
  return objective;
}

static void a_plugin_is_tuned_in_its_own_space(void) {
  attune_objective *objective = good("sphere", NULL);
  char *json = NULL;
  attune_study *study = memory_study("{\"n\": {\"type\": \"int\", \"low\": 1, \"high\": 2}, \"x\": {\"type\": \"float\", \"low\": -1,"
                                     " \"high\": 1}}", "sobol"); /* narrower, and in another order */
  attune_trials *best = NULL;
  double value = -1;
  OK(attune_study_optimize(study, objective, 64, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 64);
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_value(best, 0, 0, &value, &e));
  CHECK(value >= 1 && value < 1.1);
  attune_trials_destroy(best);
  attune_study_close(study);
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_JSON(json, "\"kind\":\"plugin\"");
  CHECK_JSON(json, "\"id\":\"org.attune.test.sphere\"");
  CHECK_JSON(json, "\"name\":\"Sphere\"");
  CHECK_JSON(json, "\"version\":\"1.2.3\"");
  CHECK_JSON(json, "\"description\":\"x squared and n\"");
  CHECK_HAS(json, "good.attune.so");
  CHECK_JSON(json, "\"thread_safe\"");
  CHECK_JSON(json, "\"space\":{\"x\":");
  attune_string_free(json);
  attune_objective_destroy(objective);
}

static void one_instance_a_worker_and_destroyed_at_the_end(void) {
  attune_objective *objective = good("counter", "{\"offset\": 100}");
  attune_study *study = memory_study(line_json, "random");
  attune_options *options = options_of("{\"n_jobs\": 4}");
  attune_trials *best = NULL;
  double value = 0;
  OK(attune_study_optimize(study, objective, 400, 0, options, NULL, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 400); /* no two evaluations overlapped on one instance */
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_value(best, 0, 0, &value, &e));
  CHECK_DOUBLE(value, 101);
  attune_trials_destroy(best);
  attune_options_destroy(options);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void host_services_work(void) {
  attune_objective *objective = good("reporter", NULL);
  attune_study *study = memory_study(line_json, "random");
  char *json;
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"state\":\"COMPLETE\"");
  CHECK_JSON(json, "\"by\":\"reporter\"");
  CHECK_JSON(json, "\"2\":8");
  CHECK_JSON(json, "\"size\":-1.5");
  attune_string_free(json);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void several_values_need_as_many_directions(void) {
  static const attune_direction two[] = {ATTUNE_MINIMIZE, ATTUNE_MAXIMIZE};
  attune_objective *objective = good("pair", NULL);
  attune_study *one = memory_study("{\"x\": {\"type\": \"float\", \"low\": -2, \"high\": 2}}", "random");
  attune_study *study = study_of(NULL, NULL, "{\"x\": {\"type\": \"float\", \"low\": -2, \"high\": 2}}", two, 2, "random", NULL);
  FAILS(attune_study_optimize(one, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, "2", "1");
  OK(attune_study_optimize(study, objective, 20, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 20);
  attune_study_close(one);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void ends_as(const char *how, const char *state, const char *text, const char *want_reason) {
  attune_objective *objective = good("failing", NULL);
  char space[200];
  attune_study *study;
  const char *reason = NULL;
  char *json;
  snprintf(space, sizeof space, "{\"how\": {\"type\": \"fixed\", \"value\": \"%s\"}}", how); /* a study may fix values */
  study = memory_study(space, "random");
  OK(attune_study_optimize(study, objective, 2, 0, NULL, &reason, &e));
  CHECK_STRING(reason, want_reason);
  json = trial_json(study, 0);
  CHECK_HAS(json, state);
  if (!CHECK_HAS(json, text)) printf("  with %s\n", how);
  attune_string_free(json);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void every_end_of_an_evaluation_has_its_meaning(void) {
  ends_as("text", "\"FAIL\"", "the oven is cold", "n_trials");
  ends_as("text", "\"FAIL\"", "99", "n_trials");
  ends_as("silent", "\"FAIL\"", "-16", "n_trials");
  ends_as("odd", "\"FAIL\"", "12345", "n_trials");
  ends_as("forget", "\"FAIL\"", "NaN", "n_trials");
  ends_as("prune", "\"PRUNED\"", "", "n_trials");
  ends_as("pause", "\"FAIL\"", "", "n_trials");
  ends_as("cancel", "\"COMPLETE\"", "", "stopped");
  ends_as("stop", "\"COMPLETE\"", "", "stopped");
}

static void the_space_of_the_study_must_fit(void) {
  static const struct { const char *space, *a; } bad[] = {
      {"{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "n"},
      {"{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}, \"n\": {\"type\": \"int\", \"low\": 1, \"high\": 2},"
       " \"extra\": {\"type\": \"int\", \"low\": 1, \"high\": 2}}", "extra"},
      {"{\"x\": {\"type\": \"int\", \"low\": 0, \"high\": 1}, \"n\": {\"type\": \"categorical\", \"choices\": [\"a\"]}}", "n"}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_objective *objective = good("sphere", NULL);
    attune_study *study = memory_study(bad[i].space, "random");
    if (!FAILS(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, bad[i].a)) printf("  on %s\n", bad[i].space);
    attune_study_close(study);
    attune_objective_destroy(objective);
  }
}

static void the_text_of_a_failed_create_comes_back(void) {
  attune_objective *objective = NULL;
  attune_study *study = memory_study(line_json, "random");
  attune_status status;
  e = NULL;
  status = attune_objective_from_plugin(plugin_file("good"), "org.attune.test.counter", "{\"mode\": \"refuse\"}", NULL, &objective, &e);
  if (status == ATTUNE_OK) {
    e = NULL;
    status = attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e);
  }
  CHECK(status < 0);
  CHECK_HAS(attune_error_message(e), "config says refuse");
  attune_error_free(e);
  e = NULL;
  attune_objective_destroy(objective);
  FAILS(attune_objective_from_plugin(plugin_file("good"), "org.attune.test.counter", "{offset", NULL, &objective, &e), INVALID,
        "config");
  attune_study_close(study);
}

static void contract_breakers_are_refused_with_the_reason(void) {
  static const struct { const char *name, *a; } broken[] = {
      {"no_entry", "attune_plugin_entry_v1"}, {"refuses", "1"},      {"small_plugin", "8"}, {"small_descriptor", "16"},
      {"null_id", "id"},                      {"bad_id", "Not An Id!"}, {"no_objectives", "0"}, {"null_objective", ""},
      {"no_values", "n_values"},              {"bad_space", "flaot"}, {"null_space", "space"}, {"null_evaluate", "evaluate"},
      {"wrong_major", "2"},                   {"not_utf8", "UTF-8"}, {"same_ids", "org.attune.test.broken.one"},
      {"many_values", "n_values"},            {"bad_direction", "7"}};
  size_t i;
  for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    attune_objective *objective = (attune_objective *)(void *)&i;
    if (!FAILS(attune_objective_from_plugin(plugin_file(broken[i].name), NULL, NULL, NULL, &objective, &e), ATTUNE_E_PLUGIN,
               broken[i].a, broken[i].name))
      printf("  with %s\n", broken[i].name);
    CHECK(objective == NULL);
  }
}

static void plugins_are_found_by_id_in_the_path(void) {
  attune_objective *objective = NULL;
  attune_study *study = memory_study("{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "random");
  setenv("ATTUNE_PLUGIN_PATH", folder, 1);
  OK(attune_objective_from_plugin("org.attune.test.good", "org.attune.test.counter", NULL, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  attune_objective_destroy(objective);
  FAILS(attune_objective_from_plugin("org.attune.test.god", NULL, NULL, NULL, &objective, &e), ANY_ERROR, "org.attune.test.god");
  setenv("ATTUNE_PLUGINS", "off", 1);
  FAILS(attune_objective_from_plugin("org.attune.test.good", "org.attune.test.counter", NULL, NULL, &objective, &e), ANY_ERROR,
        "ATTUNE_PLUGINS");
  unsetenv("ATTUNE_PLUGINS");
  unsetenv("ATTUNE_PLUGIN_PATH");
  attune_study_close(study);
}

static void the_objective_is_chosen_by_id(void) {
  attune_objective *objective = NULL;
  char *json = NULL;
  FAILS(attune_objective_from_plugin(plugin_file("good"), NULL, NULL, NULL, &objective, &e), INVALID, "org.attune.test.sphere",
        "org.attune.test.pair"); /* five objectives: which one? */
  FAILS(attune_objective_from_plugin(plugin_file("good"), "org.attune.test.spere", NULL, NULL, &objective, &e), ATTUNE_E_NOT_FOUND,
        "org.attune.test.spere", "org.attune.test.sphere");
  OK(attune_objective_from_plugin(plugin_file("single"), NULL, NULL, NULL, &objective, &e));
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_HAS(json, "org.attune.test.broken.one");
  attune_string_free(json);
  attune_objective_destroy(objective);
}

static void unsafe_files_are_refused(void) {
  attune_objective *objective = NULL;
  attune_options *allow = options_of("{\"allow_unsafe_path\": true}");
  attune_options *pinned = options_of("{\"sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\"}");
  attune_options *odd = options_of("{\"sha256\": \"xyz\"}"), *wrong = options_of("{\"sha265\": \"00\"}");
  const char *path = plugin_file("single");
  chmod(path, 0777);
  FAILS(attune_objective_from_plugin(path, NULL, NULL, NULL, &objective, &e), ANY_ERROR, "single.attune.so", "writ");
  OK(attune_objective_from_plugin(path, NULL, NULL, allow, &objective, &e));
  attune_objective_destroy(objective);
  chmod(path, 0755);
  FAILS(attune_objective_from_plugin(path, NULL, NULL, pinned, &objective, &e), ANY_ERROR, "SHA-256", "0000000000");
  FAILS(attune_objective_from_plugin(path, NULL, NULL, odd, &objective, &e), INVALID, "sha256");
  FAILS(attune_objective_from_plugin(path, NULL, NULL, wrong, &objective, &e), INVALID, "sha265", "sha256");
  attune_options_destroy(allow);
  attune_options_destroy(pinned);
  attune_options_destroy(odd);
  attune_options_destroy(wrong);
}

static void bad_arguments_are_refused(void) {
  attune_objective *objective = NULL;
  FAILS(attune_objective_from_plugin("/no/such/x.attune.so", NULL, NULL, NULL, &objective, &e), ANY_ERROR, "/no/such/x.attune.so");
  FAILS(attune_objective_from_plugin("/etc/passwd", NULL, NULL, NULL, &objective, &e), ANY_ERROR, "/etc/passwd");
  FAILS(attune_objective_from_plugin(folder, NULL, NULL, NULL, &objective, &e), ANY_ERROR, folder);
  FAILS(attune_objective_from_plugin("", NULL, NULL, NULL, &objective, &e), ANY_ERROR, "");
  FAILS(attune_objective_from_plugin(NULL, NULL, NULL, NULL, &objective, &e), INVALID, "plugin");
  FAILS(attune_objective_from_plugin(plugin_file("good"), "org.attune.test.sphere", NULL, NULL, NULL, &e), INVALID, "out");
  FAILS(attune_objective_from_plugin(not_utf8[0], NULL, NULL, NULL, &objective, &e), INVALID, "UTF-8");
  FAILS(attune_objective_from_plugin(plugin_file("good"), not_utf8[0], NULL, NULL, &objective, &e), INVALID, "UTF-8");
  FAILS(attune_objective_from_plugin(plugin_file("good"), "org.attune.test.sphere", not_utf8[0], NULL, &objective, &e), INVALID,
        "UTF-8");
}

static void a_scan_lists_good_and_broken_without_loading_them_here(void) {
  char *json = NULL;
  OK(attune_plugin_scan(folder, &json, &e));
  CHECK(json != NULL && json[0] == '[');
  CHECK_HAS(json, "good.attune.so");
  CHECK_HAS(json, "org.attune.test.sphere");
  CHECK_HAS(json, "org.attune.test.pair");
  CHECK_JSON(json, "\"license\":\"Apache-2.0\"");
  CHECK_HAS(json, "bad_space.attune.so");
  CHECK_HAS(json, "flaot");
  attune_string_free(json);
  FAILS(attune_plugin_scan(folder, NULL, &e), INVALID, "out");
  FAILS(attune_plugin_scan(not_utf8[0], &json, &e), INVALID, "UTF-8");
  CHECK(json == NULL);
  OK(attune_plugin_scan("/no/such/folder", &json, &e)); /* a folder that is not there holds no plugin */
  CHECK(json != NULL && json[0] == '[');
  attune_string_free(json);
  OK(attune_plugin_scan(NULL, &json, &e));
  attune_string_free(json);
}

int main(void) {
  alarm(300);
  folder = getenv("ATTUNE_TEST_PLUGINS");
  if (!folder) {
    printf("ATTUNE_TEST_PLUGINS: expected the folder of the test plugins, it is not set\n0 passed, 1 failed\n");
    return 1;
  }
  a_scan_lists_good_and_broken_without_loading_them_here();
  a_plugin_is_tuned_in_its_own_space();
  one_instance_a_worker_and_destroyed_at_the_end();
  host_services_work();
  several_values_need_as_many_directions();
  every_end_of_an_evaluation_has_its_meaning();
  the_space_of_the_study_must_fit();
  the_text_of_a_failed_create_comes_back();
  contract_breakers_are_refused_with_the_reason();
  plugins_are_found_by_id_in_the_path();
  the_objective_is_chosen_by_id();
  unsafe_files_are_refused();
  bad_arguments_are_refused();
  return check_done();
}

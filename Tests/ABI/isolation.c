/* Objectives in worker processes: what does harm in a process is data here. */
#include "fixtures.h"

#include <dlfcn.h>
#include <sys/wait.h>

static const char *plugin_file(void) {
  static char path[600];
  snprintf(path, sizeof path, "%s/chaos.attune.so", getenv("ATTUNE_TEST_PLUGINS"));
  return path;
}

static attune_objective *isolated(const char *options_json) {
  attune_objective *objective = NULL;
  attune_options *options = options_of(options_json);
  OK(attune_objective_from_plugin(plugin_file(), NULL, NULL, options, &objective, &e));
  attune_options_destroy(options);
  return objective;
}

static attune_study *deeds(const char *const *names, size_t count) {
  char json[512];
  attune_study *study;
  size_t i;
  snprintf(json, sizeof json,
           "{\"x\": {\"type\": \"float\", \"low\": -1, \"high\": 1}, \"deed\": {\"type\": \"categorical\", "
           "\"choices\": [\"ok\", \"segv\", \"exit\", \"loop\", \"overflow\", \"garbage\", \"fail\"]}}");
  study = memory_study(json, "random");
  for (i = 0; i < count; i++) {
    snprintf(json, sizeof json, "{\"x\": 0.5, \"deed\": \"%s\"}", names[i]);
    OK(attune_study_enqueue(study, json, &e));
  }
  return study;
}

static void trial_says(attune_trials *trials, size_t index, const char *part) {
  char *json = NULL;
  OK(attune_trials_json(trials, index, &json, &e));
  CHECK_HAS(json, part);
  attune_string_free(json);
}

static void crashes_are_data_with_any_number_of_jobs(void) {
  static const char *const names[] = {"ok", "segv", "ok", "exit", "ok", "loop", "ok", "overflow", "ok", "garbage", "ok"};
  static const char *const reasons[] = {"\"value\": 0.25", "killed by SIGSEGV", "\"value\": 0.25",
                                        "exit status 7 in the middle of the trial", "\"value\": 0.25", "timeout after 2.0 s",
                                        "\"value\": 0.25", "stack overflow, killed by SIGSEGV", "\"value\": 0.25",
                                        "its worker sent a damaged reply", "\"value\": 0.25"};
  const size_t count = sizeof names / sizeof names[0];
  int jobs;
  for (jobs = 1; jobs <= 8; jobs += 7) {
    attune_objective *objective =
        isolated("{\"isolate\": \"process\", \"timeout\": 2.0, \"grace\": 0.1, \"stack\": 1048576}");
    attune_study *study = deeds(names, count);
    attune_options *options = options_of(jobs == 1 ? "{\"max_failures\": 99}" : "{\"max_failures\": 99, \"n_jobs\": 8}");
    attune_trials *trials = NULL;
    const char *reason = NULL;
    size_t i;
    OK(attune_study_optimize(study, objective, (int64_t)count, 0, options, &reason, &e));
    CHECK_STRING(reason, "n_trials");
    OK(attune_study_trials(study, 0, &trials, &e));
    CHECK_INT(attune_trials_count(trials), (long long)count);
    for (i = 0; i < count; i++) trial_says(trials, i, reasons[i]);
    trial_says(trials, 1, "\"signal_name\": \"SIGSEGV\"");
    trial_says(trials, 3, "\"exit_code\": 7");
    attune_trials_destroy(trials);
    attune_options_destroy(options);
    attune_study_close(study);
    attune_objective_destroy(objective);
  }
  /* Every worker was waited for, and the plugin was never opened here. */
  CHECK(waitpid(-1, NULL, WNOHANG) < 0);
  CHECK(dlopen(plugin_file(), RTLD_NOW | RTLD_NOLOAD) == NULL);
}

static void what_always_crashes_ends_the_run_with_one_error(void) {
  static const char *const names[] = {"segv", "segv", "segv", "segv"};
  attune_objective *objective = isolated("{\"isolate\": \"process\"}");
  attune_study *study = deeds(names, 4);
  FAILS(attune_study_optimize(study, objective, 4, 0, NULL, NULL, &e), ATTUNE_E_OBJECTIVE, "killed by SIGSEGV",
        "its first 3 evaluations crashed and none ended well");
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void failures_are_tried_again_when_that_is_said(void) {
  static const char *const names[] = {"fail", "ok"};
  attune_objective *objective = isolated("{\"isolate\": \"process\", \"usage\": true}");
  attune_study *study = deeds(names, 2);
  attune_options *options = options_of("{\"on_failure\": \"retry=2\", \"n_jobs\": \"auto\"}");
  attune_trials *trials = NULL;
  OK(attune_study_optimize(study, objective, 2, 0, options, NULL, &e));
  OK(attune_study_trials(study, 0, &trials, &e));
  CHECK_INT(attune_trials_count(trials), 2);
  trial_says(trials, 0, "the matrix is singular");
  trial_says(trials, 1, "\"peak_memory_bytes\"");
  attune_trials_destroy(trials);
  attune_options_destroy(options);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void a_symbol_is_isolated_as_well(void) {
  attune_objective *objective = NULL;
  attune_options *options = options_of("{\"isolate\": \"process\"}");
  attune_study *study = memory_study(line_json, "random");
  char *json = NULL;
  OK(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", options, &objective, &e));
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_JSON(json, "\"kind\":\"native\"");
  attune_string_free(json);
  OK(attune_study_optimize(study, objective, 20, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 20);
  FAILS(attune_objective_from_native((attune_native_fn)fixture_need, "f64(f64 x)", NULL, options, &objective, &e),
        ATTUNE_E_NOT_SUPPORTED, "isolate", "attune_objective_from_symbol");
  attune_options_destroy(options);
  attune_study_close(study);
}

static void wrong_options_are_named(void) {
  static const struct { const char *json, *a, *b; } bad[] = {
      {"{\"isolate\": \"thread\"}", "isolate", "none, process"},
      {"{\"timeout\": 2}", "timeout", "isolate"},
      {"{\"sandbox\": true}", "sandbox", "isolate"},
      {"{\"isolate\": \"process\", \"timeout\": 0}", "timeout", "seconds above 0"},
      {"{\"isolate\": \"process\", \"stack\": 10}", "stack", "262144 or more"},
      {"{\"isolate\": \"process\", \"memory\": -1}", "memory", "-1"}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_options *options = options_of(bad[i].json);
    attune_objective *objective = NULL;
    if (!FAILS(attune_objective_from_plugin(plugin_file(), NULL, NULL, options, &objective, &e), INVALID, bad[i].a, bad[i].b))
      printf("  with %s\n", bad[i].json);
    attune_options_destroy(options);
  }
  {
    attune_options *options = options_of("{\"isolate\": \"process\", \"worker\": \"/no/worker\"}");
    attune_objective *objective = NULL;
    FAILS(attune_objective_from_plugin(plugin_file(), NULL, NULL, options, &objective, &e), ATTUNE_E_NOT_FOUND, "/no/worker",
          "attune-worker");
    attune_options_destroy(options);
  }
}

int main(void) {
  crashes_are_data_with_any_number_of_jobs();
  what_always_crashes_ends_the_run_with_one_error();
  failures_are_tried_again_when_that_is_said();
  a_symbol_is_isolated_as_well();
  wrong_options_are_named();
  return check_done();
}

/* A plugin that pauses its trials and goes on with the best of them, in this process and in workers. */
#include "fixtures.h"

#include <sys/stat.h>

enum { TRIALS = 27, STEPS = 27 };

static attune_objective *pausing(const char *options_json, const char *config_json) {
  char path[600];
  attune_objective *objective = NULL;
  attune_options *options = options_of(options_json);
  snprintf(path, sizeof path, "%s/pausing.attune.so", getenv("ATTUNE_TEST_PLUGINS"));
  OK(attune_objective_from_plugin(path, NULL, config_json, options, &objective, &e));
  attune_options_destroy(options);
  return objective;
}

static void set_pruner(attune_study *study, const char *options_json) {
  attune_options *options = options_of(options_json);
  OK(attune_study_set_pruner(study, "asha", options, &e));
  attune_options_destroy(options);
}

#define RESUME "{\"min_resource\": 1, \"reduction_factor\": 3, \"resume\": true}"

/* The number behind a key in JSON text, or -1. */
static long number_after(const char *json, const char *key) {
  const char *place = json ? strstr(json, key) : NULL;
  return place ? strtol(place + strlen(key), NULL, 10) : -1;
}

static int is_there(const char *path) {
  struct stat facts;
  return stat(path, &facts) == 0;
}

/* Every trial has ended; those that came to the end trained each step once, some of them in several calls. */
static void check_trials(attune_study *study) {
  attune_trials *trials = NULL;
  size_t i;
  int several = 0;
  CHECK_INT(count_states(study, 0), TRIALS);
  CHECK_INT(count_states(study, COMPLETE_MASK) + count_states(study, PRUNED_MASK), TRIALS);
  CHECK(count_states(study, COMPLETE_MASK) >= 1);
  CHECK(count_states(study, PRUNED_MASK) >= 15);
  OK(attune_study_trials(study, COMPLETE_MASK, &trials, &e));
  for (i = 0; i < attune_trials_count(trials); i++) {
    char *json = NULL;
    OK(attune_trials_json(trials, i, &json, &e));
    CHECK_INT(number_after(json, "\"trained\": "), STEPS);
    several += number_after(json, "\"calls\": ") > 1;
    attune_string_free(json);
  }
  CHECK(several >= 1);
  attune_trials_destroy(trials);
  OK(attune_study_trials(study, PRUNED_MASK, &trials, &e));
  for (i = 0; i < attune_trials_count(trials); i++) {
    char *json = NULL;
    OK(attune_trials_json(trials, i, &json, &e));
    CHECK_HAS(json, "and never promoted");
    CHECK_HAS(json, "\"reason\": \"paused at step ");
    attune_string_free(json);
  }
  attune_trials_destroy(trials);
}

/* The same trials, whatever they run in and wherever they are kept. */
static void the_best_go_on(const char *isolation, const char *storage, const char *jobs, char **out_json) {
  attune_objective *objective = pausing(isolation, NULL);
  attune_study *study = study_of(storage, "pausing", line_json, NULL, 0, "random", "{\"seed\": 7}");
  attune_options *options = options_of(jobs);
  const char *reason = NULL;
  char folder[640];
  set_pruner(study, RESUME);
  OK(attune_study_optimize(study, objective, TRIALS, 0, options, &reason, &e));
  CHECK_STRING(reason, "n_trials");
  check_trials(study);
  if (storage) {
    snprintf(folder, sizeof folder, "%s-state", storage);
    CHECK(!is_there(folder));
  }
  if (out_json) *out_json = trial_json(study, 5);
  attune_options_destroy(options);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static const char here[] = "{}", there[] = "{\"isolate\": \"process\"}";

static void pausing_is_the_same_in_workers(void) {
  char *own = NULL, *isolated = NULL, *parts[2];
  int i;
  the_best_go_on(here, NULL, "{}", &own);
  the_best_go_on(there, NULL, "{}", &isolated);
  for (i = 0; i < 2; i++) {
    char *end;
    parts[i] = strstr(i ? isolated : own, "\"intermediate\"");
    CHECK(parts[i] != NULL);
    if (parts[i] && (end = strchr(parts[i], '}'))) *end = 0;
  }
  if (parts[0] && parts[1]) CHECK_STRING(parts[0], parts[1]);
  attune_string_free(own);
  attune_string_free(isolated);
}

static void several_jobs_and_a_file(void) {
  the_best_go_on(here, temp_path("here.db"), "{\"n_jobs\": 4}", NULL);
  the_best_go_on(there, temp_path("there.db"), "{\"n_jobs\": 4}", NULL);
}

/* A plugin that breaks the contract fails its trial, as it always did. */
static void wrong_pauses_fail(void) {
  static const char *const configs[] = {"{\"unasked\": true}", "{\"unasked\": true}", "{\"forgets\": true}",
                                        "{\"forgets\": true}"};
  static const char *const reasons[] = {"returned PAUSED but was not asked to pause", "returned PAUSED but was not asked to pause",
                                        "keeps nothing in its folder", "keeps nothing in its folder"};
  int i;
  for (i = 0; i < 4; i++) {
    attune_objective *objective = pausing(i % 2 ? there : here, configs[i]);
    attune_study *study = memory_study(line_json, "random");
    const char *reason = NULL;
    char *json;
    set_pruner(study, RESUME);
    OK(attune_study_optimize(study, objective, 1, 0, NULL, &reason, &e));
    json = trial_json(study, 0);
    CHECK_HAS(json, "FAIL");
    CHECK_HAS(json, reasons[i]);
    attune_string_free(json);
    attune_study_close(study);
    attune_objective_destroy(objective);
  }
}

/* Without resume nothing may pause: the plugin itself fails when there is a folder then. */
static void without_resume_trials_are_pruned(void) {
  attune_objective *objective = pausing(here, NULL);
  attune_study *study = memory_study(line_json, "random");
  const char *reason = NULL;
  set_pruner(study, "{\"min_resource\": 1}");
  OK(attune_study_optimize(study, objective, TRIALS, 0, NULL, &reason, &e));
  CHECK_INT(count_states(study, FAIL_MASK), 0);
  CHECK(count_states(study, PRUNED_MASK) > 9);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static attune_status one(attune_trial *trial, double *values, size_t n_values, void *user) {
  (void)trial, (void)user, (void)n_values;
  values[0] = 1;
  return ATTUNE_OK;
}

static void what_cannot_pause_is_refused(void) {
  char path[600];
  attune_objective *objective = NULL;
  attune_study *study = memory_study(line_json, "random");
  attune_options *options = options_of(RESUME);
  attune_trial *trial = NULL;
  const char *reason = NULL;
  set_pruner(study, RESUME);
  FAILS(attune_study_ask(study, &trial, &e), ATTUNE_E_NOT_SUPPORTED, "asha", "resume", "asked and told");
  OK(attune_objective_from_callback(one, NULL, NULL, &objective, &e));
  FAILS(attune_study_optimize(study, objective, 1, 0, NULL, &reason, &e), ATTUNE_E_NOT_SUPPORTED, "asha", "resume",
        "callback");
  attune_objective_destroy(objective);
  snprintf(path, sizeof path, "%s/chaos.attune.so", getenv("ATTUNE_TEST_PLUGINS"));
  OK(attune_objective_from_plugin(path, NULL, NULL, NULL, &objective, &e));
  FAILS(attune_study_optimize(study, objective, 1, 0, NULL, &reason, &e), ATTUNE_E_NOT_SUPPORTED, "asha", "resume",
        "ATTUNE_CAP_PAUSE");
  attune_objective_destroy(objective);
  attune_study_close(study);
  study = study_of(NULL, NULL, line_json, NULL, 0, "random", "{\"deterministic\": true}");
  FAILS(attune_study_set_pruner(study, "asha", options, &e), ATTUNE_E_NOT_SUPPORTED, "asha", "resume", "deterministic");
  attune_options_destroy(options);
  attune_study_close(study);
}

int main(void) {
  pausing_is_the_same_in_workers();
  several_jobs_and_a_file();
  wrong_pauses_fail();
  without_resume_trials_are_pruned();
  what_cannot_pause_is_refused();
  return check_done();
}

/* A callback of this process as objective. */
#include "fixtures.h"

#include <pthread.h>

static int calls, destroyed, preset_nan, other_thread;
static pthread_t caller;

static attune_status parabola(attune_trial *trial, double *values, size_t n_values, void *data) {
  double x = 0;
  attune_status status = attune_trial_float(trial, "x", &x, NULL);
  calls++;
  preset_nan += n_values == 1 && isnan(values[0]);
  other_thread += !pthread_equal(pthread_self(), caller);
  if (status != ATTUNE_OK) return status;
  values[0] = (x - 0.3) * (x - 0.3) + *(double *)data;
  return ATTUNE_OK;
}
static void count_destroy(void *data) {
  (void)data;
  destroyed++;
}

static void a_callback_is_minimized_on_the_calling_thread(void) {
  attune_study *study = memory_study(line_json, "sobol");
  attune_objective *objective = NULL;
  attune_trials *best = NULL;
  const char *reason = NULL;
  double offset = 2, value = 0;
  caller = pthread_self();
  OK(attune_objective_from_callback(parabola, &offset, count_destroy, &objective, &e));
  OK(attune_study_optimize(study, objective, 64, 0, NULL, &reason, &e));
  CHECK_STRING(reason, "n_trials");
  CHECK_INT(calls, 64);
  CHECK_INT(preset_nan, 64);
  CHECK_INT(other_thread, 0);
  CHECK_INT(destroyed, 0);
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_value(best, 0, 0, &value, &e));
  CHECK(value >= 2 && value < 2.01);
  attune_trials_destroy(best);
  OK(attune_study_optimize(study, objective, 6, 0, NULL, NULL, &e)); /* the same objective, again */
  CHECK_INT(calls, 70);
  attune_objective_destroy(objective);
  CHECK_INT(destroyed, 1);
  attune_objective_destroy(objective);
  CHECK_INT(destroyed, 1);
  attune_study_close(study);
}

static void the_data_is_let_go_once_also_on_failure(void) {
  attune_objective *objective = (attune_objective *)(void *)&destroyed;
  destroyed = 0;
  FAILS(attune_objective_from_callback(NULL, &calls, count_destroy, &objective, &e), INVALID, "fn");
  CHECK_INT(destroyed, 1);
  CHECK(objective == NULL);
  FAILS(attune_objective_from_callback(parabola, &calls, count_destroy, NULL, &e), INVALID, "out");
  CHECK_INT(destroyed, 2);
  FAILS(attune_objective_from_callback(NULL, NULL, NULL, &objective, &e), INVALID, "fn");
  CHECK_INT(destroyed, 2);
}

static attune_objective *running_objective;
static attune_status destroy_own_objective(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)n, (void)data;
  attune_objective_destroy(running_objective); /* documented: also while a run uses it */
  values[0] = destroyed;
  return ATTUNE_OK;
}

static void an_objective_may_be_dropped_while_a_run_uses_it(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trials *ts = NULL;
  double during = -1;
  destroyed = 0;
  OK(attune_objective_from_callback(destroy_own_objective, NULL, count_destroy, &running_objective, &e));
  OK(attune_study_optimize(study, running_objective, 3, 0, NULL, NULL, &e));
  CHECK_INT(destroyed, 1);
  OK(attune_study_trials(study, 0, &ts, &e));
  OK(attune_trials_value(ts, 2, 0, &during, &e));
  CHECK_DOUBLE(during, 0); /* still held in the third trial */
  attune_trials_destroy(ts);
  attune_study_close(study);
}

static attune_status returns_what_the_data_says(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)n;
  values[0] = 1;
  return *(attune_status *)data;
}

static void run_returning(attune_status status, uint32_t want_mask, const char *want_text) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  char *json;
  OK(attune_objective_from_callback(returns_what_the_data_says, &status, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  if (!CHECK_INT(count_states(study, want_mask), 1)) printf("  with a callback that returns %d\n", status);
  json = trial_json(study, 0);
  CHECK_HAS(json, want_text);
  attune_string_free(json);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void every_return_value_has_its_meaning(void) {
  run_returning(ATTUNE_OK, COMPLETE_MASK, "COMPLETE");
  run_returning(ATTUNE_PRUNED, PRUNED_MASK, "PRUNED");
  run_returning(ATTUNE_STOP, COMPLETE_MASK, "COMPLETE");
  run_returning(ATTUNE_E_OBJECTIVE, FAIL_MASK, "-16");
  run_returning(ATTUNE_E_INVALID_ARGUMENT, FAIL_MASK, "-2");
  run_returning(-12345, FAIL_MASK, "-12345");
  run_returning(3, FAIL_MASK, "3");
  run_returning(INT32_MIN, FAIL_MASK, "-2147483648");
  run_returning(INT32_MAX, FAIL_MASK, "2147483647");
}

static attune_status writes_nothing(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)values, (void)n, (void)data;
  return ATTUNE_OK;
}
static attune_status fails_with_text(attune_trial *trial, double *values, size_t n, void *data) {
  (void)values, (void)n, (void)data;
  attune_trial_set_error(trial, 77, "loss exploded", NULL);
  return ATTUNE_E_OBJECTIVE;
}

static void failures_keep_their_reason(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  char *json;
  OK(attune_objective_from_callback(writes_nothing, NULL, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  attune_objective_destroy(objective);
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"state\":\"FAIL\"");
  CHECK_HAS(json, "NaN"); /* a forgotten output is a failure, not a zero */
  attune_string_free(json);
  OK(attune_objective_from_callback(fails_with_text, NULL, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  attune_objective_destroy(objective);
  json = trial_json(study, 1);
  CHECK_HAS(json, "loss exploded");
  CHECK_HAS(json, "77");
  attune_string_free(json);
  attune_study_close(study);
}

static attune_trial *escaped;
static attune_status keeps_its_trial(attune_trial *trial, double *values, size_t n, void *data) {
  (void)n, (void)data;
  escaped = trial;
  attune_trial_release(trial); /* borrowed: not ours to release, and no harm */
  values[0] = attune_trial_number(trial) >= 0;
  return ATTUNE_OK;
}

static void the_trial_is_valid_during_the_call_only(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  double x = 0;
  OK(attune_objective_from_callback(keeps_its_trial, NULL, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  CHECK_INT(attune_trial_number(escaped), -1);
  FAILS(attune_trial_float(escaped, "x", &x, &e), INVALID, "");
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static attune_status calls_everything(attune_trial *trial, double *values, size_t n, void *data) {
  attune_study *study = data;
  attune_trials *ts = NULL;
  attune_trial *own = NULL;
  attune_objective *other = NULL;
  char *text = NULL;
  double one = 1;
  int32_t prune;
  int64_t number;
  int wrong = 0;
  (void)n;
  wrong += attune_study_trials(study, 0, &ts, NULL) != ATTUNE_OK;
  attune_trials_destroy(ts);
  wrong += attune_study_best_trials(study, &ts, NULL) != ATTUNE_OK;
  attune_trials_destroy(ts);
  wrong += attune_study_export_json(study, &text, NULL) != ATTUNE_OK;
  attune_string_free(text);
  wrong += attune_study_export_csv(study, &text, NULL) != ATTUNE_OK;
  attune_string_free(text);
  wrong += attune_study_space_json(study, &text, NULL) != ATTUNE_OK;
  attune_string_free(text);
  wrong += attune_study_set_attribute(study, "inside", "1", NULL) != ATTUNE_OK;
  wrong += attune_study_get_attribute(study, "inside", &text, NULL) != ATTUNE_OK;
  attune_string_free(text);
  wrong += attune_study_add_trial(study, "{\"params\": {\"x\": 0.5}, \"value\": 9}", &number, NULL) != ATTUNE_OK;
  wrong += attune_study_enqueue(study, "{\"x\": 0.25}", NULL) != ATTUNE_OK;
  wrong += attune_study_name(study) == NULL || attune_study_trial_count(study) == 0;
  wrong += attune_trial_report(trial, 1, 0.5, NULL) != ATTUNE_OK;
  wrong += attune_trial_should_prune(trial, &prune, NULL) != ATTUNE_OK;
  wrong += attune_trial_set_attribute(trial, "k", "true", NULL) != ATTUNE_OK;
  wrong += attune_study_ask(study, &own, NULL) != ATTUNE_OK; /* ask and tell are [thread-safe] */
  wrong += attune_study_tell(study, own, &one, 1, NULL, NULL) != ATTUNE_OK;
  attune_trial_release(own);
  /* One run per study at a time. */
  wrong += attune_objective_from_callback(writes_nothing, NULL, NULL, &other, NULL) != ATTUNE_OK;
  wrong += attune_study_optimize(study, other, 1, 0, NULL, NULL, NULL) != ATTUNE_E_INVALID_STATE;
  attune_objective_destroy(other);
  attune_study_close(study); /* does nothing but log an error */
  wrong += attune_study_name(study) == NULL;
  values[0] = wrong;
  return ATTUNE_OK;
}
static void no_log(attune_log_level level, const char *component, const char *message, void *data) {
  (void)level, (void)component, (void)message, (void)data;
}

static void callbacks_may_call_back_in(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  attune_trials *best = NULL;
  double wrong = -1;
  attune_set_log(no_log, ATTUNE_LOG_OFF, NULL, NULL);
  OK(attune_objective_from_callback(calls_everything, study, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 5, 0, NULL, NULL, &e));
  attune_set_log(NULL, ATTUNE_LOG_WARN, NULL, NULL);
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_value(best, 0, 0, &wrong, &e));
  CHECK_DOUBLE(wrong, 0);
  attune_trials_destroy(best);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void a_callback_is_described(void) {
  attune_objective *objective = NULL;
  char *json = (char *)(void *)&objective;
  OK(attune_objective_from_callback(writes_nothing, NULL, NULL, &objective, &e));
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_JSON(json, "\"kind\":\"callback\"");
  CHECK_JSON(json, "\"capabilities\":");
  attune_string_free(json);
  FAILS(attune_objective_describe(NULL, &json, &e), INVALID, "objective");
  CHECK(json == NULL);
  FAILS(attune_objective_describe(objective, NULL, &e), INVALID, "out");
  attune_objective_destroy(objective);
  attune_objective_destroy(NULL);
}

int main(void) {
  alarm(300);
  a_callback_is_minimized_on_the_calling_thread();
  the_data_is_let_go_once_also_on_failure();
  an_objective_may_be_dropped_while_a_run_uses_it();
  every_return_value_has_its_meaning();
  failures_keep_their_reason();
  the_trial_is_valid_during_the_call_only();
  callbacks_may_call_back_in();
  a_callback_is_described();
  return check_done();
}

/* Intermediate values, and giving trials up by them. */
#include "fixtures.h"

static void the_first_report_at_a_step_counts(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  double one = 1;
  char *json;
  OK(attune_trial_report(trial, 0, 0.5, &e));
  OK(attune_trial_report(trial, 1, 0.25, &e));
  OK(attune_trial_report(trial, 1, 12345.678, &e));
  OK(attune_trial_report(trial, INT64_MAX, -1.5, &e));
  OK(attune_trial_report(trial, 7, NAN, &e));
  OK(attune_trial_report(trial, 8, INFINITY, &e));
  OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"1\":0.25");
  CHECK_JSON(json, "\"9223372036854775807\":-1.5");
  CHECK(json && !strstr(json, "12345.678"));
  attune_string_free(json);
  FAILS(attune_trial_report(trial, 9, 1, &e), ATTUNE_E_INVALID_STATE, "0"); /* finished */
  attune_trial_release(trial);
  attune_study_close(study);
}

static void several_values_are_reported_together(void) {
  static const attune_direction two[] = {ATTUNE_MINIMIZE, ATTUNE_MAXIMIZE};
  attune_study *study = study_of(NULL, NULL, line_json, two, 2, "random", "{\"seed\": 1}");
  attune_trial *trial = ask(study);
  double values[2] = {0.5, 0.125};
  char *json;
  OK(attune_trial_report_values(trial, 3, values, 2, &e));
  FAILS(attune_trial_report_values(trial, 4, values, 1, &e), INVALID, "1", "2");
  FAILS(attune_trial_report_values(trial, 4, values, (size_t)-1, &e), INVALID, "2");
  FAILS(attune_trial_report_values(trial, 4, NULL, 2, &e), INVALID, "values");
  FAILS(attune_trial_report_values(trial, -4, values, 2, &e), INVALID, "-4");
  FAILS(attune_trial_report_values(NULL, 4, values, 2, &e), INVALID, "trial");
  FAILS(attune_trial_report(trial, 4, 0.5, &e), INVALID, "1", "2"); /* one value where two are wanted */
  OK(attune_study_tell(study, trial, values, 2, NULL, &e));
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"3\":[0.5,0.125]");
  attune_string_free(json);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void bad_reports_are_refused(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  int32_t prune = -7;
  FAILS(attune_trial_report(trial, -1, 0.5, &e), INVALID, "step", "-1");
  FAILS(attune_trial_report(trial, INT64_MIN, 0.5, &e), INVALID, "step");
  FAILS(attune_trial_report(NULL, 0, 0.5, &e), INVALID, "trial");
  FAILS(attune_trial_should_prune(NULL, &prune, &e), INVALID, "trial");
  FAILS(attune_trial_should_prune(trial, NULL, &e), INVALID, "out");
  CHECK_INT(prune, -7);
  OK(attune_trial_should_prune(trial, &prune, &e)); /* no report, no pruning */
  CHECK_INT(prune, 0);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void a_trial_below_the_median_is_given_up(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_options *options = options_of("{\"n_startup_trials\": 2}");
  int i;
  int32_t prune = -1;
  attune_trial *trial;
  OK(attune_study_set_pruner(study, "median", options, &e));
  attune_options_destroy(options);
  for (i = 0; i < 6; i++) {
    double good = 1;
    trial = ask(study);
    OK(attune_trial_report(trial, 1, 1.0, &e));
    OK(attune_trial_report(trial, 2, 1.0, &e));
    OK(attune_trial_should_prune(trial, &prune, &e));
    CHECK_INT(prune, 0);
    OK(attune_study_tell(study, trial, &good, 1, NULL, &e));
    attune_trial_release(trial);
  }
  trial = ask(study);
  OK(attune_trial_report(trial, 1, 50.0, &e));
  OK(attune_trial_should_prune(trial, &prune, &e));
  CHECK_INT(prune, 1);
  OK(attune_study_tell_state(study, trial, ATTUNE_TRIAL_PRUNED, NULL, &e));
  attune_trial_release(trial);
  trial = ask(study);
  OK(attune_trial_report(trial, 1, NAN, &e));
  OK(attune_trial_should_prune(trial, &prune, &e));
  CHECK_INT(prune, 1); /* a non-finite value never passes a pruner */
  attune_trial_release(trial);
  trial = ask(study);
  OK(attune_trial_report(trial, 1, 0.5, &e));
  OK(attune_trial_should_prune(trial, &prune, &e));
  CHECK_INT(prune, 0);
  attune_trial_release(trial);
  OK(attune_study_set_pruner(study, "none", NULL, &e));
  trial = ask(study);
  OK(attune_trial_report(trial, 1, 50.0, &e));
  OK(attune_trial_should_prune(trial, &prune, &e));
  CHECK_INT(prune, 0);
  attune_trial_release(trial);
  attune_study_close(study);
}

static attune_status set_pruner_inside(attune_trial *trial, double *values, size_t n, void *study) {
  (void)trial, (void)n;
  values[0] = (double)attune_study_set_pruner(study, "median", NULL, NULL);
  return ATTUNE_OK;
}

static void pruners_are_chosen_by_name(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_options *options = options_of("{\"n_startup_trails\": 2}");
  attune_objective *objective = NULL;
  attune_trials *ts = NULL;
  double status = 0;
  FAILS(attune_study_set_pruner(study, "medain", NULL, &e), ATTUNE_E_NOT_FOUND, "medain", "median");
  FAILS(attune_study_set_pruner(study, "median", options, &e), INVALID, "n_startup_trails", "n_startup_trials");
  FAILS(attune_study_set_pruner(study, NULL, NULL, &e), INVALID, "pruner");
  FAILS(attune_study_set_pruner(NULL, "median", NULL, &e), INVALID, "study");
  FAILS(attune_study_set_pruner(study, not_utf8[0], NULL, &e), INVALID, "UTF-8");
  attune_options_destroy(options);
  /* Not during a run. */
  OK(attune_objective_from_callback(set_pruner_inside, study, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  OK(attune_study_trials(study, 0, &ts, &e));
  OK(attune_trials_value(ts, 0, 0, &status, &e));
  CHECK_DOUBLE(status, ATTUNE_E_INVALID_STATE);
  attune_trials_destroy(ts);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

int main(void) {
  alarm(300);
  the_first_report_at_a_step_counts();
  several_values_are_reported_together();
  bad_reports_are_refused();
  a_trial_below_the_median_is_given_up();
  pruners_are_chosen_by_name();
  return check_done();
}

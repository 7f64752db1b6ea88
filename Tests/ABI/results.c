/* Snapshots, tables, JSON, CSV, and a study carried elsewhere. */
#include "fixtures.h"

/* Trial 0 complete with 3, 1 complete with 1, 2 failed, 3 pruned, 4 complete with 1, 5 running. */
static attune_study *small_history(void) {
  attune_study *study = study_of(NULL, "small", mixed_json, NULL, 0, "random", "{\"seed\": 11}");
  static const double values[] = {3, 1, 0, 0, 1};
  int i;
  for (i = 0; i < 6; i++) {
    attune_trial *trial = ask(study);
    OK(attune_trial_report(trial, 1, i + 0.5, &e));
    OK(attune_trial_set_attribute(trial, "order", i % 2 ? "\"odd\"" : "\"even\"", &e));
    if (i == 2) OK(attune_study_tell_state(study, trial, ATTUNE_TRIAL_FAIL, "a \"quoted\", reason", &e));
    else if (i == 3) OK(attune_study_tell_state(study, trial, ATTUNE_TRIAL_PRUNED, NULL, &e));
    else if (i < 5) OK(attune_study_tell(study, trial, &values[i], 1, NULL, &e));
    attune_trial_release(trial);
  }
  return study;
}

static void a_snapshot_lists_trials_by_state(void) {
  attune_study *study = small_history();
  attune_trials *ts = NULL;
  int64_t number = -1;
  attune_trial_state state = -1;
  double value = -1;
  CHECK_INT(count_states(study, 0), 6);
  CHECK_INT(count_states(study, COMPLETE_MASK | FAIL_MASK), 4);
  CHECK_INT(count_states(study, RUNNING_MASK), 1);
  OK(attune_study_trials(study, FAIL_MASK, &ts, &e));
  CHECK_INT(attune_trials_count(ts), 1);
  OK(attune_trials_number(ts, 0, &number, &e));
  CHECK_INT(number, 2);
  OK(attune_trials_state(ts, 0, &state, &e));
  CHECK_INT(state, ATTUNE_TRIAL_FAIL);
  FAILS(attune_trials_value(ts, 0, 0, &value, &e), ATTUNE_E_INVALID_STATE, "2");
  attune_trials_destroy(ts);
  OK(attune_study_trials(study, COMPLETE_MASK, &ts, &e));
  OK(attune_trials_value(ts, 1, 0, &value, &e));
  CHECK_DOUBLE(value, 1);
  FAILS(attune_study_trials(study, 0x80000000u, &ts, &e), INVALID, "mask");
  CHECK(ts == NULL);
  attune_study_close(study);
}

static void a_snapshot_does_not_change(void) {
  attune_study *study = small_history();
  attune_trials *ts = NULL;
  attune_trial *trial;
  double one = -5, value = 0;
  char *json = NULL;
  OK(attune_study_trials(study, 0, &ts, &e));
  trial = ask(study);
  OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
  attune_trial_release(trial);
  CHECK_INT(attune_trials_count(ts), 6);
  attune_study_close(study);
  CHECK_INT(attune_trials_count(ts), 6); /* and it outlives the study */
  OK(attune_trials_value(ts, 0, 0, &value, &e));
  CHECK_DOUBLE(value, 3);
  OK(attune_trials_json(ts, 5, &json, &e));
  CHECK_JSON(json, "\"state\":\"RUNNING\"");
  attune_string_free(json);
  attune_trials_destroy(ts);
}

static void importances_are_shares_of_one(void) {
  attune_study *study = small_history(), *empty = memory_study(line_json, "random");
  char *json = NULL;
  OK(attune_study_importances(study, NULL, &json, &e));
  CHECK_JSON(json, "\"lr\":");
  attune_string_free(json);
  OK(attune_study_importances(study, "fanova", &json, &e));
  CHECK_JSON(json, "\"lr\":");
  attune_string_free(json);
  FAILS(attune_study_importances(study, "anova", &json, &e), INVALID, "method is \"anova\"", "wanted ped-anova or fanova");
  FAILS(attune_study_importances(empty, NULL, &json, &e), ATTUNE_E_NOT_FOUND, "0 complete trials", "wanted two");
  FAILS(attune_study_importances(NULL, NULL, &json, &e), INVALID, "study");
  FAILS(attune_study_importances(study, NULL, NULL, &e), INVALID, "out");
  attune_study_close(empty);
  attune_study_close(study);
}

static void the_best_is_the_first_of_equals(void) {
  attune_study *study = small_history(), *empty = memory_study(line_json, "random");
  attune_trials *best = NULL;
  int64_t number = -1;
  OK(attune_study_best_trials(study, &best, &e));
  CHECK_INT(attune_trials_count(best), 1);
  OK(attune_trials_number(best, 0, &number, &e));
  CHECK_INT(number, 1);
  attune_trials_destroy(best);
  OK(attune_study_best_trials(empty, &best, &e));
  CHECK_INT(attune_trials_count(best), 0);
  attune_trials_destroy(best);
  attune_study_close(study);
  attune_study_close(empty);
}

static void add(attune_study *study, const char *json) { OK(attune_study_add_trial(study, json, NULL, &e)); }

static void several_directions_have_a_front(void) {
  static const attune_direction two[] = {ATTUNE_MINIMIZE, ATTUNE_MAXIMIZE};
  attune_study *study = study_of(NULL, NULL, line_json, two, 2, "random", NULL);
  attune_trials *best = NULL;
  int64_t number = -1;
  add(study, "{\"params\": {\"x\": 0.1}, \"values\": [1, 1]}");
  add(study, "{\"params\": {\"x\": 0.2}, \"values\": [2, 0]}"); /* worse in both */
  add(study, "{\"params\": {\"x\": 0.3}, \"values\": [2, 2]}");
  add(study, "{\"params\": {\"x\": 0.4}, \"values\": [0, 0]}");
  OK(attune_study_best_trials(study, &best, &e));
  CHECK_INT(attune_trials_count(best), 3);
  OK(attune_trials_number(best, 0, &number, &e));
  CHECK_INT(number, 0);
  OK(attune_trials_number(best, 1, &number, &e));
  CHECK_INT(number, 2);
  OK(attune_trials_number(best, 2, &number, &e));
  CHECK_INT(number, 3);
  attune_trials_destroy(best);
  attune_study_close(study);
}

static void infeasible_trials_are_best_only_when_none_is_feasible(void) {
  static const attune_direction maximize[] = {ATTUNE_MAXIMIZE};
  attune_study *study = study_of(NULL, NULL, line_json, maximize, 1, "random", NULL);
  attune_trials *best = NULL;
  int64_t number = -1;
  add(study, "{\"params\": {\"x\": 0.1}, \"value\": 10, \"constraints\": {\"size\": 0.5}}");
  OK(attune_study_best_trials(study, &best, &e));
  CHECK_INT(attune_trials_count(best), 1);
  attune_trials_destroy(best);
  add(study, "{\"params\": {\"x\": 0.2}, \"value\": 5, \"constraints\": {\"size\": 0}}");
  add(study, "{\"params\": {\"x\": 0.3}, \"value\": Infinity, \"constraints\": {\"size\": 1e-9}}");
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_number(best, 0, &number, &e));
  CHECK_INT(number, 1);
  attune_trials_destroy(best);
  attune_study_close(study);
}

static void tables_are_copied_row_by_row(void) {
  attune_study *study = small_history();
  attune_trials *ts = NULL;
  double values[6], params[6 * MIXED_COUNT];
  size_t count = 0, i;
  OK(attune_study_trials(study, 0, &ts, &e));
  OK(attune_trials_copy_values(ts, NULL, 0, &count, &e));
  CHECK_INT(count, 6);
  OK(attune_trials_copy_values(ts, values, 6, NULL, &e));
  CHECK_DOUBLE(values[0], 3);
  CHECK_DOUBLE(values[1], 1);
  CHECK_DOUBLE(values[2], NAN);
  CHECK_DOUBLE(values[3], 3.5); /* a pruned trial has its last report as value */
  CHECK_DOUBLE(values[5], NAN);
  OK(attune_trials_copy_params(ts, NULL, 0, &count, &e));
  CHECK_INT(count, 6 * MIXED_COUNT);
  OK(attune_trials_copy_params(ts, params, 6 * MIXED_COUNT, NULL, &e));
  for (i = 0; i < 6; i++) {
    double *row = params + i * MIXED_COUNT;
    CHECK(row[MIXED_LR] >= 1e-5 && row[MIXED_LR] <= 0.1);
    CHECK_DOUBLE(row[MIXED_TOL], 0.001);
    CHECK(row[MIXED_KERNEL] == 1 ? row[MIXED_DEGREE] >= 2 : isnan(row[MIXED_DEGREE]));
  }
  values[0] = params[0] = -7;
  FAILS(attune_trials_copy_values(ts, values, 5, &count, &e), INVALID, "5", "6");
  FAILS(attune_trials_copy_params(ts, params, 35, &count, &e), INVALID, "35", "36");
  FAILS(attune_trials_copy_values(ts, NULL, 6, &count, &e), INVALID, "out");
  FAILS(attune_trials_copy_params(ts, NULL, 36, &count, &e), INVALID, "out");
  FAILS(attune_trials_copy_values(NULL, values, 6, &count, &e), INVALID, "trials");
  FAILS(attune_trials_copy_params(NULL, params, 36, &count, &e), INVALID, "trials");
  CHECK(values[0] == -7 && params[0] == -7);
  attune_trials_destroy(ts);
  attune_study_close(study);
}

static void indexes_out_of_range_are_named(void) {
  attune_study *study = small_history();
  attune_trials *ts = NULL;
  int64_t number = -7;
  attune_trial_state state = -7;
  double value = -7;
  char *json = (char *)(void *)&ts;
  OK(attune_study_trials(study, 0, &ts, &e));
  FAILS(attune_trials_number(ts, 6, &number, &e), ANY_ERROR, "6");
  FAILS(attune_trials_state(ts, (size_t)-1, &state, &e), ANY_ERROR, "");
  FAILS(attune_trials_value(ts, 6, 0, &value, &e), ANY_ERROR, "6");
  FAILS(attune_trials_value(ts, 0, 1, &value, &e), ANY_ERROR, "1");
  FAILS(attune_trials_value(ts, 0, (size_t)-1, &value, &e), ANY_ERROR, "");
  FAILS(attune_trials_json(ts, 6, &json, &e), ANY_ERROR, "6");
  CHECK(json == NULL);
  CHECK(number == -7 && state == -7 && value == -7);
  FAILS(attune_trials_number(NULL, 0, &number, &e), INVALID, "trials");
  FAILS(attune_trials_number(ts, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trials_state(NULL, 0, &state, &e), INVALID, "trials");
  FAILS(attune_trials_state(ts, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trials_value(NULL, 0, 0, &value, &e), INVALID, "trials");
  FAILS(attune_trials_value(ts, 0, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trials_json(NULL, 0, &json, &e), INVALID, "trials");
  FAILS(attune_trials_json(ts, 0, NULL, &e), INVALID, "out");
  FAILS(attune_study_trials(NULL, 0, &ts, &e), INVALID, "study");
  FAILS(attune_study_trials(study, 0, NULL, &e), INVALID, "out");
  FAILS(attune_study_best_trials(NULL, &ts, &e), INVALID, "study");
  FAILS(attune_study_best_trials(study, NULL, &e), INVALID, "out");
  CHECK_INT(attune_trials_count(NULL), 0);
  attune_trials_destroy(NULL);
  attune_study_close(study);
}

static void a_feasible_trial_is_better(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trials *best = NULL;
  attune_trial *trial;
  double value;
  int64_t number = -1;
  char *json;
  int i;
  for (i = 0; i < 3; i++) {
    trial = ask(study);
    value = i;
    if (i == 1) FAILS(attune_trial_set_constraint(trial, "memory", nan(""), &e), INVALID, "memory", "NaN");
    if (i == 1) FAILS(attune_trial_set_constraint(trial, "", 0, &e), INVALID, "empty");
    OK(attune_trial_set_constraint(trial, "memory", 7, &e));
    OK(attune_trial_set_constraint(trial, "memory", i == 0 ? 0.5 : 0, &e)); /* replaces 7 */
    OK(attune_study_tell(study, trial, &value, 1, NULL, &e));
    FAILS(attune_trial_set_constraint(trial, "memory", 0, &e), ATTUNE_E_INVALID_STATE, "COMPLETE");
    attune_trial_release(trial);
  }
  OK(attune_study_best_trials(study, &best, &e));
  OK(attune_trials_number(best, 0, &number, &e));
  CHECK_INT(number, 1);
  attune_trials_destroy(best);
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"constraints\":{\"memory\":0.5}");
  attune_string_free(json);
  attune_study_close(study);
}

static void a_gradient_is_kept_as_it_was_given(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  double value = 1, gradient[2] = {1.0 / 3, 2};
  char *json;
  FAILS(attune_trial_set_gradient(trial, gradient, 2, &e), INVALID, "n_gradient", "is 2, wanted 1, one per direction and parameter");
  FAILS(attune_trial_set_gradient(trial, NULL, 1, &e), INVALID, "gradient is NULL");
  OK(attune_trial_set_gradient(trial, &value, 1, &e));
  OK(attune_trial_set_gradient(trial, gradient, 1, &e)); /* replaces 1 */
  OK(attune_study_tell(study, trial, &value, 1, NULL, &e));
  FAILS(attune_trial_set_gradient(trial, gradient, 1, &e), ATTUNE_E_INVALID_STATE, "COMPLETE");
  attune_trial_release(trial);
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"gradient\":[0.3333333333333333]");
  attune_string_free(json);
  attune_study_close(study);
}

static void a_trial_as_json_has_everything(void) {
  attune_study *study = small_history();
  char *json = trial_json(study, 0);
  CHECK_JSON(json, "\"number\":0");
  CHECK_JSON(json, "\"state\":\"COMPLETE\"");
  CHECK_JSON(json, "\"params\":{\"lr\":");
  CHECK_JSON(json, "\"tol\":0.001");
  CHECK_JSON(json, "\"intermediate\":{\"1\":0.5}");
  CHECK_JSON(json, "\"order\":\"even\"");
  attune_string_free(json);
  json = trial_json(study, 2);
  CHECK_HAS(json, "a \\\"quoted\\\", reason");
  attune_string_free(json);
  attune_study_close(study);
}

static void csv_has_the_columns_of_optunas_dataframe(void) {
  attune_study *study = small_history();
  char *csv = NULL, *line, *rest;
  int lines = 0, columns = 1;
  OK(attune_study_export_csv(study, &csv, &e));
  CHECK(csv && strncmp(csv, "number,value,datetime_start,datetime_complete,duration,params_", 62) == 0);
  CHECK_HAS(csv, "params_lr");
  CHECK_HAS(csv, "params_kernel");
  CHECK_HAS(csv, "user_attrs_order");
  CHECK_HAS(csv, ",state\n");
  for (line = csv; *line && *line != '\n'; line++) columns += *line == ',';
  for (rest = csv; *rest; rest++) lines += *rest == '\n';
  CHECK_INT(lines, 7); /* a head and six trials */
  CHECK(columns >= 5 + MIXED_COUNT + 1 + 1);
  CHECK_HAS(csv, "COMPLETE\n");
  CHECK_HAS(csv, "FAIL\n");
  attune_string_free(csv);
  FAILS(attune_study_export_csv(NULL, &csv, &e), INVALID, "study");
  FAILS(attune_study_export_csv(study, NULL, &e), INVALID, "out");
  attune_study_close(study);
}

static void odd_texts_survive_csv(void) {
  attune_study *study = memory_study("{\"a,b\": {\"type\": \"categorical\", \"choices\": [\"x,y \\\"z\\\"\\nnew\"]}}", "random");
  attune_trial *trial = ask(study);
  double one = 1;
  char *csv = NULL;
  OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
  attune_trial_release(trial);
  OK(attune_study_export_csv(study, &csv, &e));
  CHECK_HAS(csv, "\"params_a,b\"");
  CHECK_HAS(csv, "\"x,y \"\"z\"\"\nnew\"");
  attune_string_free(csv);
  attune_study_close(study);
}

static void a_study_is_carried_elsewhere(void) {
  attune_study *study = small_history(), *copy = NULL;
  char *json = NULL, *again = NULL, *text = NULL;
  attune_trial *p, *q;
  char *left = NULL, *right = NULL;
  int i;
  OK(attune_study_set_attribute(study, "owner", "\"ada\"", &e));
  OK(attune_study_export_json(study, &json, &e));
  CHECK(json && json[0] == '{');
  CHECK_HAS(json, "version");
  OK(attune_study_import_json(NULL, NULL, json, &copy, &e));
  CHECK_STRING(attune_study_name(copy), "small");
  CHECK(attune_study_seed(copy) == attune_study_seed(study));
  CHECK_STRING(attune_study_strategy(copy), "random");
  CHECK_INT(attune_study_trial_count(copy), 6);
  OK(attune_study_get_attribute(copy, "owner", &text, &e));
  CHECK_STRING(text, "\"ada\"");
  attune_string_free(text);
  OK(attune_study_export_json(copy, &again, &e));
  CHECK_STRING(again, json); /* nothing is lost */
  for (i = 0; i < 3; i++) { /* and it goes on as the original would */
    p = ask(study);
    q = ask(copy);
    OK(attune_trial_params_json(p, &left, &e));
    OK(attune_trial_params_json(q, &right, &e));
    CHECK_STRING(right, left);
    attune_string_free(left);
    attune_string_free(right);
    attune_trial_release(p);
    attune_trial_release(q);
  }
  attune_study_close(copy);
  OK(attune_study_import_json("memory:", "other name", json, &copy, &e));
  CHECK_STRING(attune_study_name(copy), "other name");
  attune_study_close(copy);
  attune_string_free(json);
  attune_string_free(again);
  attune_study_close(study);
}

static void what_is_no_study_is_not_imported(void) {
  static const char *const bad[] = {"", "{}", "[]", "null", "{\"version\": 999999}", "{\"format\": \"attune\"}", "nope", "{\"trials\": ["};
  attune_study *study = (attune_study *)(void *)&bad, *source = small_history();
  char *json = NULL, *cut;
  size_t i, length;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (!FAILS(attune_study_import_json(NULL, NULL, bad[i], &study, &e), ANY_ERROR, "")) printf("  with %s\n", bad[i]);
    CHECK(study == NULL);
  }
  OK(attune_study_export_json(source, &json, &e));
  length = strlen(json);
  cut = malloc(length + 1);
  for (i = 1; i < 40; i++) { /* no cut document is a study */
    memcpy(cut, json, length + 1);
    cut[length * i / 40] = 0;
    FAILS(attune_study_import_json(NULL, NULL, cut, &study, &e), ANY_ERROR, "");
  }
  free(cut);
  FAILS(attune_study_import_json(NULL, NULL, NULL, &study, &e), INVALID, "json");
  FAILS(attune_study_import_json(NULL, NULL, json, NULL, &e), INVALID, "out");
  FAILS(attune_study_import_json(NULL, NULL, not_utf8[0], &study, &e), INVALID, "UTF-8");
  FAILS(attune_study_import_json(NULL, not_utf8[0], json, &study, &e), INVALID, "UTF-8");
  FAILS(attune_study_import_json("x.txt", NULL, json, &study, &e), ANY_ERROR, "x.txt");
  attune_string_free(json);
  json = (char *)(void *)&study;
  FAILS(attune_study_export_json(NULL, &json, &e), INVALID, "study");
  CHECK(json == NULL);
  FAILS(attune_study_export_json(source, NULL, &e), INVALID, "out");
  attune_study_close(source);
}

int main(void) {
  alarm(300);
  a_snapshot_lists_trials_by_state();
  a_snapshot_does_not_change();
  the_best_is_the_first_of_equals();
  importances_are_shares_of_one();
  several_directions_have_a_front();
  infeasible_trials_are_best_only_when_none_is_feasible();
  tables_are_copied_row_by_row();
  indexes_out_of_range_are_named();
  a_feasible_trial_is_better();
  a_gradient_is_kept_as_it_was_given();
  a_trial_as_json_has_everything();
  csv_has_the_columns_of_optunas_dataframe();
  odd_texts_survive_csv();
  a_study_is_carried_elsewhere();
  what_is_no_study_is_not_imported();
  return check_done();
}

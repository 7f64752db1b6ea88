/* A study: created with everything chosen or nothing, asked about itself, with facts of its own. */
#include "fixtures.h"

static void a_study_with_everything_default(void) {
  attune_study *study = NULL;
  OK(attune_study_create(NULL, NULL, NULL, NULL, 0, NULL, NULL, &study, &e));
  CHECK(study != NULL);
  CHECK(attune_study_name(study) != NULL && *attune_study_name(study));
  CHECK_STRING(attune_study_strategy(study), "bayesian");
  CHECK_INT(attune_study_direction_count(study), 1);
  CHECK_INT(attune_study_direction(study, 0), ATTUNE_MINIMIZE);
  CHECK_INT(attune_study_direction(study, 1), -1);
  CHECK_INT(attune_study_direction(study, (size_t)-1), -1);
  CHECK_INT(attune_study_trial_count(study), 0);
  attune_study_close(study);
}

static void a_study_with_everything_chosen(void) {
  static const attune_direction directions[] = {ATTUNE_MAXIMIZE, ATTUNE_MINIMIZE};
  attune_study *study = study_of("memory:", "my study", mixed_json, directions, 2, "random", "{\"seed\": 123456789}");
  char *json = NULL, *again = NULL;
  attune_space *space = space_of(mixed_json);
  CHECK_STRING(attune_study_name(study), "my study");
  CHECK_STRING(attune_study_strategy(study), "random");
  CHECK_INT(attune_study_seed(study), 123456789);
  CHECK_INT(attune_study_direction_count(study), 2);
  CHECK_INT(attune_study_direction(study, 0), ATTUNE_MAXIMIZE);
  CHECK_INT(attune_study_direction(study, 1), ATTUNE_MINIMIZE);
  OK(attune_study_space_json(study, &json, &e));
  OK(attune_space_to_json(space, &again, &e));
  CHECK_STRING(json, again);
  attune_string_free(json);
  attune_string_free(again);
  attune_space_destroy(space);
  attune_study_close(study);
}

static void the_directions_array_without_a_count_is_one_direction(void) {
  static const attune_direction maximize[] = {ATTUNE_MAXIMIZE};
  attune_space *space = space_of(line_json);
  attune_study *study = NULL;
  OK(attune_study_create(NULL, NULL, space, maximize, 0, "random", NULL, &study, &e));
  CHECK_INT(attune_study_direction_count(study), 1);
  CHECK_INT(attune_study_direction(study, 0), ATTUNE_MAXIMIZE);
  attune_space_destroy(space);
  attune_study_close(study);
}

static void a_chosen_seed_is_recorded(void) {
  attune_study *a = study_of(NULL, NULL, line_json, NULL, 0, NULL, NULL);
  attune_study *b = study_of(NULL, NULL, line_json, NULL, 0, NULL, NULL);
  CHECK(attune_study_seed(a) == attune_study_seed(a));
  CHECK(attune_study_seed(a) != attune_study_seed(b));
  attune_study_close(a);
  attune_study_close(b);
}

static void wrong_arguments_of_create_are_named(void) {
  attune_space *space = space_of(line_json);
  attune_study *study = (attune_study *)(void *)&space;
  static const attune_direction odd[] = {ATTUNE_MINIMIZE, 2}, good[] = {0, 0};
  size_t i;
  FAILS(attune_study_create(NULL, NULL, space, NULL, 0, "sobel", NULL, &study, &e), ATTUNE_E_NOT_FOUND, "sobel", "sobol");
  CHECK(study == NULL);
  FAILS(attune_study_create(NULL, NULL, space, odd, 2, NULL, NULL, &study, &e), INVALID, "direction", "2");
  FAILS(attune_study_create(NULL, NULL, space, good, (size_t)-1, NULL, NULL, &study, &e), INVALID, "direction");
  FAILS(attune_study_create(NULL, NULL, space, good, (size_t)1 << 40, NULL, NULL, &study, &e), INVALID, "direction");
  FAILS(attune_study_create(NULL, NULL, space, NULL, 0, NULL, NULL, NULL, &e), INVALID, "out");
  FAILS(attune_study_create(NULL, "", space, NULL, 0, NULL, NULL, &study, &e), INVALID, "name", "\"\"");
  FAILS(attune_study_create("", NULL, space, NULL, 0, NULL, NULL, &study, &e), ANY_ERROR, "");
  FAILS(attune_study_create("/no/such/folder/x.db", NULL, space, NULL, 0, NULL, NULL, &study, &e), ANY_ERROR,
        "/no/such/folder/x.db");
  FAILS(attune_study_create("studies.txt", NULL, space, NULL, 0, NULL, NULL, &study, &e), ANY_ERROR, "studies.txt", ".db");
  FAILS(attune_study_create("/tmp", NULL, space, NULL, 0, NULL, NULL, &study, &e), ANY_ERROR, "/tmp");
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    FAILS(attune_study_create(not_utf8[i], NULL, space, NULL, 0, NULL, NULL, &study, &e), INVALID, "UTF-8");
    FAILS(attune_study_create(NULL, not_utf8[i], space, NULL, 0, NULL, NULL, &study, &e), INVALID, "UTF-8");
    FAILS(attune_study_create(NULL, NULL, space, NULL, 0, not_utf8[i], NULL, &study, &e), INVALID, "UTF-8");
    CHECK(study == NULL);
  }
  attune_space_destroy(space);
}

static void the_strategys_own_options_are_checked(void) {
  attune_study *study = NULL;
  attune_space *space = space_of(finite_json);
  attune_options *options = options_of("{\"order\": \"shufled\"}");
  FAILS(attune_study_create(NULL, NULL, space, NULL, 0, "grid", options, &study, &e), INVALID, "order", "shufled");
  OK(attune_options_set_string(options, "order", "shuffled", &e));
  OK(attune_study_create(NULL, NULL, space, NULL, 0, "grid", options, &study, &e));
  attune_study_close(study);
  study = NULL;
  FAILS(attune_study_create(NULL, NULL, space, NULL, 0, "random", options, &study, &e), INVALID, "order");
  attune_options_destroy(options);
  attune_space_destroy(space);
}

static void facts_are_kept(void) {
  attune_study *study = memory_study(line_json, "random");
  char *json = NULL;
  size_t i;
  OK(attune_study_set_attribute(study, "owner", "{\"name\": \"ada\", \"since\": 1843}", &e));
  OK(attune_study_get_attribute(study, "owner", &json, &e));
  CHECK_JSON(json, "{\"name\":\"ada\",\"since\":1843}");
  attune_string_free(json);
  OK(attune_study_set_attribute(study, "owner", "null", &e));
  OK(attune_study_get_attribute(study, "owner", &json, &e));
  CHECK_STRING(json, "null");
  attune_string_free(json);
  json = (char *)(void *)&json;
  FAILS(attune_study_get_attribute(study, "ownr", &json, &e), ATTUNE_E_NOT_FOUND, "ownr");
  CHECK(json == NULL);
  FAILS(attune_study_set_attribute(study, "k", "{", &e), INVALID, "k");
  FAILS(attune_study_set_attribute(study, "k", "ada", &e), INVALID, "k");
  FAILS(attune_study_set_attribute(study, "k", "", &e), INVALID, "k");
  FAILS(attune_study_set_attribute(NULL, "k", "1", &e), INVALID, "study");
  FAILS(attune_study_set_attribute(study, NULL, "1", &e), INVALID, "key");
  FAILS(attune_study_set_attribute(study, "k", NULL, &e), INVALID, "json");
  FAILS(attune_study_get_attribute(NULL, "k", &json, &e), INVALID, "study");
  FAILS(attune_study_get_attribute(study, NULL, &json, &e), INVALID, "key");
  FAILS(attune_study_get_attribute(study, "k", NULL, &e), INVALID, "out");
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    FAILS(attune_study_set_attribute(study, not_utf8[i], "1", &e), INVALID, "UTF-8");
    FAILS(attune_study_set_attribute(study, "k", not_utf8[i], &e), INVALID, "UTF-8");
  }
  FAILS(attune_study_get_attribute(study, "k", &json, &e), ATTUNE_E_NOT_FOUND, "k");
  attune_study_close(study);
}

static void no_valid_study_is_answered_calmly(void) {
  char *json = NULL;
  attune_study *study = NULL;
  CHECK(attune_study_name(NULL) == NULL);
  CHECK(attune_study_strategy(NULL) == NULL);
  CHECK_INT(attune_study_seed(NULL), 0);
  CHECK_INT(attune_study_direction_count(NULL), 0);
  CHECK_INT(attune_study_direction(NULL, 0), -1);
  CHECK_INT(attune_study_trial_count(NULL), 0);
  attune_study_stop(NULL);
  attune_study_close(NULL);
  FAILS(attune_study_space_json(NULL, &json, &e), INVALID, "study");
  study = memory_study(line_json, NULL);
  FAILS(attune_study_space_json(study, NULL, &e), INVALID, "out");
  attune_study_stop(study); /* no run, no effect */
  attune_trial_release(ask(study));
  CHECK_INT(attune_study_trial_count(study), 1);
  attune_study_close(study);
  CHECK(attune_study_name(study) == NULL);
  CHECK_INT(attune_study_trial_count(study), 0);
  attune_study_close(study); /* a second time is harmless */
}

static void memory_keeps_no_studies(void) {
  attune_study *study = NULL;
  FAILS(attune_study_open("memory:", "x", NULL, NULL, &study, &e), ANY_ERROR, "");
  FAILS(attune_study_open(NULL, NULL, NULL, NULL, &study, &e), ANY_ERROR, "");
  FAILS(attune_study_delete(NULL, "x", &e), ANY_ERROR, "");
  FAILS(attune_study_delete("memory:", "x", &e), ANY_ERROR, "");
}

static void a_handle_in_use_by_trials_may_be_closed(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  double x = 0, one = 1;
  attune_study_close(study);
  FAILS(attune_study_tell(study, trial, &one, 1, NULL, &e), INVALID, "study");
  attune_trial_float(trial, "x", &x, NULL); /* an answer or an error, never a crash */
  attune_trial_release(trial);
}

static void a_deterministic_study_waits_for_no_trial_of_its_own_caller(void) {
  attune_study *study = study_of(NULL, NULL, line_json, NULL, 0, "random", "{\"window\": 2, \"seed\": 1}");
  attune_trial *trials[3] = {NULL, NULL, NULL};
  const double value = 1;
  OK(attune_study_ask(study, &trials[0], &e));
  OK(attune_study_ask(study, &trials[1], &e));
  FAILS(attune_study_ask(study, &trials[2], &e), ATTUNE_E_INVALID_STATE, "trial 0");
  OK(attune_study_tell(study, trials[1], &value, 1, NULL, &e));
  FAILS(attune_study_ask(study, &trials[2], &e), ATTUNE_E_INVALID_STATE, "trial 0");
  OK(attune_study_tell(study, trials[0], &value, 1, NULL, &e));
  OK(attune_study_ask(study, &trials[2], &e));
  CHECK_INT(attune_trial_number(trials[2]), 2);
  attune_trial_release(trials[0]);
  attune_trial_release(trials[1]);
  attune_trial_release(trials[2]);
  attune_study_close(study);
}

int main(void) {
  alarm(300);
  a_study_with_everything_default();
  a_study_with_everything_chosen();
  the_directions_array_without_a_count_is_one_direction();
  a_chosen_seed_is_recorded();
  wrong_arguments_of_create_are_named();
  the_strategys_own_options_are_checked();
  facts_are_kept();
  no_valid_study_is_answered_calmly();
  memory_keeps_no_studies();
  a_handle_in_use_by_trials_may_be_closed();
  a_deterministic_study_waits_for_no_trial_of_its_own_caller();
  return check_done();
}

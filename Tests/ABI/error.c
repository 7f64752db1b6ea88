/* Statuses have pinned names; an error carries status, message, subject and the user's code. */
#include "fixtures.h"

#include <limits.h>

static void every_status_has_its_name(void) {
  static const struct { attune_status status; const char *name; } names[] = {
      {ATTUNE_OK, "ok"}, {ATTUNE_PRUNED, "pruned"}, {ATTUNE_STOP, "stop"}, {ATTUNE_E_INTERNAL, "internal"},
      {ATTUNE_E_INVALID_ARGUMENT, "invalid_argument"}, {ATTUNE_E_INVALID_STATE, "invalid_state"},
      {ATTUNE_E_NOT_FOUND, "not_found"}, {ATTUNE_E_ALREADY_EXISTS, "already_exists"},
      {ATTUNE_E_TYPE_MISMATCH, "type_mismatch"}, {ATTUNE_E_INACTIVE, "inactive"},
      {ATTUNE_E_NOT_SUPPORTED, "not_supported"}, {ATTUNE_E_OUT_OF_MEMORY, "out_of_memory"}, {ATTUNE_E_IO, "io"},
      {ATTUNE_E_STORAGE, "storage"}, {ATTUNE_E_CONFLICT, "conflict"}, {ATTUNE_E_CANCELLED, "cancelled"},
      {ATTUNE_E_TIMEOUT, "timeout"}, {ATTUNE_E_PLUGIN, "plugin"}, {ATTUNE_E_OBJECTIVE, "objective"},
      {ATTUNE_E_EXHAUSTED, "exhausted"}};
  size_t i;
  for (i = 0; i < sizeof names / sizeof names[0]; i++) {
    CHECK_STRING(attune_status_name(names[i].status), names[i].name);
    CHECK(attune_status_name(names[i].status) == attune_status_name(names[i].status));
  }
  CHECK_STRING(attune_status_name(3), "unknown");
  CHECK_STRING(attune_status_name(-18), "unknown");
  CHECK_STRING(attune_status_name(INT_MIN), "unknown");
  CHECK_STRING(attune_status_name(INT_MAX), "unknown");
}

static void the_numbers_are_pinned(void) {
  CHECK_INT(ATTUNE_OK, 0);
  CHECK_INT(ATTUNE_PRUNED, 1);
  CHECK_INT(ATTUNE_STOP, 2);
  CHECK_INT(ATTUNE_E_INTERNAL, -1);
  CHECK_INT(ATTUNE_E_INVALID_ARGUMENT, -2);
  CHECK_INT(ATTUNE_E_INVALID_STATE, -3);
  CHECK_INT(ATTUNE_E_NOT_FOUND, -4);
  CHECK_INT(ATTUNE_E_OBJECTIVE, -16);
  CHECK_INT(ATTUNE_E_EXHAUSTED, -17);
  CHECK_INT(ATTUNE_TRIAL_WAITING, 0);
  CHECK_INT(ATTUNE_TRIAL_RUNNING, 1);
  CHECK_INT(ATTUNE_TRIAL_COMPLETE, 2);
  CHECK_INT(ATTUNE_TRIAL_PRUNED, 3);
  CHECK_INT(ATTUNE_TRIAL_FAIL, 4);
  CHECK_INT(ATTUNE_MINIMIZE, 0);
  CHECK_INT(ATTUNE_MAXIMIZE, 1);
  CHECK_INT(ATTUNE_PARAM_FLOAT, 0);
  CHECK_INT(ATTUNE_PARAM_INT, 1);
  CHECK_INT(ATTUNE_PARAM_CATEGORICAL, 2);
  CHECK_INT(ATTUNE_PARAM_FIXED, 3);
  CHECK_INT(ATTUNE_PARAM_LOG, 1);
  CHECK_INT(ATTUNE_PARAM_ORDERED, 2);
  CHECK_INT(ATTUNE_CHOICE_NULL, 0);
  CHECK_INT(ATTUNE_CHOICE_STRING, 4);
  CHECK_INT(ATTUNE_LOG_TRACE, 0);
  CHECK_INT(ATTUNE_LOG_OFF, 5);
  CHECK_INT(sizeof(attune_status), 4);
  CHECK_INT(sizeof(attune_trial_state), 4);
  CHECK_INT(sizeof(attune_param_flags), 4);
}

static void an_error_says_what_failed(void) {
  attune_space *space = space_of("{}");
  attune_error *error = NULL;
  attune_status status = attune_space_add_float(space, "lr", 2.0, 1.0, 0, 0, &error);
  CHECK_INT(status, ATTUNE_E_INVALID_ARGUMENT);
  CHECK(error != NULL);
  CHECK_INT(attune_error_status(error), status);
  CHECK_HAS(attune_error_message(error), "lr");
  CHECK_HAS(attune_error_message(error), "low");
  CHECK_HAS(attune_error_message(error), "2");
  CHECK_HAS(attune_error_message(error), "1");
  CHECK_STRING(attune_error_subject(error), "space.lr.low");
  CHECK_INT(attune_error_user_code(error), 0);
  CHECK(attune_error_message(error) == attune_error_message(error));
  CHECK(attune_error_subject(error) == attune_error_subject(error));
  attune_error_free(error);

  /* err may be NULL: the status alone is the answer. */
  CHECK_INT(attune_space_add_float(space, "lr", 2.0, 1.0, 0, 0, NULL), ATTUNE_E_INVALID_ARGUMENT);
  CHECK_INT(attune_space_add_float(space, "lr", 1.0, 2.0, 0, 0, NULL), ATTUNE_OK);
  attune_space_destroy(space);
}

static void bounds_in_messages_have_all_digits(void) {
  attune_space *space = space_of("{}");
  FAILS(attune_space_add_float(space, "lr", 0.056234132519034911, 0.056234132519034905, 0, 0, &e), INVALID,
        "0.05623413251903491", "lr");
  attune_space_destroy(space);
}

static void no_valid_error_is_answered_calmly(void) {
  attune_space *space = space_of("{}");
  attune_error *freed = NULL;
  CHECK_INT(attune_error_status(NULL), ATTUNE_E_INVALID_ARGUMENT);
  CHECK(attune_error_message(NULL) != NULL);
  CHECK_STRING(attune_error_subject(NULL), "");
  CHECK_INT(attune_error_user_code(NULL), 0);
  attune_error_free(NULL);

  attune_space_add_float(space, "", 0, 1, 0, 0, &freed);
  CHECK(freed != NULL);
  attune_error_free(freed);
  CHECK_INT(attune_error_status(freed), ATTUNE_E_INVALID_ARGUMENT);
  CHECK(attune_error_message(freed) != NULL);
  CHECK_STRING(attune_error_subject(freed), "");
  CHECK_INT(attune_error_user_code(freed), 0);
  attune_error_free(freed);
  attune_error_free((attune_error *)(void *)space);
  CHECK_INT(attune_space_count(space), 0);
  OK(attune_space_add_float(space, "still_alive", 0, 1, 0, 0, &e));
  attune_space_destroy(space);
}

static attune_status fail_with_code(attune_trial *trial, double *values, size_t n, void *data) {
  (void)values, (void)n, (void)data;
  attune_trial_set_error(trial, 4711, "the disk is full", NULL);
  return ATTUNE_E_OBJECTIVE;
}

static void the_users_code_and_text_come_back(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  attune_options *options = options_of("{\"on_failure\": \"stop\"}");
  attune_error *error = NULL;
  OK(attune_objective_from_callback(fail_with_code, NULL, NULL, &objective, &e));
  CHECK_INT(attune_study_optimize(study, objective, 5, 0, options, NULL, &error), ATTUNE_E_OBJECTIVE);
  CHECK_INT(attune_error_status(error), ATTUNE_E_OBJECTIVE);
  CHECK_INT(attune_error_user_code(error), 4711);
  CHECK_HAS(attune_error_message(error), "the disk is full");
  attune_error_free(error);
  attune_options_destroy(options);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

int main(void) {
  every_status_has_its_name();
  the_numbers_are_pinned();
  an_error_says_what_failed();
  bounds_in_messages_have_all_digits();
  no_valid_error_is_answered_calmly();
  the_users_code_and_text_come_back();
  return check_done();
}

/* Ask, read the parameters, tell. */
#include "fixtures.h"

static void parameters_are_read_by_name(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(study, "kernel", "poly");
  double lr = 0, momentum = 0, tol = 0, layers_as_float = 0;
  int64_t layers = 0, degree = 0, index = -1;
  attune_choice_type type = -1;
  const char *kernel = NULL, *text = NULL;
  OK(attune_trial_float(trial, "lr", &lr, &e));
  CHECK(lr >= 1e-5 && lr <= 0.1);
  OK(attune_trial_int(trial, "layers", &layers, &e));
  CHECK(layers >= 1 && layers <= 8);
  OK(attune_trial_float(trial, "layers", &layers_as_float, &e));
  CHECK_DOUBLE(layers_as_float, (double)layers);
  OK(attune_trial_choice(trial, "kernel", &kernel, &e));
  CHECK_STRING(kernel, "poly");
  OK(attune_trial_choice_index(trial, "kernel", &index, &e));
  CHECK_INT(index, 1);
  OK(attune_trial_choice_type(trial, "kernel", &type, &e));
  CHECK_INT(type, ATTUNE_CHOICE_STRING);
  OK(attune_trial_int(trial, "degree", &degree, &e));
  CHECK(degree >= 2 && degree <= 5);
  OK(attune_trial_float(trial, "momentum", &momentum, &e));
  CHECK_DOUBLE(momentum * 4, floor(momentum * 4));
  OK(attune_trial_float(trial, "tol", &tol, &e));
  CHECK_DOUBLE(tol, 0.001);
  OK(attune_trial_choice(trial, "tol", &text, &e));
  CHECK_STRING(text, "0.001");
  OK(attune_trial_choice_type(trial, "tol", &type, &e));
  CHECK_INT(type, ATTUNE_CHOICE_FLOAT);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void parameters_are_read_by_index(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(study, "kernel", "rbf");
  double all[MIXED_COUNT], lr = 0;
  size_t count = 0, index = 99;
  int32_t active = -1;
  int i;
  OK(attune_trial_index(trial, "degree", &index, &e));
  CHECK_INT(index, MIXED_DEGREE);
  OK(attune_trial_is_active(trial, MIXED_DEGREE, &active, &e));
  CHECK_INT(active, 0);
  OK(attune_trial_is_active(trial, MIXED_LR, &active, &e));
  CHECK_INT(active, 1);
  OK(attune_trial_copy_params(trial, NULL, 0, &count, &e));
  CHECK_INT(count, MIXED_COUNT);
  OK(attune_trial_copy_params(trial, all, MIXED_COUNT, NULL, &e));
  OK(attune_trial_float(trial, "lr", &lr, &e));
  CHECK_DOUBLE(all[MIXED_LR], lr);
  CHECK_DOUBLE(all[MIXED_KERNEL], 0);
  CHECK(isnan(all[MIXED_DEGREE]));
  CHECK_DOUBLE(all[MIXED_TOL], 0.001);
  for (i = 0; i < MIXED_COUNT; i++) all[i] = -7;
  FAILS(attune_trial_copy_params(trial, all, MIXED_COUNT - 1, &count, &e), INVALID, "5", "6");
  for (i = 0; i < MIXED_COUNT; i++) CHECK_DOUBLE(all[i], -7); /* nothing is written in part */
  OK(attune_trial_copy_params(trial, all, (size_t)-1, &count, &e)); /* more room than needed is no harm */
  CHECK_INT(count, MIXED_COUNT);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void the_json_has_the_active_parameters(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(study, "kernel", "linear");
  char *json = NULL;
  OK(attune_trial_params_json(trial, &json, &e));
  CHECK_JSON(json, "\"kernel\":\"linear\"");
  CHECK_JSON(json, "\"tol\":0.001");
  CHECK(json && !strstr(json, "degree"));
  attune_string_free(json);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void wrong_names_and_kinds_are_named(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(study, "kernel", "rbf");
  double x = -7;
  int64_t n = -7;
  size_t index = 77;
  const char *text = mixed_json;
  attune_choice_type type = -7;
  int32_t active = -7;
  FAILS(attune_trial_float(trial, "rl", &x, &e), ATTUNE_E_NOT_FOUND, "rl");
  FAILS(attune_trial_int(trial, "layer", &n, &e), ATTUNE_E_NOT_FOUND, "layer", "layers");
  FAILS(attune_trial_choice(trial, "kernle", &text, &e), ATTUNE_E_NOT_FOUND, "kernle", "kernel");
  CHECK(text == NULL); /* a string out becomes NULL on failure */
  FAILS(attune_trial_choice_index(trial, "nobody", &n, &e), ATTUNE_E_NOT_FOUND, "nobody");
  FAILS(attune_trial_choice_type(trial, "nobody", &type, &e), ATTUNE_E_NOT_FOUND, "nobody");
  FAILS(attune_trial_index(trial, "nobody", &index, &e), ATTUNE_E_NOT_FOUND, "nobody");
  FAILS(attune_trial_int(trial, "degree", &n, &e), ATTUNE_E_INACTIVE, "degree");
  FAILS(attune_trial_float(trial, "degree", &x, &e), ATTUNE_E_INACTIVE, "degree");
  FAILS(attune_trial_int(trial, "kernel", &n, &e), ATTUNE_E_TYPE_MISMATCH, "kernel");
  FAILS(attune_trial_float(trial, "kernel", &x, &e), ATTUNE_E_TYPE_MISMATCH, "kernel");
  FAILS(attune_trial_int(trial, "lr", &n, &e), ATTUNE_E_TYPE_MISMATCH, "lr");
  FAILS(attune_trial_int(trial, "tol", &n, &e), ATTUNE_E_TYPE_MISMATCH, "tol");
  FAILS(attune_trial_choice(trial, "lr", &text, &e), ATTUNE_E_TYPE_MISMATCH, "lr");
  FAILS(attune_trial_choice_index(trial, "layers", &n, &e), ATTUNE_E_TYPE_MISMATCH, "layers");
  FAILS(attune_trial_choice_type(trial, "lr", &type, &e), ATTUNE_E_TYPE_MISMATCH, "lr");
  FAILS(attune_trial_is_active(trial, MIXED_COUNT, &active, &e), ANY_ERROR, "6");
  FAILS(attune_trial_is_active(trial, (size_t)-1, &active, &e), ANY_ERROR, "");
  CHECK(x == -7 && n == -7 && index == 77 && type == -7 && active == -7); /* outs are written on success only */
  attune_trial_release(trial);
  attune_study_close(study);
}

static void nulls_and_bad_text_are_refused(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask(study), *none = (attune_trial *)(void *)&study;
  double x = 1, all[MIXED_COUNT];
  int64_t n;
  size_t index, i;
  const char *text;
  char *json = NULL;
  attune_choice_type type;
  int32_t active;
  FAILS(attune_study_ask(NULL, &none, &e), INVALID, "study");
  CHECK(none == NULL);
  FAILS(attune_study_ask(study, NULL, &e), INVALID, "out");
  FAILS(attune_trial_index(NULL, "lr", &index, &e), INVALID, "trial");
  FAILS(attune_trial_index(trial, NULL, &index, &e), INVALID, "name");
  FAILS(attune_trial_index(trial, "lr", NULL, &e), INVALID, "out");
  FAILS(attune_trial_is_active(NULL, 0, &active, &e), INVALID, "trial");
  FAILS(attune_trial_is_active(trial, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trial_float(NULL, "lr", &x, &e), INVALID, "trial");
  FAILS(attune_trial_float(trial, NULL, &x, &e), INVALID, "name");
  FAILS(attune_trial_float(trial, "lr", NULL, &e), INVALID, "out");
  FAILS(attune_trial_int(NULL, "layers", &n, &e), INVALID, "trial");
  FAILS(attune_trial_int(trial, NULL, &n, &e), INVALID, "name");
  FAILS(attune_trial_int(trial, "layers", NULL, &e), INVALID, "out");
  FAILS(attune_trial_choice(NULL, "kernel", &text, &e), INVALID, "trial");
  FAILS(attune_trial_choice(trial, NULL, &text, &e), INVALID, "name");
  FAILS(attune_trial_choice(trial, "kernel", NULL, &e), INVALID, "out");
  FAILS(attune_trial_choice_index(NULL, "kernel", &n, &e), INVALID, "trial");
  FAILS(attune_trial_choice_index(trial, NULL, &n, &e), INVALID, "name");
  FAILS(attune_trial_choice_index(trial, "kernel", NULL, &e), INVALID, "out");
  FAILS(attune_trial_choice_type(NULL, "kernel", &type, &e), INVALID, "trial");
  FAILS(attune_trial_choice_type(trial, NULL, &type, &e), INVALID, "name");
  FAILS(attune_trial_choice_type(trial, "kernel", NULL, &e), INVALID, "out");
  FAILS(attune_trial_copy_params(NULL, all, MIXED_COUNT, &index, &e), INVALID, "trial");
  FAILS(attune_trial_copy_params(trial, NULL, MIXED_COUNT, &index, &e), INVALID, "out");
  FAILS(attune_trial_params_json(NULL, &json, &e), INVALID, "trial");
  FAILS(attune_trial_params_json(trial, NULL, &e), INVALID, "out");
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    FAILS(attune_trial_float(trial, not_utf8[i], &x, &e), INVALID, "UTF-8");
    FAILS(attune_trial_index(trial, not_utf8[i], &index, &e), INVALID, "UTF-8");
  }
  CHECK_INT(attune_trial_number(NULL), -1);
  CHECK_INT(attune_trial_seed(NULL), 0);
  CHECK_INT(attune_trial_should_stop(NULL), 1);
  attune_trial_release(NULL);
  attune_trial_release(trial);
  CHECK_INT(attune_trial_number(trial), -1);
  CHECK_INT(attune_trial_should_stop(trial), 1);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void telling_records_what_happened(void) {
  attune_study *study = memory_study(line_json, "random");
  double value = 0.5, nan = NAN, inf = INFINITY;
  attune_trial_state state = -1;
  attune_trial *trial = ask(study);
  char *json;
  CHECK_INT(attune_trial_number(trial), 0);
  CHECK(attune_trial_seed(trial) != 0);
  CHECK_INT(attune_trial_should_stop(trial), 0);
  CHECK_INT(count_states(study, RUNNING_MASK), 1);
  OK(attune_study_tell(study, trial, &value, 1, &state, &e));
  CHECK_INT(state, ATTUNE_TRIAL_COMPLETE);
  FAILS(attune_study_tell(study, trial, &value, 1, &state, &e), ATTUNE_E_INVALID_STATE, "0");
  FAILS(attune_study_tell_state(study, trial, ATTUNE_TRIAL_FAIL, NULL, &e), ATTUNE_E_INVALID_STATE, "0");
  OK(attune_trial_float(trial, "x", &value, &e)); /* the handle still reads */
  attune_trial_release(trial);

  trial = ask(study);
  OK(attune_study_tell(study, trial, &nan, 1, &state, &e));
  CHECK_INT(state, ATTUNE_TRIAL_FAIL);
  json = trial_json(study, 1);
  CHECK_HAS(json, "objective value is NaN");
  attune_string_free(json);
  attune_trial_release(trial);

  trial = ask(study);
  OK(attune_study_tell(study, trial, &inf, 1, &state, &e));
  CHECK_INT(state, ATTUNE_TRIAL_COMPLETE);
  attune_trial_release(trial);

  trial = ask(study);
  OK(attune_study_tell_state(study, trial, ATTUNE_TRIAL_FAIL, "out of cheese", &e));
  json = trial_json(study, 3);
  CHECK_HAS(json, "out of cheese");
  CHECK_JSON(json, "\"state\":\"FAIL\"");
  attune_string_free(json);
  attune_trial_release(trial);

  trial = ask(study);
  OK(attune_study_tell_state(study, trial, ATTUNE_TRIAL_PRUNED, NULL, &e));
  attune_trial_release(trial);
  CHECK_INT(count_states(study, COMPLETE_MASK), 2);
  CHECK_INT(count_states(study, FAIL_MASK), 2);
  CHECK_INT(count_states(study, PRUNED_MASK), 1);
  CHECK_INT(attune_study_trial_count(study), 5);
  attune_study_close(study);
}

static void wrong_tells_are_refused_and_change_nothing(void) {
  static const attune_direction two[] = {ATTUNE_MINIMIZE, ATTUNE_MAXIMIZE};
  attune_study *study = study_of(NULL, NULL, line_json, two, 2, "random", "{\"seed\": 1}");
  attune_study *other = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  double values[2] = {1, 2};
  attune_trial_state state = -7;
  FAILS(attune_study_tell(study, trial, values, 1, &state, &e), INVALID, "1", "2");
  FAILS(attune_study_tell(study, trial, values, 0, &state, &e), INVALID, "0", "2");
  FAILS(attune_study_tell(study, trial, values, (size_t)-1, &state, &e), INVALID, "2");
  FAILS(attune_study_tell(study, trial, NULL, 2, &state, &e), INVALID, "values");
  FAILS(attune_study_tell(NULL, trial, values, 2, &state, &e), INVALID, "study");
  FAILS(attune_study_tell(study, NULL, values, 2, &state, &e), INVALID, "trial");
  FAILS(attune_study_tell(other, trial, values, 1, &state, &e), INVALID, "study"); /* a trial of another study */
  FAILS(attune_study_tell_state(study, trial, ATTUNE_TRIAL_COMPLETE, NULL, &e), INVALID, "COMPLETE");
  FAILS(attune_study_tell_state(study, trial, ATTUNE_TRIAL_RUNNING, NULL, &e), INVALID, "RUNNING");
  FAILS(attune_study_tell_state(study, trial, ATTUNE_TRIAL_WAITING, NULL, &e), INVALID, "WAITING");
  FAILS(attune_study_tell_state(study, trial, 5, NULL, &e), INVALID, "5");
  FAILS(attune_study_tell_state(study, trial, -1, NULL, &e), INVALID, "-1");
  FAILS(attune_study_tell_state(study, trial, ATTUNE_TRIAL_FAIL, not_utf8[0], &e), INVALID, "UTF-8");
  FAILS(attune_study_tell_state(NULL, trial, ATTUNE_TRIAL_FAIL, NULL, &e), INVALID, "study");
  FAILS(attune_study_tell_state(study, NULL, ATTUNE_TRIAL_FAIL, NULL, &e), INVALID, "trial");
  FAILS(attune_study_tell_state(other, trial, ATTUNE_TRIAL_FAIL, NULL, &e), INVALID, "study");
  CHECK_INT(state, -7);
  OK(attune_study_tell(study, trial, values, 2, NULL, &e)); /* out_state may be NULL */
  attune_trial_release(trial);
  attune_study_close(study);
  attune_study_close(other);
}

static void a_running_trial_is_resumed_by_number(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *first = ask(study), *again = NULL, *none = (attune_trial *)(void *)&study;
  double a = 0, b = 1;
  OK(attune_study_resume_trial(study, 0, &again, &e));
  OK(attune_trial_float(first, "x", &a, &e));
  OK(attune_trial_float(again, "x", &b, &e));
  CHECK_DOUBLE(a, b);
  CHECK(attune_trial_seed(first) == attune_trial_seed(again));
  attune_trial_release(first);
  OK(attune_study_tell(study, again, &a, 1, NULL, &e));
  attune_trial_release(again);
  FAILS(attune_study_resume_trial(study, 0, &none, &e), ATTUNE_E_INVALID_STATE, "0", "COMPLETE");
  CHECK(none == NULL);
  FAILS(attune_study_resume_trial(study, 1, &none, &e), ATTUNE_E_NOT_FOUND, "1");
  FAILS(attune_study_resume_trial(study, -1, &none, &e), ATTUNE_E_NOT_FOUND, "-1");
  FAILS(attune_study_resume_trial(study, INT64_MAX, &none, &e), ATTUNE_E_NOT_FOUND, "9223372036854775807");
  FAILS(attune_study_resume_trial(study, INT64_MIN, &none, &e), ATTUNE_E_NOT_FOUND, "-9223372036854775808");
  FAILS(attune_study_resume_trial(NULL, 0, &none, &e), INVALID, "study");
  FAILS(attune_study_resume_trial(study, 0, NULL, &e), INVALID, "out");
  attune_study_close(study);
}

static void the_same_seed_gives_the_same_trials(void) {
  static const char *const strategies[] = {"random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian"};
  size_t s;
  int i;
  for (s = 0; s < 7; s++) {
    attune_study *a = memory_study(mixed_json, strategies[s]), *b = memory_study(mixed_json, strategies[s]);
    for (i = 0; i < 20; i++) {
      attune_trial *p = ask(a), *q = ask(b);
      char *left = NULL, *right = NULL;
      OK(attune_trial_params_json(p, &left, &e));
      OK(attune_trial_params_json(q, &right, &e));
      CHECK_STRING(left, right);
      CHECK(attune_trial_seed(p) == attune_trial_seed(q));
      attune_string_free(left);
      attune_string_free(right);
      attune_trial_release(p);
      attune_trial_release(q);
    }
    attune_study_close(a);
    attune_study_close(b);
  }
}

static void typed_choices_are_read_with_their_types(void) {
  static const char *const json =
      "{\"c\": {\"type\": \"categorical\", \"choices\": [null, true, 3, 2.5, \"rbf\"]}}";
  static const char *const texts[] = {"null", "true", "3", "2.5", "rbf"};
  attune_study *study = memory_study(json, "grid");
  int i;
  for (i = 0; i < 5; i++) {
    attune_trial *trial = ask(study);
    int64_t index = -1, whole = -7;
    double number = -7;
    attune_choice_type type = -1;
    const char *text = NULL;
    OK(attune_trial_choice_index(trial, "c", &index, &e));
    OK(attune_trial_choice_type(trial, "c", &type, &e));
    OK(attune_trial_choice(trial, "c", &text, &e));
    CHECK_INT(type, index); /* the choices stand in the order of their types */
    CHECK(index >= 0 && index < 5);
    if (index >= 0 && index < 5) CHECK_STRING(text, texts[index]);
    switch (index) {
      case 1: OK(attune_trial_float(trial, "c", &number, &e)); CHECK_DOUBLE(number, 1);
              OK(attune_trial_int(trial, "c", &whole, &e)); CHECK_INT(whole, 1); break;
      case 2: OK(attune_trial_float(trial, "c", &number, &e)); CHECK_DOUBLE(number, 3);
              OK(attune_trial_int(trial, "c", &whole, &e)); CHECK_INT(whole, 3); break;
      case 3: OK(attune_trial_float(trial, "c", &number, &e)); CHECK_DOUBLE(number, 2.5);
              FAILS(attune_trial_int(trial, "c", &whole, &e), ATTUNE_E_TYPE_MISMATCH, "c", "2.5"); break;
      default: FAILS(attune_trial_float(trial, "c", &number, &e), ATTUNE_E_TYPE_MISMATCH, "c");
               FAILS(attune_trial_int(trial, "c", &whole, &e), ATTUNE_E_TYPE_MISMATCH, "c"); break;
    }
    attune_trial_release(trial);
  }
  attune_study_close(study);
}

static void facts_are_kept_with_the_trial(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  double one = 1;
  char *json;
  OK(attune_trial_set_attribute(trial, "host", "\"node7\"", &e));
  FAILS(attune_trial_set_attribute(trial, "host", "node7", &e), INVALID, "host");
  FAILS(attune_trial_set_attribute(trial, NULL, "1", &e), INVALID, "key");
  FAILS(attune_trial_set_attribute(trial, "k", NULL, &e), INVALID, "json");
  FAILS(attune_trial_set_attribute(NULL, "k", "1", &e), INVALID, "trial");
  FAILS(attune_trial_set_attribute(trial, not_utf8[1], "1", &e), INVALID, "UTF-8");
  OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"host\":\"node7\"");
  attune_string_free(json);
  OK(attune_trial_set_error(trial, 5, NULL, &e)); /* message may be NULL */
  FAILS(attune_trial_set_error(NULL, 5, "x", &e), INVALID, "trial");
  FAILS(attune_trial_set_error(trial, 5, not_utf8[0], &e), INVALID, "UTF-8");
  attune_trial_release(trial);
  attune_study_close(study);
}

static void full_integer_ranges_are_asked_and_read_exactly(void) {
  static const char *const json =
      "{\"n\": {\"type\": \"int\", \"low\": -9223372036854775808, \"high\": 9223372036854775807},"
      " \"edge\": {\"type\": \"int\", \"low\": 9223372036854775806, \"high\": 9223372036854775807}}";
  static const char *const strategies[] = {"random", "sobol", "tpe", "gp", "cmaes", "bayesian"};
  size_t s;
  int i, odd = 0;
  for (s = 0; s < 6; s++) {
    attune_study *study = memory_study(json, strategies[s]);
    for (i = 0; i < 50; i++) {
      attune_trial *trial = ask(study);
      int64_t n = 0, edge = 0;
      OK(attune_trial_int(trial, "n", &n, &e));
      OK(attune_trial_int(trial, "edge", &edge, &e));
      CHECK(edge >= INT64_MAX - 1);
      odd += edge == INT64_MAX;
      attune_trial_release(trial);
    }
    attune_study_close(study);
  }
  CHECK(odd > 0 && odd < 250);
}

int main(void) {
  alarm(300);
  parameters_are_read_by_name();
  parameters_are_read_by_index();
  the_json_has_the_active_parameters();
  wrong_names_and_kinds_are_named();
  nulls_and_bad_text_are_refused();
  telling_records_what_happened();
  wrong_tells_are_refused_and_change_nothing();
  a_running_trial_is_resumed_by_number();
  the_same_seed_gives_the_same_trials();
  typed_choices_are_read_with_their_types();
  facts_are_kept_with_the_trial();
  full_integer_ranges_are_asked_and_read_exactly();
  return check_done();
}

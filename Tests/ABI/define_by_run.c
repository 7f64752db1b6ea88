/* Without a declared space, suggest calls discover it; with one, they read it. */
#include "fixtures.h"

static void suggestions_discover_the_space(void) {
  static const char *const kernels[] = {"rbf", "poly"};
  attune_study *study = memory_study(NULL, "random");
  int i;
  char *json = NULL;
  for (i = 0; i < 30; i++) {
    attune_trial *trial = ask(study);
    double lr = 0, again = 0, momentum = -1;
    int64_t layers = 0, kernel = -1, typed = -1;
    OK(attune_trial_suggest_float(trial, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &lr, &e));
    CHECK(lr >= 1e-5 && lr <= 0.1);
    OK(attune_trial_suggest_float(trial, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &again, &e));
    CHECK_DOUBLE(again, lr); /* the same name gives the same value */
    OK(attune_trial_suggest_float(trial, "momentum", 0, 1, 0.25, 0, &momentum, &e));
    CHECK_DOUBLE(momentum * 4, floor(momentum * 4));
    OK(attune_trial_suggest_int(trial, "layers", 1, 8, 1, 0, &layers, &e));
    CHECK(layers >= 1 && layers <= 8);
    OK(attune_trial_suggest_categorical(trial, "kernel", kernels, 2, 0, &kernel, &e));
    CHECK(kernel == 0 || kernel == 1);
    if (kernel == 1) {
      int64_t degree = 0;
      OK(attune_trial_suggest_int(trial, "degree", 2, 5, 1, 0, &degree, &e));
      CHECK(degree >= 2 && degree <= 5);
    }
    OK(attune_trial_suggest_categorical_json(trial, "any", "[null, 2.5, \"x\"]", 0, &typed, &e));
    CHECK(typed >= 0 && typed < 3);
    OK(attune_trial_float(trial, "lr", &again, &e)); /* what is suggested can be read */
    CHECK_DOUBLE(again, lr);
    OK(attune_study_tell(study, trial, &lr, 1, NULL, &e));
    attune_trial_release(trial);
  }
  OK(attune_study_space_json(study, &json, &e));
  CHECK_JSON(json, "\"lr\":{");
  CHECK_JSON(json, "\"degree\":{");
  CHECK_JSON(json, "[null,2.5,\"x\"]");
  attune_string_free(json);
  json = trial_json(study, 0);
  CHECK_JSON(json, "\"layers\":");
  attune_string_free(json);
  attune_study_close(study);
}

static void the_same_seed_discovers_the_same(void) {
  attune_study *a = memory_study(NULL, NULL), *b = memory_study(NULL, NULL);
  int i;
  for (i = 0; i < 10; i++) {
    attune_trial *p = ask(a), *q = ask(b);
    double x = 0, y = 1;
    OK(attune_trial_suggest_float(p, "x", -5, 5, 0, 0, &x, &e));
    OK(attune_trial_suggest_float(q, "x", -5, 5, 0, 0, &y, &e));
    CHECK_DOUBLE(x, y);
    attune_trial_release(p);
    attune_trial_release(q);
  }
  attune_study_close(a);
  attune_study_close(b);
}

static void a_declared_space_is_read(void) {
  static const char *const kernels[] = {"rbf", "poly", "linear"}, *const others[] = {"rbf", "poly"};
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(study, "kernel", "poly");
  double lr = 0, declared = 1;
  int64_t kernel = -1, layers = 0, degree = 0;
  OK(attune_trial_suggest_float(trial, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &lr, &e));
  OK(attune_trial_float(trial, "lr", &declared, &e));
  CHECK_DOUBLE(lr, declared);
  OK(attune_trial_suggest_categorical(trial, "kernel", kernels, 3, 0, &kernel, &e));
  CHECK_INT(kernel, 1);
  OK(attune_trial_suggest_categorical_json(trial, "kernel", "[\"rbf\", \"poly\", \"linear\"]", 0, &kernel, &e));
  OK(attune_trial_suggest_int(trial, "layers", 1, 8, 1, 0, &layers, &e));
  OK(attune_trial_suggest_int(trial, "degree", 2, 5, 1, 0, &degree, &e));
  FAILS(attune_trial_suggest_float(trial, "lr", 1e-5, 0.2, 0, ATTUNE_PARAM_LOG, &lr, &e), INVALID, "lr", "0.2", "0.1");
  FAILS(attune_trial_suggest_float(trial, "lr", 1e-5, 0.1, 0, 0, &lr, &e), INVALID, "lr", "log");
  FAILS(attune_trial_suggest_int(trial, "layers", 1, 9, 1, 0, &layers, &e), INVALID, "layers", "9", "8");
  FAILS(attune_trial_suggest_categorical(trial, "kernel", others, 2, 0, &kernel, &e), INVALID, "kernel");
  FAILS(attune_trial_suggest_int(trial, "lr", 1, 8, 1, 0, &layers, &e), ANY_ERROR, "lr");
  FAILS(attune_trial_suggest_float(trial, "unknown", 0, 1, 0, 0, &lr, &e), ATTUNE_E_NOT_FOUND, "unknown");
  attune_trial_release(trial);
  trial = ask_until(study, "kernel", "rbf");
  FAILS(attune_trial_suggest_int(trial, "degree", 2, 5, 1, 0, &degree, &e), ATTUNE_E_INACTIVE, "degree");
  attune_trial_release(trial);
  attune_study_close(study);
}

static void malformed_suggestions_are_refused_by_name(void) {
  static const char *const twice[] = {"a", "a"}, *const hole[] = {NULL}, *const good[] = {"a"};
  attune_study *study = memory_study(NULL, "random");
  attune_trial *trial = ask(study);
  double x = -7;
  int64_t n = -7;
  size_t i;
  FAILS(attune_trial_suggest_float(trial, "gamma", 2, 1, 0, 0, &x, &e), INVALID, "gamma", "low", "2");
  FAILS(attune_trial_suggest_float(trial, "gamma", NAN, 1, 0, 0, &x, &e), INVALID, "gamma", "nan");
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, INFINITY, 0, 0, &x, &e), INVALID, "gamma", "inf");
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, 1, -1, 0, &x, &e), INVALID, "gamma", "step");
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, 1, 0, ATTUNE_PARAM_LOG, &x, &e), INVALID, "gamma", "log");
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, 1, 0, 4, &x, &e), INVALID, "gamma", "flag");
  FAILS(attune_trial_suggest_int(trial, "gamma", 2, 1, 1, 0, &n, &e), INVALID, "gamma", "2");
  FAILS(attune_trial_suggest_int(trial, "gamma", 0, 9, 0, 0, &n, &e), INVALID, "gamma", "step");
  FAILS(attune_trial_suggest_int(trial, "gamma", INT64_MIN, INT64_MAX, INT64_MIN, 0, &n, &e), INVALID, "gamma", "step");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", twice, 2, 0, &n, &e), INVALID, "gamma", "a");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", hole, 1, 0, &n, &e), INVALID, "gamma");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", good, 0, 0, &n, &e), INVALID, "gamma", "0");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", good, (size_t)-1, 0, &n, &e), INVALID, "gamma");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", NULL, 1, 0, &n, &e), INVALID, "choices");
  FAILS(attune_trial_suggest_categorical_json(trial, "gamma", "[", 0, &n, &e), INVALID, "gamma");
  FAILS(attune_trial_suggest_categorical_json(trial, "gamma", "[]", 0, &n, &e), INVALID, "gamma");
  FAILS(attune_trial_suggest_categorical_json(trial, "gamma", NULL, 0, &n, &e), INVALID, "choices_json");
  FAILS(attune_trial_suggest_float(trial, "", 0, 1, 0, 0, &x, &e), INVALID, "name");
  FAILS(attune_trial_suggest_float(NULL, "gamma", 0, 1, 0, 0, &x, &e), INVALID, "trial");
  FAILS(attune_trial_suggest_float(trial, NULL, 0, 1, 0, 0, &x, &e), INVALID, "name");
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, 1, 0, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trial_suggest_int(NULL, "gamma", 0, 1, 1, 0, &n, &e), INVALID, "trial");
  FAILS(attune_trial_suggest_int(trial, NULL, 0, 1, 1, 0, &n, &e), INVALID, "name");
  FAILS(attune_trial_suggest_int(trial, "gamma", 0, 1, 1, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trial_suggest_categorical(NULL, "gamma", good, 1, 0, &n, &e), INVALID, "trial");
  FAILS(attune_trial_suggest_categorical(trial, NULL, good, 1, 0, &n, &e), INVALID, "name");
  FAILS(attune_trial_suggest_categorical(trial, "gamma", good, 1, 0, NULL, &e), INVALID, "out");
  FAILS(attune_trial_suggest_categorical_json(NULL, "gamma", "[1]", 0, &n, &e), INVALID, "trial");
  FAILS(attune_trial_suggest_categorical_json(trial, NULL, "[1]", 0, &n, &e), INVALID, "name");
  FAILS(attune_trial_suggest_categorical_json(trial, "gamma", "[1]", 0, NULL, &e), INVALID, "out");
  for (i = 0; i < NOT_UTF8_COUNT; i++)
    FAILS(attune_trial_suggest_float(trial, not_utf8[i], 0, 1, 0, 0, &x, &e), INVALID, "UTF-8");
  CHECK(x == -7 && n == -7);
  /* None of it left a trace: p is still free. */
  OK(attune_trial_suggest_int(trial, "gamma", 0, 1, 1, 0, &n, &e));
  FAILS(attune_trial_suggest_float(trial, "gamma", 0, 1, 0, 0, &x, &e), ANY_ERROR, "gamma"); /* now of another kind */
  attune_trial_release(trial);
  attune_study_close(study);
}

static void a_finished_trial_suggests_nothing_more(void) {
  attune_study *study = memory_study(NULL, "random");
  attune_trial *trial = ask(study);
  double x = 0, y = 0;
  OK(attune_trial_suggest_float(trial, "x", 0, 1, 0, 0, &x, &e));
  OK(attune_study_tell(study, trial, &x, 1, NULL, &e));
  FAILS(attune_trial_suggest_float(trial, "y", 0, 1, 0, 0, &y, &e), ATTUNE_E_INVALID_STATE, "");
  OK(attune_trial_float(trial, "x", &y, &e));
  CHECK_DOUBLE(y, x);
  attune_trial_release(trial);
  attune_study_close(study);
}

int main(void) {
  alarm(300);
  suggestions_discover_the_space();
  the_same_seed_discovers_the_same();
  a_declared_space_is_read();
  malformed_suggestions_are_refused_by_name();
  a_finished_trial_suggests_nothing_more();
  return check_done();
}

/* Points to try first, and trials made elsewhere. */
#include "fixtures.h"

static void an_enqueued_point_is_asked_next(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trial *trial;
  double lr = 0;
  int64_t degree = 0;
  const char *kernel = NULL;
  OK(attune_study_enqueue(study, "{\"lr\": 0.01, \"kernel\": \"poly\", \"degree\": 3, \"layers\": 2, \"momentum\": 0.5}", &e));
  OK(attune_study_enqueue(study, "{\"lr\": 0.02}", &e));
  CHECK_INT(attune_study_trial_count(study), 2); /* they have their numbers and wait */
  trial = ask(study);
  OK(attune_trial_float(trial, "lr", &lr, &e));
  CHECK_DOUBLE(lr, 0.01);
  OK(attune_trial_choice(trial, "kernel", &kernel, &e));
  CHECK_STRING(kernel, "poly");
  OK(attune_trial_int(trial, "degree", &degree, &e));
  CHECK_INT(degree, 3);
  CHECK_INT(attune_trial_number(trial), 0);
  attune_trial_release(trial);
  trial = ask(study); /* the strategy chooses what is missing */
  OK(attune_trial_float(trial, "lr", &lr, &e));
  CHECK_DOUBLE(lr, 0.02);
  OK(attune_trial_choice(trial, "kernel", &kernel, &e));
  attune_trial_release(trial);
  attune_study_close(study);
}

static void bad_points_are_refused_by_name(void) {
  attune_study *study = memory_study(mixed_json, "random");
  static const struct { const char *json, *a, *b; } bad[] = {
      {"{\"rl\": 0.01}", "rl", ""},          {"{\"lr\": 1}", "lr", "1"},
      {"{\"lr\": \"big\"}", "lr", "big"},      {"{\"layers\": 2.5}", "layers", "2.5"},
      {"{\"layers\": 9}", "layers", "9"},      {"{\"kernel\": \"rbg\"}", "kernel", "rbg"},
      {"{\"kernel\": 0}", "kernel", "0"},      {"{\"lr\": null}", "lr", "null"},
      {"{\"lr\": NaN}", "lr", ""},             {"{\"tol\": 2}", "tol", "2"},
      {"{\"momentum\": 0.3}", "momentum", "0.3"}, {"[0.01]", "", ""},
      {"", "", ""},                            {"{\"lr\": 0.01", "", ""}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (!FAILS(attune_study_enqueue(study, bad[i].json, &e), ANY_ERROR, bad[i].a, bad[i].b)) printf("  with %s\n", bad[i].json);
  }
  FAILS(attune_study_enqueue(NULL, "{}", &e), INVALID, "study");
  FAILS(attune_study_enqueue(study, NULL, &e), INVALID, "json");
  FAILS(attune_study_enqueue(study, not_utf8[0], &e), INVALID, "UTF-8");
  attune_study_close(study);
}

static void finished_trials_are_added(void) {
  attune_study *study = memory_study(mixed_json, "random");
  attune_trials *best = NULL;
  int64_t number = -1;
  char *json;
  OK(attune_study_add_trial(study,
                            "{\"params\": {\"lr\": 0.01, \"layers\": 3, \"kernel\": \"rbf\", \"momentum\": 0.5, \"tol\": 0.001},"
                            " \"value\": 0.25}",
                            &number, &e));
  CHECK_INT(number, 0);
  OK(attune_study_add_trial(study,
                            "{\"params\": {\"lr\": 0.01, \"layers\": 3, \"kernel\": \"poly\", \"degree\": 4, \"momentum\": 0,"
                            " \"tol\": 0.001}, \"values\": [0.125], \"state\": \"COMPLETE\", \"intermediate\": {\"1\": 0.7, \"2\": 0.5},"
                            " \"attributes\": {\"who\": \"bob\"}, \"constraints\": {\"size\": -1}}",
                            &number, &e));
  CHECK_INT(number, 1);
  OK(attune_study_add_trial(study,
                            "{\"params\": {\"lr\": 0.01, \"layers\": 3, \"kernel\": \"rbf\", \"momentum\": 1, \"tol\": 0.001},"
                            " \"state\": \"FAIL\", \"reason\": \"the machine melted\"}",
                            NULL, &e));
  CHECK_INT(attune_study_trial_count(study), 3);
  CHECK_INT(count_states(study, COMPLETE_MASK), 2);
  CHECK_INT(count_states(study, FAIL_MASK), 1);
  json = trial_json(study, 1);
  CHECK_JSON(json, "\"who\":\"bob\"");
  CHECK_JSON(json, "0.7");
  CHECK_JSON(json, "\"size\":-1");
  CHECK_JSON(json, "\"degree\":4");
  attune_string_free(json);
  json = trial_json(study, 2);
  CHECK_HAS(json, "the machine melted");
  attune_string_free(json);
  OK(attune_study_best_trials(study, &best, &e));
  CHECK_INT(attune_trials_count(best), 1);
  OK(attune_trials_number(best, 0, &number, &e));
  CHECK_INT(number, 1);
  attune_trials_destroy(best);
  attune_study_close(study);
}

static void a_trial_that_another_study_gave_can_be_added(void) {
  attune_study *from = memory_study(mixed_json, "random"), *to = memory_study(mixed_json, "random");
  attune_trial *trial = ask_until(from, "kernel", "poly");
  double value = 0.75;
  int64_t number = attune_trial_number(trial), added = -1;
  char *json, *copy;
  OK(attune_trial_report(trial, 3, 0.5, &e));
  OK(attune_trial_set_attribute(trial, "a", "[1, 2]", &e));
  OK(attune_study_tell(from, trial, &value, 1, NULL, &e));
  attune_trial_release(trial);
  json = trial_json(from, (size_t)number);
  OK(attune_study_add_trial(to, json, &added, &e));
  copy = trial_json(to, (size_t)added);
  CHECK_JSON(copy, "\"kernel\":\"poly\"");
  CHECK_JSON(copy, "\"a\":[1,2]");
  CHECK_JSON(copy, "0.75");
  attune_string_free(json);
  attune_string_free(copy);
  attune_study_close(from);
  attune_study_close(to);
}

static void bad_trials_are_refused_and_change_nothing(void) {
  attune_study *study = memory_study("{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1},"
                                     " \"y\": {\"type\": \"int\", \"low\": 1, \"high\": 5}}", "random");
  static const struct { const char *json, *a, *b; } bad[] = {
      {"{\"params\": {\"x\": 0.5}, \"value\": 1}", "y", ""},
      {"{\"params\": {\"x\": 0.5, \"y\": 2, \"z\": 1}, \"value\": 1}", "z", ""},
      {"{\"params\": {\"x\": 2, \"y\": 2}, \"value\": 1}", "x", "2"},
      {"{\"params\": {\"x\": 0.5, \"y\": \"two\"}, \"value\": 1}", "y", "two"},
      {"{\"value\": 1}", "x", ""},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}}", "value", ""},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"values\": [1, 2]}", "2", "1"},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"value\": \"low\"}", "value", "low"},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"value\": 1, \"state\": \"DONE\"}", "state", "DONE"},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"value\": 1, \"state\": \"RUNNING\"}", "state", "RUNNING"},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"value\": 1, \"intermediate\": {\"-1\": 2}}", "intermediate", "-1"},
      {"{\"params\": {\"x\": 0.5, \"y\": 2}, \"value\": 1, \"intermediate\": [1]}", "intermediate", ""},
      {"{\"params\": [0.5, 2], \"value\": 1}", "params", ""},
      {"[]", "", ""}, {"", "", ""}, {"{", "", ""}};
  size_t i;
  int64_t number = -7;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (!FAILS(attune_study_add_trial(study, bad[i].json, &number, &e), ANY_ERROR, bad[i].a, bad[i].b))
      printf("  with %s\n", bad[i].json);
  }
  FAILS(attune_study_add_trial(NULL, "{}", &number, &e), INVALID, "study");
  FAILS(attune_study_add_trial(study, NULL, &number, &e), INVALID, "json");
  FAILS(attune_study_add_trial(study, not_utf8[2], &number, &e), INVALID, "UTF-8");
  CHECK_INT(number, -7);
  CHECK_INT(attune_study_trial_count(study), 0);
  attune_study_close(study);
}

static void duplicates_are_avoided_or_reused_on_request(void) {
  static const char *const tiny = "{\"n\": {\"type\": \"int\", \"low\": 0, \"high\": 3}}";
  attune_study *avoid = study_of(NULL, NULL, tiny, NULL, 0, "random", "{\"seed\": 3, \"duplicates\": \"avoid\"}");
  int seen[4] = {0, 0, 0, 0}, i;
  for (i = 0; i < 4; i++) {
    attune_trial *trial = ask(avoid);
    int64_t n = -1;
    double one = 1;
    OK(attune_trial_int(trial, "n", &n, &e));
    if (n >= 0 && n < 4) seen[n]++;
    OK(attune_study_tell(avoid, trial, &one, 1, NULL, &e));
    attune_trial_release(trial);
  }
  for (i = 0; i < 4; i++) CHECK_INT(seen[i], 1);
  attune_study_close(avoid);
}

int main(void) {
  alarm(300);
  an_enqueued_point_is_asked_next();
  bad_points_are_refused_by_name();
  finished_trials_are_added();
  a_trial_that_another_study_gave_can_be_added();
  bad_trials_are_refused_and_change_nothing();
  duplicates_are_avoided_or_reused_on_request();
  return check_done();
}

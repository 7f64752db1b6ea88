/* Many suggestions in one call. */
#include "fixtures.h"

static void a_batch_is_as_many_single_asks(void) {
  enum { N = 100 };
  attune_study *a = memory_study(mixed_json, "random"), *b = memory_study(mixed_json, "random");
  attune_trial *trials[N + 1];
  size_t count = 0, i;
  trials[N] = (attune_trial *)(void *)&count;
  OK(attune_study_ask_batch(a, N, trials, &count, &e));
  CHECK_INT(count, N);
  CHECK(trials[N] == (attune_trial *)(void *)&count); /* nothing behind the array is touched */
  for (i = 0; i < N; i++) {
    attune_trial *single = ask(b);
    char *left = NULL, *right = NULL;
    double one = (double)i;
    CHECK_INT(attune_trial_number(trials[i]), i);
    OK(attune_trial_params_json(trials[i], &left, &e));
    OK(attune_trial_params_json(single, &right, &e));
    CHECK_STRING(left, right);
    attune_string_free(left);
    attune_string_free(right);
    attune_trial_release(single);
    OK(attune_study_tell(a, trials[N - 1 - i], &one, 1, NULL, &e)); /* told in any order */
  }
  for (i = 0; i < N; i++) attune_trial_release(trials[i]);
  CHECK_INT(count_states(a, COMPLETE_MASK), N);
  attune_study_close(a);
  attune_study_close(b);
}

static void a_finite_strategy_gives_what_is_left(void) {
  attune_study *study = memory_study(finite_json, "grid");
  attune_trial *trials[10], *single = (attune_trial *)(void *)&study;
  size_t count = 99, i;
  OK(attune_study_ask_batch(study, 3, trials, &count, &e));
  CHECK_INT(count, 3);
  for (i = 0; i < 3; i++) attune_trial_release(trials[i]);
  OK(attune_study_ask_batch(study, 10, trials, &count, &e));
  CHECK_INT(count, 1);
  attune_trial_release(trials[0]);
  FAILS(attune_study_ask_batch(study, 10, trials, &count, &e), ATTUNE_E_EXHAUSTED, "grid");
  FAILS(attune_study_ask(study, &single, &e), ATTUNE_E_EXHAUSTED, "grid");
  CHECK(single == NULL);
  attune_study_close(study);
}

static void one_call_is_as_four(void) {
  attune_study *a = memory_study(mixed_json, "random"), *b = memory_study(mixed_json, "random");
  int i;
  for (i = 0; i < 50; i++) {
    attune_trial *trial = NULL, *single = ask(b);
    int64_t number = -1;
    uint64_t seed = 0;
    double params[7], expected[6];
    size_t count = 0, k;
    params[6] = 77;
    OK(attune_study_ask_params(a, &trial, &number, &seed, params, 7, &count, &e));
    OK(attune_trial_copy_params(single, expected, 6, NULL, &e));
    CHECK_INT(count, 6);
    CHECK_INT(number, i);
    CHECK_INT(attune_trial_number(trial), i);
    CHECK(seed == attune_trial_seed(single) && seed == attune_trial_seed(trial));
    for (k = 0; k < 6; k++) CHECK_DOUBLE(params[k], expected[k]);
    CHECK_DOUBLE(params[6], 77);
    OK(attune_study_tell(a, trial, expected, 1, NULL, &e));
    OK(attune_study_tell(b, single, expected, 1, NULL, &e));
    attune_trial_release(trial);
    attune_trial_release(single);
  }
  attune_study_close(a);
  attune_study_close(b);
}

static void one_call_asks_nothing_when_refused(void) {
  attune_study *study = memory_study(mixed_json, "random"), *open = NULL;
  attune_trial *trial = (attune_trial *)(void *)&study;
  double params[6];
  size_t count = 9;
  FAILS(attune_study_ask_params(study, &trial, NULL, NULL, params, 5, &count, &e), INVALID, "capacity is 5", "6");
  CHECK(trial == NULL && count == 9);
  FAILS(attune_study_ask_params(study, &trial, NULL, NULL, NULL, 0, &count, &e), INVALID, "out_params");
  FAILS(attune_study_ask_params(study, NULL, NULL, NULL, params, 6, &count, &e), INVALID, "out");
  FAILS(attune_study_ask_params(NULL, &trial, NULL, NULL, params, 6, &count, &e), INVALID, "study");
  CHECK_INT(attune_study_trial_count(study), 0);
  OK(attune_study_create(NULL, NULL, NULL, NULL, 0, "random", NULL, &open, &e));
  OK(attune_study_ask_params(open, &trial, NULL, NULL, NULL, 0, &count, &e));
  CHECK_INT(count, 0);
  attune_trial_release(trial);
  attune_study_close(open);
  attune_study_close(study);
}

static void odd_counts_are_refused(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trials[2] = {NULL, NULL};
  size_t count = 77;
  FAILS(attune_study_ask_batch(study, 1000001, trials, &count, &e), INVALID, "1000001", "1000000");
  FAILS(attune_study_ask_batch(study, (size_t)-1, trials, &count, &e), INVALID, "1000000");
  FAILS(attune_study_ask_batch(NULL, 1, trials, &count, &e), INVALID, "study");
  FAILS(attune_study_ask_batch(study, 1, NULL, &count, &e), INVALID, "out");
  FAILS(attune_study_ask_batch(study, 2, trials, NULL, &e), INVALID, "out_count");
  CHECK(trials[0] == NULL && trials[1] == NULL);
  CHECK_INT(attune_study_trial_count(study), 0);
  attune_study_close(study);
}

int main(void) {
  alarm(300);
  a_batch_is_as_many_single_asks();
  a_finite_strategy_gives_what_is_left();
  odd_counts_are_refused();
  one_call_is_as_four();
  one_call_asks_nothing_when_refused();
  return check_done();
}

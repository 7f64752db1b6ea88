/* Sixteen threads ask and tell one study; [serial] misuse is found; everything else may be called at once. */
#include "fixtures.h"

#include <pthread.h>

enum { THREADS = 16, EACH = 200 };

static attune_study *shared;
static pthread_barrier_t barrier;
static int stop_misuse, misuse_found, misuse_other;

static void *ask_and_tell(void *data) {
  int i, which = (int)(intptr_t)data;
  for (i = 0; i < EACH; i++) {
    attune_trial *trial = NULL;
    double x = 0, params[MIXED_COUNT];
    attune_trial_state state = -1;
    if (!OK(attune_study_ask(shared, &trial, &e))) return NULL;
    OK(attune_trial_float(trial, "lr", &x, &e));
    OK(attune_trial_copy_params(trial, params, MIXED_COUNT, NULL, &e));
    if (i % 4 == 0) OK(attune_trial_report(trial, i, x, &e));
    if (i % 8 == 0) OK(attune_trial_set_attribute(trial, "thread", "1", &e));
    if (i % 5 == 4) OK(attune_study_tell_state(shared, trial, ATTUNE_TRIAL_FAIL, "every fifth", &e));
    else OK(attune_study_tell(shared, trial, &x, 1, &state, &e));
    if (i % 50 == which) {
      attune_trials *ts = NULL;
      char *json = NULL;
      size_t count = 0;
      OK(attune_study_trials(shared, 0, &ts, &e));
      OK(attune_trials_copy_values(ts, NULL, 0, &count, &e));
      CHECK_INT(count, attune_trials_count(ts));
      OK(attune_trials_json(ts, count - 1, &json, &e));
      attune_string_free(json);
      attune_trials_destroy(ts);
      OK(attune_study_set_attribute(shared, "last", "1", &e));
    }
    attune_trial_release(trial);
  }
  return NULL;
}

static void run_threads(void *(*fn)(void *)) {
  pthread_t threads[THREADS];
  int i;
  for (i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, fn, (void *)(intptr_t)i);
  for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

static void sixteen_threads_ask_and_tell_as_one(const char *strategy) {
  attune_study *alone = memory_study(mixed_json, strategy);
  attune_trials *ts = NULL, *want = NULL;
  static double got[THREADS * EACH * MIXED_COUNT], expected[THREADS * EACH * MIXED_COUNT];
  int i, different = 0;
  shared = memory_study(mixed_json, strategy);
  run_threads(ask_and_tell);
  CHECK_INT(attune_study_trial_count(shared), THREADS * EACH);
  CHECK_INT(count_states(shared, RUNNING_MASK), 0);
  CHECK_INT(count_states(shared, FAIL_MASK), THREADS * EACH / 5);
  for (i = 0; i < THREADS * EACH; i++) attune_trial_release(ask(alone));
  OK(attune_study_trials(shared, 0, &ts, &e));
  OK(attune_study_trials(alone, 0, &want, &e));
  OK(attune_trials_copy_params(ts, got, THREADS * EACH * MIXED_COUNT, NULL, &e));
  OK(attune_trials_copy_params(want, expected, THREADS * EACH * MIXED_COUNT, NULL, &e));
  for (i = 0; i < THREADS * EACH * MIXED_COUNT; i++)
    different += !(got[i] == expected[i] || (isnan(got[i]) && isnan(expected[i])));
  if (!CHECK_INT(different, 0)) printf("  with %s\n", strategy); /* trial by trial what one thread gets */
  attune_trials_destroy(ts);
  attune_trials_destroy(want);
  attune_study_close(shared);
  attune_study_close(alone);
}

static void *tell_the_same(void *trial) {
  double one = 1;
  attune_status status;
  pthread_barrier_wait(&barrier);
  status = attune_study_tell(shared, trial, &one, 1, NULL, NULL);
  if (status == ATTUNE_OK) __atomic_add_fetch(&misuse_found, 1, __ATOMIC_SEQ_CST);
  else if (status != ATTUNE_E_INVALID_STATE) __atomic_add_fetch(&misuse_other, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

static void of_many_tells_of_one_trial_one_wins(void) {
  pthread_t threads[8];
  int round, i;
  shared = memory_study(line_json, "random");
  misuse_found = misuse_other = 0;
  pthread_barrier_init(&barrier, NULL, 8);
  for (round = 0; round < 50; round++) {
    attune_trial *trial = ask(shared);
    for (i = 0; i < 8; i++) pthread_create(&threads[i], NULL, tell_the_same, trial);
    for (i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    attune_trial_release(trial);
  }
  CHECK_INT(misuse_found, 50);
  CHECK_INT(misuse_other, 0);
  pthread_barrier_destroy(&barrier);
  attune_study_close(shared);
}

static void *build_on(void *space) {
  char name[32];
  int i;
  for (i = 0; !__atomic_load_n(&stop_misuse, __ATOMIC_RELAXED) && i < 3000; i++) {
    attune_status status;
    snprintf(name, sizeof name, "p%d", i);
    status = attune_space_add_float(space, name, 0, 1, 0, 0, NULL);
    if (status == ATTUNE_E_INVALID_STATE) {
      __atomic_add_fetch(&misuse_found, 1, __ATOMIC_SEQ_CST);
      __atomic_store_n(&stop_misuse, 1, __ATOMIC_RELAXED);
    } else if (status != ATTUNE_OK && status != INVALID) { /* INVALID: the name is taken by then */
      __atomic_add_fetch(&misuse_other, 1, __ATOMIC_SEQ_CST);
    }
  }
  return NULL;
}

static void two_builders_at_once_are_found(void) {
  int round;
  misuse_found = misuse_other = 0;
  for (round = 0; round < 20 && !misuse_found; round++) {
    attune_space *space = space_of("{}");
    pthread_t threads[8];
    int i;
    stop_misuse = 0;
    for (i = 0; i < 8; i++) pthread_create(&threads[i], NULL, build_on, space);
    for (i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    attune_space_destroy(space);
  }
  CHECK(misuse_found > 0);
  CHECK_INT(misuse_other, 0);
}

static void *set_options(void *options) {
  int i;
  for (i = 0; !__atomic_load_n(&stop_misuse, __ATOMIC_RELAXED) && i < 20000; i++) {
    attune_status status = attune_options_set_int(options, "seed", i, NULL);
    if (status == ATTUNE_E_INVALID_STATE) {
      __atomic_add_fetch(&misuse_found, 1, __ATOMIC_SEQ_CST);
      __atomic_store_n(&stop_misuse, 1, __ATOMIC_RELAXED);
    } else if (status != ATTUNE_OK) {
      __atomic_add_fetch(&misuse_other, 1, __ATOMIC_SEQ_CST);
    }
  }
  return NULL;
}

static void two_setters_at_once_are_found(void) {
  int round;
  misuse_found = misuse_other = 0;
  for (round = 0; round < 50 && !misuse_found; round++) {
    attune_options *options = options_of("{}");
    pthread_t threads[8];
    int i;
    stop_misuse = 0;
    for (i = 0; i < 8; i++) pthread_create(&threads[i], NULL, set_options, options);
    for (i = 0; i < 8; i++) pthread_join(threads[i], NULL);
    attune_options_destroy(options);
  }
  CHECK(misuse_found > 0);
  CHECK_INT(misuse_other, 0);
}

static void *make_and_drop(void *data) {
  int i;
  (void)data;
  for (i = 0; i < 100; i++) {
    attune_study *study = NULL;
    attune_space *space = NULL;
    attune_error *error = NULL;
    OK(attune_space_from_json(line_json, &space, &e));
    OK(attune_study_create(NULL, NULL, space, NULL, 0, "random", NULL, &study, &e));
    attune_space_add_float(space, "x", 0, 1, 0, 0, &error);
    CHECK_HAS(attune_error_message(error), "x");
    attune_error_free(error);
    attune_trial_release(ask(study));
    attune_space_destroy(space);
    attune_study_close(study);
  }
  return NULL;
}

static void *use_closed(void *study) {
  int i;
  for (i = 0; i < 500; i++) {
    attune_trial *trial = NULL;
    double one = 1;
    attune_status status = attune_study_ask(study, &trial, NULL);
    if (status == ATTUNE_OK) attune_study_tell(study, trial, &one, 1, NULL, NULL);
    else if (status != INVALID && status != ATTUNE_E_INVALID_STATE) __atomic_add_fetch(&misuse_other, 1, __ATOMIC_SEQ_CST);
    attune_trial_release(trial);
  }
  return NULL;
}

static void a_study_may_be_closed_under_the_hands_of_others(void) {
  int round, i;
  misuse_other = 0;
  for (round = 0; round < 10; round++) {
    attune_study *study = memory_study(line_json, "random");
    pthread_t threads[4];
    for (i = 0; i < 4; i++) pthread_create(&threads[i], NULL, use_closed, study);
    usleep(200 * (useconds_t)round);
    attune_study_close(study);
    for (i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  }
  CHECK_INT(misuse_other, 0);
}

/* The run goes on until the three others were refused, however the threads are scheduled; it gives up after a minute. */
static attune_status wait_for_the_refused(attune_trial *trial, double *values, size_t n, void *data) {
  int *patience = data;
  (void)n;
  for (; __atomic_load_n(&misuse_found, __ATOMIC_SEQ_CST) < 3 && *patience > 0; --*patience) usleep(1000);
  return attune_trial_float(trial, "x", values, NULL);
}
static void *optimize_shared(void *objective) {
  attune_status status;
  pthread_barrier_wait(&barrier);
  status = attune_study_optimize(shared, objective, 100, 0, NULL, NULL, NULL);
  if (status == ATTUNE_E_INVALID_STATE) __atomic_add_fetch(&misuse_found, 1, __ATOMIC_SEQ_CST);
  else if (status != ATTUNE_OK) __atomic_add_fetch(&misuse_other, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

static void one_run_a_study_at_a_time(void) {
  attune_objective *objective = NULL;
  pthread_t threads[4];
  int i, patience = 60000;
  shared = memory_study(line_json, "random");
  misuse_found = misuse_other = 0;
  OK(attune_objective_from_callback(wait_for_the_refused, &patience, NULL, &objective, &e));
  pthread_barrier_init(&barrier, NULL, 4);
  for (i = 0; i < 4; i++) pthread_create(&threads[i], NULL, optimize_shared, objective);
  for (i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  CHECK_INT(misuse_found, 3);
  CHECK_INT(misuse_other, 0);
  CHECK_INT(attune_study_trial_count(shared), 100);
  pthread_barrier_destroy(&barrier);
  attune_objective_destroy(objective);
  attune_study_close(shared);
}

int main(void) {
  alarm(300);
  sixteen_threads_ask_and_tell_as_one("random");
  sixteen_threads_ask_and_tell_as_one("sobol");
  of_many_tells_of_one_trial_one_wins();
  two_builders_at_once_are_found();
  two_setters_at_once_are_found();
  run_threads(make_and_drop);
  a_study_may_be_closed_under_the_hands_of_others();
  one_run_a_study_at_a_time();
  return check_done();
}

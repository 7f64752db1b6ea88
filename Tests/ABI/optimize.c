/* The loop: limits, threads, stopping, failures, progress. */
#include "fixtures.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
static void nap(double seconds) {
  struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&t, NULL);
}

/* What the objective of these tests does; all but x optional. */
static struct work {
  double sleep;
  int calls, running, most, stop_at, prune, status_at, saw_stop;
  attune_status status;
  attune_study *study;
  int close_in_callback;
} work;

static attune_status objective_fn(attune_trial *trial, double *values, size_t n, void *data) {
  int call = __atomic_add_fetch(&work.calls, 1, __ATOMIC_SEQ_CST);
  int running = __atomic_add_fetch(&work.running, 1, __ATOMIC_SEQ_CST), most = work.most;
  double x = 0, waited = 0;
  (void)n, (void)data;
  while (running > most && !__atomic_compare_exchange_n(&work.most, &most, running, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}
  attune_trial_float(trial, "x", &x, NULL);
  values[0] = x;
  for (; waited < work.sleep; waited += 0.005) {
    nap(0.005);
    if (attune_trial_should_stop(trial)) {
      __atomic_add_fetch(&work.saw_stop, 1, __ATOMIC_SEQ_CST);
      break;
    }
  }
  __atomic_sub_fetch(&work.running, 1, __ATOMIC_SEQ_CST);
  if (work.stop_at && call >= work.stop_at) return ATTUNE_STOP;
  if (work.prune && call % 2 == 0) return ATTUNE_PRUNED;
  if (work.status_at && call >= work.status_at) return work.status;
  return ATTUNE_OK;
}

static attune_objective *fresh_objective(void) {
  attune_objective *objective = NULL;
  memset(&work, 0, sizeof work);
  OK(attune_objective_from_callback(objective_fn, NULL, NULL, &objective, &e));
  return objective;
}

static void it_ends_after_n_more_trials(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  OK(attune_study_optimize(study, objective, 10, 0, NULL, &reason, &e));
  CHECK_STRING(reason, "n_trials");
  OK(attune_study_optimize(study, objective, 5, 0, NULL, NULL, &e));
  CHECK_INT(work.calls, 15);
  OK(attune_study_optimize(study, objective, 0, 0, NULL, &reason, &e));
  CHECK_STRING(reason, "n_trials");
  CHECK_INT(work.calls, 15);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

/* x is the value of line_json, and rising where calls count. */
static attune_status rising_fn(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)n, (void)data;
  values[0] = (double)__atomic_add_fetch(&work.calls, 1, __ATOMIC_SEQ_CST);
  return ATTUNE_OK;
}

static void it_ends_when_a_stop_rule_holds(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  attune_options *options = NULL;
  const char *reason = NULL;
  memset(&work, 0, sizeof work);
  OK(attune_objective_from_callback(rising_fn, NULL, NULL, &objective, &e));
  /* The first trial is the best: seven more without a better one. No other limit is needed. */
  OK(attune_options_create(&options, &e));
  OK(attune_options_set_string(options, "stop_when", "target=-1; no-improvement=7", &e));
  OK(attune_study_optimize(study, objective, -1, 0, options, &reason, &e));
  CHECK_STRING(reason, "no_improvement");
  CHECK_INT(work.calls, 8);
  /* It holds still. */
  OK(attune_study_optimize(study, objective, 100, 0, options, &reason, &e));
  CHECK_STRING(reason, "no_improvement");
  CHECK_INT(work.calls, 8);
  attune_options_destroy(options);
  OK(attune_options_from_json("{\"stop_when\": [\"no-improvement=50,min_delta=0.5\", \"target=1\"]}", &options, &e));
  OK(attune_study_optimize(study, objective, 100, 0, options, &reason, &e));
  CHECK_STRING(reason, "target");
  CHECK_INT(work.calls, 8);
  attune_options_destroy(options);
  /* A target may never be reached: that is no end. */
  OK(attune_options_from_json("{\"stop_when\": \"target=-1\"}", &options, &e));
  FAILS(attune_study_optimize(study, objective, -1, 0, options, &reason, &e), INVALID, "no end", "no_improvement");
  OK(attune_study_optimize(study, objective, 3, 0, options, &reason, &e));
  CHECK_STRING(reason, "n_trials");
  CHECK_INT(work.calls, 11);
  attune_options_destroy(options);
  OK(attune_options_from_json("{\"stop_when\": \"no-improvment=5\"}", &options, &e));
  FAILS(attune_study_optimize(study, objective, 1, 0, options, &reason, &e), ATTUNE_E_NOT_FOUND, "no_improvment",
        "no_improvement");
  attune_options_destroy(options);
  OK(attune_options_from_json("{\"stop_when\": \"no-improvement=few\"}", &options, &e));
  FAILS(attune_study_optimize(study, objective, 1, 0, options, &reason, &e), INVALID, "patience", "\"few\"", "1 to");
  attune_options_destroy(options);
  options = NULL;
  FAILS(attune_options_from_json("{\"stop_when\": [1]}", &options, &e), INVALID, "stop_when", "[1]");
  CHECK_INT(work.calls, 11);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void it_ends_after_the_timeout(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  double start = now();
  work.sleep = 0.02;
  OK(attune_study_optimize(study, objective, -1, 0.3, NULL, &reason, &e));
  CHECK_STRING(reason, "timeout");
  CHECK(now() - start >= 0.29 && now() - start < 5);
  CHECK(work.calls >= 2);
  CHECK_INT(count_states(study, RUNNING_MASK), 0);
  /* A long trial sees should_stop when the time is over. */
  work.sleep = 20;
  work.saw_stop = 0;
  start = now();
  OK(attune_study_optimize(study, objective, -1, 0.2, NULL, &reason, &e));
  CHECK_STRING(reason, "timeout");
  CHECK_INT(work.saw_stop, 1);
  CHECK(now() - start < 5);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void without_any_limit_it_does_not_begin(void) {
  attune_study *study = memory_study(line_json, "random"), *finite = memory_study(finite_json, "grid");
  attune_objective *objective = fresh_objective();
  const char *reason = (const char *)&study;
  FAILS(attune_study_optimize(study, objective, -1, 0, NULL, &reason, &e), INVALID, "n_trials", "timeout");
  CHECK(reason == NULL);
  FAILS(attune_study_optimize(study, objective, -1, -1, NULL, NULL, &e), INVALID, "n_trials", "timeout");
  FAILS(attune_study_optimize(study, objective, INT64_MIN, 0, NULL, NULL, &e), INVALID, "n_trials", "timeout");
  FAILS(attune_study_optimize(study, objective, 1, NAN, NULL, NULL, &e), INVALID, "timeout");
  CHECK_INT(work.calls, 0);
  OK(attune_study_optimize(finite, objective, -1, 0, NULL, &reason, &e));
  CHECK_STRING(reason, "exhausted");
  CHECK_INT(work.calls, 4);
  OK(attune_study_optimize(finite, objective, 10, 0, NULL, &reason, &e)); /* nothing is left */
  CHECK_STRING(reason, "exhausted");
  CHECK_INT(work.calls, 4);
  attune_objective_destroy(objective);
  attune_study_close(study);
  attune_study_close(finite);
}

static void huge_limits_are_fine(void) {
  attune_study *study = memory_study(finite_json, "grid");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  OK(attune_study_optimize(study, objective, INT64_MAX, INFINITY, NULL, &reason, &e));
  CHECK_STRING(reason, "exhausted");
  OK(attune_study_optimize(study, objective, INT64_MAX, 1e308, NULL, &reason, &e));
  attune_objective_destroy(objective);
  attune_study_close(study);
  study = memory_study(line_json, "random");
  objective = fresh_objective();
  OK(attune_study_optimize(study, objective, INT64_MAX, 5e-324, NULL, &reason, &e));
  CHECK_STRING(reason, "timeout");
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void *stop_soon(void *study) {
  nap(0.1);
  attune_study_stop(study);
  return NULL;
}

static void another_thread_stops_it(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  pthread_t thread;
  work.sleep = 30;
  pthread_create(&thread, NULL, stop_soon, study);
  OK(attune_study_optimize(study, objective, 1000000, 0, NULL, &reason, &e));
  pthread_join(thread, NULL);
  CHECK_STRING(reason, "stopped");
  CHECK_INT(work.saw_stop, 1);
  CHECK_INT(count_states(study, COMPLETE_MASK), 1); /* the running trial is kept */
  work.sleep = 0;
  OK(attune_study_optimize(study, objective, 3, 0, NULL, &reason, &e)); /* the next run begins afresh */
  CHECK_STRING(reason, "n_trials");
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static attune_study *volatile signalled;
static void on_alarm(int number) {
  (void)number;
  attune_study_stop(signalled);
}

static void a_signal_handler_stops_it(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  attune_options *options = options_of("{\"n_jobs\": 2}");
  const char *reason = NULL;
  struct sigaction action, old;
  timer_t timer;
  struct sigevent event;
  struct itimerspec soon = {{0, 0}, {0, 100000000}};
  signalled = study;
  memset(&action, 0, sizeof action);
  memset(&event, 0, sizeof event);
  action.sa_handler = on_alarm;
  sigaction(SIGUSR1, &action, &old);
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  timer_settime(timer, 0, &soon, NULL);
  OK(attune_study_optimize(study, objective, -1, 60, options, &reason, &e));
  CHECK_STRING(reason, "stopped");
  timer_delete(timer);
  sigaction(SIGUSR1, &old, NULL);
  attune_options_destroy(options);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void the_objective_stops_it(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  work.stop_at = 7;
  OK(attune_study_optimize(study, objective, 100, 0, NULL, &reason, &e));
  CHECK_STRING(reason, "stopped");
  CHECK_INT(work.calls, 7);
  CHECK_INT(count_states(study, COMPLETE_MASK), 7); /* its value is kept */
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void pruned_trials_are_recorded(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  work.prune = 1;
  OK(attune_study_optimize(study, objective, 10, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, PRUNED_MASK), 5);
  CHECK_INT(count_states(study, COMPLETE_MASK), 5);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void failures_end_the_run_or_do_not_as_asked(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  attune_options *stop = options_of("{\"on_failure\": \"stop\"}"), *few = options_of("{\"max_failures\": 3}");
  const char *reason = (const char *)&study;
  work.status_at = 5;
  work.status = -1234;
  OK(attune_study_optimize(study, objective, 10, 0, NULL, &reason, &e)); /* the default: continue */
  CHECK_STRING(reason, "n_trials");
  CHECK_INT(count_states(study, FAIL_MASK), 6);
  work.calls = 0;
  FAILS(attune_study_optimize(study, objective, 10, 0, stop, &reason, &e), ATTUNE_E_OBJECTIVE, "-1234");
  CHECK(reason == NULL);
  CHECK_INT(work.calls, 5);
  work.calls = 0;
  FAILS(attune_study_optimize(study, objective, 100, 0, few, NULL, &e), ATTUNE_E_OBJECTIVE, "3");
  CHECK_INT(work.calls, 8); /* four good, three failures allowed, the first more ends it */
  CHECK_INT(count_states(study, RUNNING_MASK), 0);
  attune_options_destroy(stop);
  attune_options_destroy(few);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void four_jobs_run_at_once(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  attune_options *options = options_of("{\"n_jobs\": 4}");
  attune_trials *ts = NULL;
  size_t i;
  int64_t number;
  work.sleep = 0.02;
  OK(attune_study_optimize(study, objective, 40, 0, options, NULL, &e));
  CHECK_INT(work.calls, 40);
  CHECK_INT(work.most, 4);
  CHECK_INT(work.running, 0);
  OK(attune_study_trials(study, 0, &ts, &e));
  CHECK_INT(attune_trials_count(ts), 40);
  for (i = 0; i < 40; i++) {
    OK(attune_trials_number(ts, i, &number, &e));
    CHECK_INT(number, i);
  }
  attune_trials_destroy(ts);
  attune_options_destroy(options);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void jobs_change_nothing_of_what_is_tried(void) {
  /* Those whose points do not depend on which trials are finished. */
  static const char *const strategies[] = {"random", "sobol", "grid"};
  size_t s, i;
  for (s = 0; s < 3; s++) {
    attune_study *one = memory_study(mixed_json, strategies[s]), *four = memory_study(mixed_json, strategies[s]);
    attune_objective *objective = NULL;
    attune_options *options = options_of("{\"n_jobs\": 4}");
    double a[30 * MIXED_COUNT], b[30 * MIXED_COUNT];
    attune_trials *p = NULL, *q = NULL;
    int different = 0;
    objective = fresh_objective();
    OK(attune_study_optimize(one, objective, 30, 0, NULL, NULL, &e));
    OK(attune_study_optimize(four, objective, 30, 0, options, NULL, &e));
    OK(attune_study_trials(one, 0, &p, &e));
    OK(attune_study_trials(four, 0, &q, &e));
    OK(attune_trials_copy_params(p, a, 30 * MIXED_COUNT, NULL, &e));
    OK(attune_trials_copy_params(q, b, 30 * MIXED_COUNT, NULL, &e));
    for (i = 0; i < 30 * MIXED_COUNT; i++) different += !(a[i] == b[i] || (isnan(a[i]) && isnan(b[i])));
    if (!CHECK_INT(different, 0)) printf("  with %s\n", strategies[s]);
    attune_trials_destroy(p);
    attune_trials_destroy(q);
    attune_options_destroy(options);
    attune_objective_destroy(objective);
    attune_study_close(one);
    attune_study_close(four);
  }
}

static struct { int calls, inside, overlaps, end_after, destroyed, wrong; } progress;
static int32_t on_progress(attune_study *study, int64_t number, attune_trial_state state, const double *values, size_t n_values,
                           void *data) {
  if (__atomic_exchange_n(&progress.inside, 1, __ATOMIC_SEQ_CST)) progress.overlaps++;
  progress.calls++;
  if (data != &progress || number < 0 || !attune_study_name(study)) progress.wrong++;
  if (state == ATTUNE_TRIAL_COMPLETE ? !values || n_values != 1 : values || n_values) progress.wrong++;
  __atomic_store_n(&progress.inside, 0, __ATOMIC_SEQ_CST);
  return progress.end_after && progress.calls >= progress.end_after;
}
static void progress_destroyed(void *data) {
  (void)data;
  progress.destroyed++;
}

static void progress_is_told_of_every_trial(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  attune_options *options = options_of("{\"n_jobs\": 4}");
  const char *reason = NULL;
  work.prune = 1;
  OK(attune_study_set_progress(study, on_progress, &progress, progress_destroyed, &e));
  OK(attune_study_optimize(study, objective, 10, 0, NULL, NULL, &e));
  CHECK_INT(progress.calls, 10);
  OK(attune_study_optimize(study, objective, 200, 0, options, NULL, &e));
  CHECK_INT(progress.calls, 210);
  CHECK_INT(progress.overlaps, 0);
  CHECK_INT(progress.wrong, 0);
  progress.calls = 0;
  progress.end_after = 3;
  OK(attune_study_optimize(study, objective, 100, 0, NULL, &reason, &e)); /* non-zero ends the run */
  CHECK_STRING(reason, "stopped");
  CHECK_INT(progress.calls, 3);
  CHECK_INT(progress.destroyed, 0);
  OK(attune_study_set_progress(study, NULL, NULL, NULL, &e));
  CHECK_INT(progress.destroyed, 1);
  OK(attune_study_optimize(study, objective, 5, 0, NULL, NULL, &e));
  CHECK_INT(progress.calls, 3);
  OK(attune_study_set_progress(study, on_progress, &progress, progress_destroyed, &e));
  attune_study_close(study);
  CHECK_INT(progress.destroyed, 2);
  FAILS(attune_study_set_progress(NULL, on_progress, &progress, progress_destroyed, &e), INVALID, "study");
  CHECK_INT(progress.destroyed, 3); /* also when the registering call fails */
  attune_options_destroy(options);
  attune_objective_destroy(objective);
}

static attune_status sets_progress(attune_trial *trial, double *values, size_t n, void *study) {
  (void)trial, (void)n;
  values[0] = attune_study_set_progress(study, on_progress, &progress, progress_destroyed, NULL);
  return ATTUNE_OK;
}
static void progress_is_not_changed_during_a_run(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  attune_trials *ts = NULL;
  double status = 0;
  progress.destroyed = 0;
  OK(attune_objective_from_callback(sets_progress, study, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  OK(attune_study_trials(study, 0, &ts, &e));
  OK(attune_trials_value(ts, 0, 0, &status, &e));
  CHECK_DOUBLE(status, ATTUNE_E_INVALID_STATE);
  CHECK_INT(progress.destroyed, 1);
  attune_trials_destroy(ts);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void *close_soon(void *study) {
  nap(0.1);
  attune_study_close(study);
  return NULL;
}
static void closing_from_another_thread_stops_and_waits(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  const char *reason = NULL;
  pthread_t thread;
  attune_status status;
  work.sleep = 30;
  pthread_create(&thread, NULL, close_soon, study);
  status = attune_study_optimize(study, objective, 1000, 0, NULL, &reason, NULL);
  CHECK(status == ATTUNE_OK && reason && strcmp(reason, "stopped") == 0);
  pthread_join(thread, NULL);
  CHECK_INT(work.running, 0);
  CHECK(attune_study_name(study) == NULL);
  attune_objective_destroy(objective);
}

static void wrong_arguments_are_named(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = fresh_objective();
  static const struct { const char *json, *a, *b; } bad[] = {
      {"{\"n_jobs\": 0}", "n_jobs", "0"},       {"{\"n_jobs\": -1}", "n_jobs", "-1"},
      {"{\"n_jobs\": 1.5}", "n_jobs", "1.5"},   {"{\"n_jobs\": 9223372036854775807}", "n_jobs", ""},
      {"{\"n_jobs\": \"many\"}", "n_jobs", "or \"auto\""}, {"{\"on_failure\": \"retry=x\"}", "on_failure", "retry=N"},
      {"{\"njobs\": 1}", "njobs", "n_jobs"},    {"{\"on_failure\": \"halt\"}", "on_failure", "halt"},
      {"{\"max_failures\": -1}", "max_failures", "-1"}, {"{\"max_failures\": \"few\"}", "max_failures", "few"}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_options *options = options_of(bad[i].json);
    if (!FAILS(attune_study_optimize(study, objective, 1, 0, options, NULL, &e), INVALID, bad[i].a, bad[i].b))
      printf("  with %s\n", bad[i].json);
    attune_options_destroy(options);
  }
  FAILS(attune_study_optimize(NULL, objective, 1, 0, NULL, NULL, &e), INVALID, "study");
  FAILS(attune_study_optimize(study, NULL, 1, 0, NULL, NULL, &e), INVALID, "objective");
  CHECK_INT(work.calls, 0);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void odd_spaces_run(void) {
  static const char *const spaces[] = {"{}", "{\"only\": {\"type\": \"fixed\", \"value\": 1}}",
                                       "{\"x\": {\"type\": \"float\", \"low\": 1, \"high\": 1}}"};
  static const char *const strategies[] = {"random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian"};
  size_t s, t;
  for (s = 0; s < 3; s++) {
    for (t = 0; t < 7; t++) {
      attune_study *study = memory_study(spaces[s], strategies[t]);
      attune_objective *objective = fresh_objective();
      const char *reason = NULL;
      OK(attune_study_optimize(study, objective, 3, 0, NULL, &reason, &e));
      if (!CHECK(work.calls >= 1 && work.calls <= 3)) printf("  %s on %s\n", strategies[t], spaces[s]);
      CHECK(reason != NULL);
      attune_objective_destroy(objective);
      attune_study_close(study);
    }
  }
}

int main(void) {
  alarm(300);
  it_ends_after_n_more_trials();
  it_ends_when_a_stop_rule_holds();
  it_ends_after_the_timeout();
  without_any_limit_it_does_not_begin();
  huge_limits_are_fine();
  another_thread_stops_it();
  a_signal_handler_stops_it();
  the_objective_stops_it();
  pruned_trials_are_recorded();
  failures_end_the_run_or_do_not_as_asked();
  four_jobs_run_at_once();
  jobs_change_nothing_of_what_is_tried();
  progress_is_told_of_every_trial();
  progress_is_not_changed_during_a_run();
  closing_from_another_thread_stops_and_waits();
  wrong_arguments_are_named();
  odd_spaces_run();
  return check_done();
}

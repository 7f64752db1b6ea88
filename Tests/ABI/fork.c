/* After fork every function of the child answers at once: an error, or 0 or NULL. Never a hang. */
#include "calls.h"

#include <pthread.h>
#include <sys/wait.h>

static attune_options *out_options;
static attune_space *out_space;
static int pipe_ends[2];

/* The child's errors are not read: attune_error_message is a call, too. */
#define STATUS(call) \
  e = NULL; \
  CHECK_INT(call, ATTUNE_E_INVALID_STATE);
#define VALUE(call, none) \
  { \
    long long got = (long long)(call); \
    if (!check_count(got == 0 || got == (long long)(none))) \
      printf("%s:%d: %s: expected 0 after fork, got %lld\n", __FILE__, __LINE__, #call, got); \
  }
#define DROP(call) \
  call; \
  check_count(1);

static void child(void) {
  void *h;
  int counts[2];
  alarm(10);
  check_passed = check_failed = 0;
  CHECK_INT(attune_version(), ATTUNE_VERSION_NUMBER);
  CHECK_INT(attune_abi_version(), ATTUNE_ABI_VERSION);
  CHECK(attune_version_string() != NULL);
  OTHER_CALLS(STATUS)
  h = live.study;
  STUDY_CALLS(STATUS, VALUE, DROP)
  h = live.trial;
  TRIAL_CALLS(STATUS, VALUE, DROP)
  h = live.space;
  SPACE_CALLS(STATUS, VALUE, DROP)
  h = live.options;
  OPTIONS_CALLS(STATUS, VALUE, DROP)
  OPTIONAL_OPTIONS_CALLS(STATUS, VALUE, DROP)
  h = live.objective;
  OBJECTIVE_CALLS(STATUS, VALUE, DROP)
  h = live.trials;
  TRIALS_CALLS(STATUS, VALUE, DROP)
  h = live.error;
  ERROR_CALLS(STATUS, VALUE, DROP)
  VALUE(attune_strategy_count(), 0)
  VALUE((intptr_t)attune_strategy_name(0), 0)
  VALUE(attune_pruner_count(), 0)
  VALUE((intptr_t)attune_pruner_name(0), 0)
  VALUE(attune_stop_rule_count(), 0)
  VALUE((intptr_t)attune_stop_rule_name(0), 0)
  VALUE((intptr_t)attune_build_info(), 0)
  attune_set_log(NULL, ATTUNE_LOG_WARN, NULL, NULL);
  attune_string_free(NULL);
  fflush(stdout);
  counts[0] = check_passed;
  counts[1] = check_failed;
  if (write(pipe_ends[1], counts, sizeof counts) != sizeof counts) _exit(3);
  _exit(0);
}

static void fork_and_check(const char *when) {
  int counts[2] = {0, 0}, status = -1;
  pid_t pid;
  if (pipe(pipe_ends) != 0) {
    perror("pipe");
    exit(1);
  }
  fflush(NULL);
  pid = fork();
  if (pid == 0) child();
  waitpid(pid, &status, 0);
  if (!CHECK_INT(status, 0)) printf("  the child forked %s ended with status %d%s\n", when, status, status == 14 ? " (it hung)" : "");
  else if (read(pipe_ends[0], counts, sizeof counts) == sizeof counts) {
    __atomic_add_fetch(&check_passed, counts[0], __ATOMIC_RELAXED);
    __atomic_add_fetch(&check_failed, counts[1], __ATOMIC_RELAXED);
  }
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

static attune_study *busy;
static int done;
/* Asks and tells without end, so that locks are held when the fork happens. */
static void *keep_busy(void *data) {
  (void)data;
  while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) {
    attune_trial *trial = NULL;
    double one = 1;
    if (attune_study_ask(busy, &trial, NULL) != ATTUNE_OK) break;
    attune_study_tell(busy, trial, &one, 1, NULL, NULL);
    attune_trial_release(trial);
    /* Fewer trials keep the test small. */
    usleep(20);
  }
  return NULL;
}

static attune_status forks_inside(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)n, (void)data;
  fork_and_check("inside a callback");
  values[0] = 1;
  return ATTUNE_OK;
}

int main(void) {
  pthread_t threads[4];
  attune_objective *objective = NULL;
  attune_study *study;
  double x = 0;
  int i;
  alarm(300);
  attune_set_log(call_log, ATTUNE_LOG_OFF, NULL, NULL); /* dropping what is no handle warns */
  calls_prepare();
  fork_and_check("from a quiet process");

  busy = memory_study(line_json, "random");
  for (i = 0; i < 4; i++) pthread_create(&threads[i], NULL, keep_busy, NULL);
  for (i = 0; i < 10; i++) fork_and_check("while four threads ask and tell");
  __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
  for (i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  attune_study_close(busy);

  study = memory_study(line_json, "random");
  OK(attune_objective_from_callback(forks_inside, NULL, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 1);
  attune_objective_destroy(objective);
  attune_study_close(study);

  /* The parent does not notice. */
  OK(attune_trial_float(live.trial, "x", &x, &e));
  OK(attune_study_tell(live.study, live.trial, &x, 1, NULL, &e));
  calls_release();
  return check_done();
}

/* The log sink gets whole messages with level and component; nothing ever goes to standard output. */
#include "fixtures.h"

#include <fcntl.h>
#include <pthread.h>

static struct {
  int calls, inside, overlaps, below, newlines, destroyed, reentered;
  attune_log_level minimum;
  char all[65536];
} seen;

static void sink(attune_log_level level, const char *component, const char *message, void *data) {
  if (__atomic_exchange_n(&seen.inside, 1, __ATOMIC_SEQ_CST)) seen.overlaps++;
  seen.calls++;
  if (level < seen.minimum) seen.below++;
  if (!component || !message || !*message || message[strlen(message) - 1] == '\n') seen.newlines++;
  if (data != &seen) seen.newlines++;
  if (message && strlen(seen.all) + strlen(message) + 2 < sizeof seen.all) strcat(strcat(seen.all, message), "\n");
  __atomic_store_n(&seen.inside, 0, __ATOMIC_SEQ_CST);
}

static void note_destroyed(void *data) {
  if (data == &seen) __atomic_add_fetch(&seen.destroyed, 1, __ATOMIC_SEQ_CST);
}

/* Closing a study inside its own callback logs an error: a documented way to make the library speak. */
static attune_status close_own_study(attune_trial *trial, double *values, size_t n, void *study) {
  (void)trial, (void)n;
  attune_study_close(study);
  values[0] = 1;
  return ATTUNE_OK;
}

static void make_it_log(int n_trials, int n_jobs) {
  attune_study *study = memory_study(line_json, "random");
  attune_objective *objective = NULL;
  attune_options *options = options_of("{}");
  OK(attune_options_set_int(options, "n_jobs", n_jobs, &e));
  OK(attune_objective_from_callback(close_own_study, study, NULL, &objective, &e));
  OK(attune_study_optimize(study, objective, n_trials, 0, options, NULL, &e));
  CHECK_INT(attune_study_trial_count(study), n_trials);
  attune_options_destroy(options);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

/* What fn writes to a file descriptor, in bytes. */
static long bytes_written_to(int fd, void (*fn)(void)) {
  const char *path = temp_path("captured");
  int saved, file;
  long size;
  fflush(NULL);
  saved = dup(fd);
  file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  dup2(file, fd);
  fn();
  fflush(NULL);
  size = (long)lseek(file, 0, SEEK_END);
  dup2(saved, fd);
  close(saved);
  close(file);
  unlink(path);
  return size;
}

static void log_once(void) { make_it_log(1, 1); }

static void the_sink_gets_whole_messages(void) {
  seen.minimum = ATTUNE_LOG_TRACE;
  attune_set_log(sink, ATTUNE_LOG_TRACE, &seen, note_destroyed);
  make_it_log(3, 1);
  CHECK(seen.calls >= 3);
  CHECK_INT(seen.newlines, 0);
  CHECK_HAS(seen.all, "attune_study_close");
  CHECK_INT(seen.destroyed, 0);
}

static void the_minimum_level_is_kept(void) {
  seen.minimum = ATTUNE_LOG_ERROR;
  seen.calls = seen.below = 0;
  attune_set_log(sink, ATTUNE_LOG_ERROR, &seen, note_destroyed);
  CHECK_INT(seen.destroyed, 1); /* the first registration is let go exactly once */
  make_it_log(2, 1);
  CHECK_INT(seen.below, 0);
  CHECK(seen.calls >= 2);
  seen.calls = 0;
  attune_set_log(sink, ATTUNE_LOG_OFF, &seen, note_destroyed);
  CHECK_INT(seen.destroyed, 2);
  make_it_log(2, 1);
  CHECK_INT(seen.calls, 0);
}

static void messages_of_many_threads_never_overlap(void) {
  seen.minimum = ATTUNE_LOG_TRACE;
  seen.calls = 0;
  attune_set_log(sink, ATTUNE_LOG_TRACE, &seen, note_destroyed);
  make_it_log(200, 4);
  CHECK(seen.calls >= 200);
  CHECK_INT(seen.overlaps, 0);
}

static void calling_sink(attune_log_level level, const char *component, const char *message, void *data) {
  attune_space *space = NULL;
  (void)level, (void)component, (void)message, (void)data;
  seen.reentered++;
  if (attune_space_from_json(line_json, &space, NULL) == ATTUNE_OK && attune_space_count(space) == 1) seen.calls++;
  attune_space_destroy(space);
}

static void a_sink_may_call_the_library(void) {
  seen.calls = seen.reentered = 0;
  attune_set_log(calling_sink, ATTUNE_LOG_ERROR, NULL, NULL);
  make_it_log(1, 1);
  CHECK(seen.reentered >= 1);
  CHECK_INT(seen.calls, seen.reentered);
}

static void null_restores_the_default(void) {
  attune_set_log(NULL, ATTUNE_LOG_TRACE, NULL, NULL);
  CHECK(bytes_written_to(2, log_once) > 0);
  CHECK_INT(bytes_written_to(1, log_once), 0);
}

/* R6: a registration that cannot be made still lets go of its data. */
static void a_null_sink_lets_go_of_its_data_at_once(void) {
  seen.destroyed = 0;
  attune_set_log(NULL, ATTUNE_LOG_WARN, &seen, note_destroyed);
  attune_set_log(NULL, ATTUNE_LOG_WARN, NULL, NULL);
  CHECK_INT(seen.destroyed, 1);
}

/* Known-good values that cannot be used must not vanish without a word. */
static void an_enqueued_value_that_does_not_fit_is_told(void) {
  attune_study *study = NULL;
  attune_trial *trial;
  double x = 0;
  OK(attune_study_create(NULL, NULL, NULL, NULL, 0, "random", NULL, &study, &e));
  OK(attune_study_enqueue(study, "{\"x\": 5}", &e));
  seen.minimum = ATTUNE_LOG_WARN;
  seen.all[0] = 0;
  attune_set_log(sink, ATTUNE_LOG_WARN, &seen, NULL);
  trial = ask(study);
  OK(attune_trial_suggest_float(trial, "x", 0, 1, 0, 0, &x, &e));
  CHECK(x >= 0 && x <= 1);
  CHECK(strstr(seen.all, "\"x\": value is 5, wanted 0.0 to 1.0") != NULL);
  attune_set_log(NULL, ATTUNE_LOG_WARN, NULL, NULL);
  attune_trial_release(trial);
  attune_study_close(study);
}

static void odd_levels_are_harmless(void) {
  attune_set_log(sink, -2147483647 - 1, &seen, NULL);
  make_it_log(1, 1);
  seen.calls = 0;
  attune_set_log(sink, 2147483647, &seen, NULL);
  make_it_log(1, 1);
  CHECK_INT(seen.calls, 0);
  attune_set_log(NULL, ATTUNE_LOG_OFF, NULL, NULL);
}

int main(void) {
  alarm(300);
  the_sink_gets_whole_messages();
  the_minimum_level_is_kept();
  messages_of_many_threads_never_overlap();
  a_sink_may_call_the_library();
  null_restores_the_default();
  a_null_sink_lets_go_of_its_data_at_once();
  an_enqueued_value_that_does_not_fit_is_told();
  odd_levels_are_harmless();
  return check_done();
}

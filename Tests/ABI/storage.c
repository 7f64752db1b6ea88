/* Studies in a file: kept, opened again, shared, repaired. */
#include "fixtures.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void tell_some(attune_study *study, int n) {
  int i;
  for (i = 0; i < n; i++) {
    attune_trial *trial = ask(study);
    double x = 0;
    attune_trial_float(trial, "lr", &x, NULL);
    OK(attune_study_tell(study, trial, &x, 1, NULL, &e));
    attune_trial_release(trial);
  }
}

/* The parameters of the next n trials, joined; owned. */
static char *next_params(attune_study *study, int n) {
  char *all = calloc((size_t)n, 400);
  int i;
  for (i = 0; i < n; i++) {
    attune_trial *trial = ask(study);
    char *json = NULL;
    OK(attune_trial_params_json(trial, &json, &e));
    if (json) strncat(strcat(all, "\n"), json, 390);
    attune_string_free(json);
    attune_trial_release(trial);
  }
  return all;
}

static void a_reopened_study_goes_on_as_if_never_closed(void) {
  static const char *const strategies[] = {"random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian"};
  size_t s;
  for (s = 0; s < 7; s++) {
    const char *path = temp_path(strategies[s]);
    char file[600];
    attune_study *study, *memory = memory_study(mixed_json, strategies[s]), *again = NULL;
    char *a, *b, *json = NULL;
    snprintf(file, sizeof file, "%s.db", path);
    study = study_of(file, "kept", mixed_json, NULL, 0, strategies[s], "{\"seed\": 7}");
    tell_some(study, 10);
    tell_some(memory, 10);
    OK(attune_study_set_attribute(study, "owner", "\"ada\"", &e));
    OK(attune_study_enqueue(study, "{\"lr\": 0.0123}", &e));
    OK(attune_study_enqueue(memory, "{\"lr\": 0.0123}", &e));
    attune_study_close(study);
    OK(attune_study_open(file, "kept", NULL, NULL, &again, &e));
    CHECK_STRING(attune_study_name(again), "kept");
    CHECK_STRING(attune_study_strategy(again), strategies[s]);
    CHECK_INT(attune_study_seed(again), 7);
    CHECK_INT(attune_study_trial_count(again), 11); /* the enqueued one waits */
    CHECK_INT(count_states(again, COMPLETE_MASK), 10);
    OK(attune_study_get_attribute(again, "owner", &json, &e));
    CHECK_STRING(json, "\"ada\"");
    attune_string_free(json);
    a = next_params(memory, 10);
    b = next_params(again, 10);
    CHECK_STRING(b, a);
    CHECK_HAS(b, "0.0123");
    free(a);
    free(b);
    attune_study_close(again);
    attune_study_close(memory);
  }
}

static void names_and_options_decide_what_is_opened(void) {
  const char *file = temp_path("names.db");
  static const attune_direction maximize[] = {ATTUNE_MAXIMIZE};
  attune_study *one = study_of(file, "one", mixed_json, NULL, 0, "random", "{\"seed\": 1}"), *study = NULL;
  attune_space *same = space_of(mixed_json), *other = space_of(line_json);
  attune_options *load = options_of("{\"load_if_exists\": true}");
  char *json = NULL;
  OK(attune_study_open(file, NULL, NULL, NULL, &study, &e)); /* the only one there */
  CHECK_STRING(attune_study_name(study), "one");
  attune_study_close(study);
  FAILS(attune_study_create(file, "one", same, NULL, 0, "random", NULL, &study, &e), ATTUNE_E_ALREADY_EXISTS, "one");
  OK(attune_study_create(file, "one", same, NULL, 0, "random", load, &study, &e));
  CHECK_INT(attune_study_seed(study), 1);
  attune_study_close(study);
  FAILS(attune_study_create(file, "one", other, NULL, 0, "random", load, &study, &e), INVALID, "one");
  FAILS(attune_study_create(file, "one", same, maximize, 1, "random", load, &study, &e), INVALID, "one", "maximize", "minimize");
  OK(attune_study_create(file, "two", other, NULL, 0, "sobol", load, &study, &e));
  attune_study_close(study);
  FAILS(attune_study_open(file, NULL, NULL, NULL, &study, &e), ANY_ERROR, "one", "two"); /* which? */
  FAILS(attune_study_open(file, "tow", NULL, NULL, &study, &e), ATTUNE_E_NOT_FOUND, "tow", "names.db");
  FAILS(attune_study_open(temp_path("none.db"), "one", NULL, NULL, &study, &e), ATTUNE_E_NOT_FOUND, "none.db");
  CHECK(study == NULL);
  OK(attune_study_open(file, "two", "grid", NULL, &study, &e)); /* another strategy from here on */
  CHECK_STRING(attune_study_strategy(study), "grid");
  attune_study_close(study);
  FAILS(attune_study_open(file, "two", "grit", NULL, &study, &e), ATTUNE_E_NOT_FOUND, "grit", "grid");

  tell_some(one, 3);
  OK(attune_storage_studies(file, &json, &e));
  CHECK(json && json[0] == '[');
  CHECK_JSON(json, "\"name\":\"one\"");
  CHECK_JSON(json, "\"name\":\"two\"");
  CHECK_JSON(json, "\"trials\":3");
  CHECK_JSON(json, "\"directions\":[\"minimize\"]");
  CHECK_JSON(json, "\"best_value\":");
  CHECK_JSON(json, "\"created\":");
  attune_string_free(json);

  FAILS(attune_study_delete(file, "three", &e), ATTUNE_E_NOT_FOUND, "three");
  OK(attune_study_delete(file, "one", &e));
  FAILS(attune_study_delete(file, "one", &e), ATTUNE_E_NOT_FOUND, "one");
  {
    attune_trial *trial = NULL; /* open handles fail from then on */
    FAILS(attune_study_ask(one, &trial, &e), ANY_ERROR, "deleted");
  }
  OK(attune_storage_studies(file, &json, &e));
  CHECK(json && !strstr(json, "\"one\""));
  attune_string_free(json);
  attune_study_close(one);
  attune_options_destroy(load);
  attune_space_destroy(same);
  attune_space_destroy(other);
}

static void a_running_trial_is_resumed_after_a_restart(void) {
  const char *file = temp_path("resume.db");
  attune_study *study = study_of(file, "r", line_json, NULL, 0, "random", "{\"seed\": 1}");
  attune_trial *trial = ask(study);
  double before = 0, after = 1, one = 1;
  OK(attune_trial_float(trial, "x", &before, &e));
  OK(attune_trial_report(trial, 1, 0.5, &e));
  attune_trial_release(trial);
  attune_study_close(study);
  OK(attune_study_open(file, "r", NULL, NULL, &study, &e));
  OK(attune_study_resume_trial(study, 0, &trial, &e));
  OK(attune_trial_float(trial, "x", &after, &e));
  CHECK_DOUBLE(after, before);
  OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
  attune_trial_release(trial);
  attune_study_close(study);
}

static long file_size(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

static void copy_file(const char *from, const char *to, long cut) {
  static char bytes[1 << 22];
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  size_t n = in ? fread(bytes, 1, sizeof bytes, in) : 0;
  if (CHECK(in && out && n > (size_t)cut && n < sizeof bytes)) fwrite(bytes, 1, n - (size_t)cut, out);
  if (in) fclose(in);
  if (out) fclose(out);
}

/* As after a crash: what was being written is there in part, in the log beside the database. */
static void a_torn_log_is_repaired(void) {
  const char *const source = temp_path("torn.db");
  attune_study *whole = study_of(source, "t", mixed_json, NULL, 0, "random", "{\"seed\": 1}");
  char log[600];
  int cut;
  tell_some(whole, 10);
  snprintf(log, sizeof log, "%s-wal", source);
  for (cut = 1; cut < 5000; cut += 701) {
    char name[32], copied_log[600];
    const char *file;
    attune_study *study;
    attune_trial *trial;
    double one = 1;
    long told;
    snprintf(name, sizeof name, "torn%d.db", cut);
    file = temp_path(name);
    snprintf(copied_log, sizeof copied_log, "%s-wal", file);
    copy_file(source, file, 0);
    copy_file(log, copied_log, cut);
    if (!OK(attune_study_open(file, "t", NULL, NULL, &study, &e))) continue;
    told = count_states(study, COMPLETE_MASK);
    CHECK(told == 9); /* all or nothing of the last transaction */
    trial = ask(study); /* and writing to it works */
    OK(attune_study_tell(study, trial, &one, 1, NULL, &e));
    attune_trial_release(trial);
    attune_study_close(study);
    OK(attune_study_open(file, "t", NULL, NULL, &study, &e));
    CHECK_INT(count_states(study, COMPLETE_MASK), told + 1);
    attune_study_close(study);
  }
  attune_study_close(whole);
}

static void damage_is_an_error_with_the_file(void) {
  const char *file = temp_path("damaged.db");
  attune_study *study = study_of(file, "d", line_json, NULL, 0, "random", "{\"seed\": 1}");
  FILE *stream;
  long at;
  tell_some(study, 5);
  attune_study_close(study);
  stream = fopen(file, "r+");
  fseek(stream, 4096, SEEK_SET); /* the first page is the table of contents */
  for (at = 4096; at < file_size(file); at++) fputc(0xA5, stream);
  fclose(stream);
  FAILS(attune_study_open(file, "d", NULL, NULL, &study, &e), ATTUNE_E_STORAGE, "damaged.db", "damaged");
  stream = fopen(temp_path("text.db"), "w");
  fputs("this is not a study\nnor is this\n", stream);
  fclose(stream);
  FAILS(attune_study_open(temp_path("text.db"), NULL, NULL, NULL, &study, &e), ATTUNE_E_STORAGE, "text.db");
  stream = fopen(temp_path("empty.db"), "w");
  fclose(stream);
  FAILS(attune_study_open(temp_path("empty.db"), NULL, NULL, NULL, &study, &e), ATTUNE_E_NOT_FOUND, "empty.db");
  study = study_of(temp_path("empty.db"), "fresh", line_json, NULL, 0, "random", NULL); /* an empty file may be begun */
  attune_study_close(study);
}

/* Replaces the first `from` in a file by `to`, which is as long. */
static void replace_in_file(const char *path, const char *from, const char *to) {
  static char bytes[1 << 20];
  FILE *stream = fopen(path, "r+b");
  size_t n = stream ? fread(bytes, 1, sizeof bytes, stream) : 0, length = strlen(from), at;
  for (at = 0; at + length <= n && memcmp(bytes + at, from, length) != 0; at++) continue;
  if (CHECK(at + length <= n && strlen(to) == length)) {
    fseek(stream, (long)at, SEEK_SET);
    fwrite(to, 1, length, stream);
  }
  if (stream) fclose(stream);
}

static void records_that_cannot_be_are_errors(void) {
  static const char *const finishes[] = {"[]   ", "[1,2]", "null ", "\"x\"  ", "[[1]]"};
  size_t i;
  for (i = 0; i < sizeof finishes / sizeof finishes[0]; i++) {
    char name[32];
    const char *file;
    attune_study *study;
    attune_trial *trial;
    double value = 0.5;
    snprintf(name, sizeof name, "record%d.db", (int)i);
    file = temp_path(name);
    study = study_of(file, "r", line_json, NULL, 0, "random", "{\"seed\": 1}");
    trial = ask(study);
    OK(attune_study_tell(study, trial, &value, 1, NULL, &e));
    attune_trial_release(trial);
    attune_study_close(study);
    replace_in_file(file, "[0.5]", finishes[i]);
    if (!FAILS(attune_study_open(file, "r", NULL, NULL, &study, &e), ATTUNE_E_STORAGE, "")) printf("  with %s\n", finishes[i]);
    attune_study_close(study);
  }
}

/* A process of its own: opens the study and tells n trials. Started by exec, never by fork alone. */
static pid_t start_worker(const char *self, const char *file, int n) {
  char count[16];
  pid_t pid;
  snprintf(count, sizeof count, "%d", n);
  fflush(NULL);
  pid = fork();
  if (pid == 0) {
    execl(self, self, "--worker", file, count, (char *)NULL);
    _exit(127);
  }
  return pid;
}

static int work_in_process(const char *file, int n) {
  attune_study *study = NULL;
  attune_error *error = NULL;
  int i;
  if (attune_study_open(file, "shared", NULL, NULL, &study, &error) != ATTUNE_OK) {
    printf("worker: open: %s\n", attune_error_message(error));
    return 2;
  }
  for (i = 0; i < n; i++) {
    attune_trial *trial = NULL;
    double value = 0;
    if (attune_study_ask(study, &trial, &error) != ATTUNE_OK || attune_trial_float(trial, "x", &value, &error) != ATTUNE_OK ||
        attune_study_tell(study, trial, &value, 1, NULL, &error) != ATTUNE_OK) {
      printf("worker: %s\n", attune_error_message(error));
      return 3;
    }
    attune_trial_release(trial);
  }
  attune_study_close(study);
  return 0;
}

static void processes_share_a_file(const char *self) {
  enum { WORKERS = 3, EACH = 50 };
  const char *file = temp_path("shared.db");
  attune_study *study = study_of(file, "shared", line_json, NULL, 0, "random", "{\"seed\": 3}");
  attune_study *alone = study_of(NULL, NULL, line_json, NULL, 0, "random", "{\"seed\": 3}");
  attune_trials *ts = NULL, *want = NULL;
  pid_t pids[WORKERS];
  double got[WORKERS * EACH], expected[WORKERS * EACH];
  int i, status, different = 0;
  for (i = 0; i < WORKERS; i++) pids[i] = start_worker(self, file, EACH);
  for (i = 0; i < WORKERS; i++) {
    status = -1;
    waitpid(pids[i], &status, 0);
    CHECK_INT(status, 0);
  }
  OK(attune_study_trials(study, COMPLETE_MASK, &ts, &e)); /* the open handle sees what others told */
  CHECK_INT(attune_trials_count(ts), WORKERS * EACH);
  for (i = 0; i < WORKERS * EACH; i++) {
    int64_t number = -1;
    attune_trials_number(ts, (size_t)i, &number, NULL);
    CHECK_INT(number, i); /* every number once */
    attune_trial_release(ask(alone));
  }
  OK(attune_study_trials(alone, 0, &want, &e));
  OK(attune_trials_copy_params(want, expected, WORKERS * EACH, NULL, &e));
  if (OK(attune_trials_copy_params(ts, got, WORKERS * EACH, NULL, &e)))
    for (i = 0; i < WORKERS * EACH; i++) different += got[i] != expected[i];
  CHECK_INT(different, 0); /* the same trials as one process alone */
  attune_trials_destroy(ts);
  attune_trials_destroy(want);
  attune_study_close(study);
  attune_study_close(alone);
}

static void a_killed_process_leaves_a_file_that_opens(const char *self) {
  const char *file = temp_path("killed.db");
  attune_study *study = study_of(file, "shared", line_json, NULL, 0, "random", "{\"seed\": 3}");
  int i;
  attune_study_close(study);
  for (i = 0; i < 5; i++) {
    pid_t pid = start_worker(self, file, 1000000);
    int status;
    usleep(60000 + 7000 * (useconds_t)i);
    kill(pid, 9);
    waitpid(pid, &status, 0);
    if (OK(attune_study_open(file, "shared", NULL, NULL, &study, &e))) {
      tell_some(study, 1);
      attune_study_close(study);
    }
  }
}

static int ask_and_die(const char *file) {
  attune_study *study = NULL;
  int i;
  if (!OK(attune_study_open(file, "shared", NULL, NULL, &study, &e))) return 1;
  for (i = 0; i < 3; i++) ask(study);
  return kill(getpid(), SIGKILL);
}

static void trials_of_the_dead_go_on(const char *self) {
  const char *file = temp_path("dead.db");
  attune_study *study = study_of(file, "shared", line_json, NULL, 0, "random", "{\"seed\": 3}");
  attune_study *alone = study_of(NULL, "shared", line_json, NULL, 0, "random", "{\"seed\": 3}");
  int i, status = 0;
  pid_t pid;
  attune_study_close(study);
  fflush(NULL);
  pid = fork();
  if (pid == 0) {
    execl(self, self, "--die", file, (char *)NULL);
    _exit(127);
  }
  waitpid(pid, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  if (!OK(attune_study_open(file, "shared", NULL, NULL, &study, &e))) return;
  CHECK_INT(count_states(study, RUNNING_MASK), 3);
  for (i = 0; i < 4; i++) { /* its three, and a new one */
    attune_trial *trial = ask(study), *same = ask(alone);
    double x = 0, want = -1;
    OK(attune_trial_float(trial, "x", &x, &e));
    OK(attune_trial_float(same, "x", &want, &e));
    CHECK_DOUBLE(x, want);
    OK(attune_study_tell(study, trial, &x, 1, NULL, &e));
    attune_trial_release(trial);
    attune_trial_release(same);
  }
  CHECK_INT(attune_study_trial_count(study), 4);
  attune_study_close(study);
  attune_study_close(alone);
}

static void a_full_disk_or_forbidden_file_is_an_error(void) {
  attune_study *study = NULL;
  attune_space *space = space_of(line_json);
  FAILS(attune_study_create("/proc/attune.db", NULL, space, NULL, 0, NULL, NULL, &study, &e), ANY_ERROR, "/proc/attune.db");
  FAILS(attune_study_create("/no/such/dir/a.db", NULL, space, NULL, 0, NULL, NULL, &study, &e), ATTUNE_E_IO, "/no/such/dir");
  attune_space_destroy(space);
}

static void nulls_are_refused(void) {
  attune_study *study = NULL;
  char *json = NULL;
  FAILS(attune_study_open(temp_path("names.db"), "two", NULL, NULL, NULL, &e), INVALID, "out");
  FAILS(attune_study_open(not_utf8[0], "two", NULL, NULL, &study, &e), INVALID, "UTF-8");
  FAILS(attune_study_delete(temp_path("names.db"), NULL, &e), INVALID, "name");
  FAILS(attune_study_delete(not_utf8[0], "x", &e), INVALID, "UTF-8");
  FAILS(attune_storage_studies(temp_path("names.db"), NULL, &e), INVALID, "out");
  FAILS(attune_storage_studies(temp_path("none.db"), &json, &e), ATTUNE_E_NOT_FOUND, "none.db");
  FAILS(attune_storage_studies(not_utf8[0], &json, &e), INVALID, "UTF-8");
}

static void an_import_is_kept_in_a_file(void) {
  attune_study *source = memory_study(mixed_json, "random"), *study = NULL;
  const char *file = temp_path("imported.db");
  char *json = NULL, *again = NULL;
  tell_some(source, 5);
  OK(attune_study_export_json(source, &json, &e));
  OK(attune_study_import_json(file, "copy", json, &study, &e));
  attune_study_close(study);
  FAILS(attune_study_import_json(file, "copy", json, &study, &e), ATTUNE_E_ALREADY_EXISTS, "copy");
  OK(attune_study_open(file, "copy", NULL, NULL, &study, &e));
  CHECK_INT(count_states(study, COMPLETE_MASK), 5);
  OK(attune_study_export_json(study, &again, &e));
  attune_string_free(json);
  attune_string_free(again);
  attune_study_close(study);
  attune_study_close(source);
}

int main(int argc, char **argv) {
  alarm(300);
  if (argc == 4 && strcmp(argv[1], "--worker") == 0) return work_in_process(argv[2], atoi(argv[3]));
  if (argc == 3 && strcmp(argv[1], "--die") == 0) return ask_and_die(argv[2]);
  a_reopened_study_goes_on_as_if_never_closed();
  names_and_options_decide_what_is_opened();
  a_running_trial_is_resumed_after_a_restart();
  a_torn_log_is_repaired();
  damage_is_an_error_with_the_file();
  records_that_cannot_be_are_errors();
  processes_share_a_file(argv[0]);
  a_killed_process_leaves_a_file_that_opens(argv[0]);
  trials_of_the_dead_go_on(argv[0]);
  a_full_disk_or_forbidden_file_is_an_error();
  an_import_is_kept_in_a_file();
  nulls_are_refused();
  return check_done();
}

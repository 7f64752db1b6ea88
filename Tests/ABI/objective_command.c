/* Any program as objective, once a trial. */
#include "fixtures.h"

#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One trial of the space {"X": 0.25, "mode": "fast"}; its JSON, owned. */
static char *run_command(const char *const *argv, size_t n, const char *options_json, double *value) {
  static const char *const space = "{\"X\": {\"type\": \"fixed\", \"value\": 0.25},"
                                   " \"mode\": {\"type\": \"categorical\", \"choices\": [\"fast\"]}}";
  attune_study *study = memory_study(space, "random");
  attune_options *options = options_json ? options_of(options_json) : NULL;
  attune_objective *objective = NULL;
  attune_trials *ts = NULL;
  char *json = NULL;
  *value = NAN;
  OK(attune_objective_from_command(argv, n, options, &objective, &e));
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  OK(attune_study_trials(study, 0, &ts, &e));
  attune_trials_value(ts, 0, 0, value, NULL);
  OK(attune_trials_json(ts, 0, &json, &e));
  attune_trials_destroy(ts);
  attune_objective_destroy(objective);
  attune_options_destroy(options);
  attune_study_close(study);
  return json;
}

static void value_is(double want, const char *script) {
  const char *const argv[] = {"/bin/sh", "-c", script};
  double value;
  char *json = run_command(argv, 3, NULL, &value);
  if (!CHECK_DOUBLE(value, want)) printf("  with %s: %s\n", script, json);
  attune_string_free(json);
}

static void the_value_is_the_last_line(void) {
  value_is(0.5, "echo 0.5");
  value_is(0.5, "echo loading; echo 3; echo 0.5");
  value_is(0.5, "echo cost=0.5");
  value_is(0.5, "echo '{\"value\": 0.5}'");
  value_is(-1e-7, "echo -1e-7");
  value_is(0.5, "printf 0.5"); /* without a newline */
  value_is(INFINITY, "echo inf");
}

static void parameters_come_in_three_ways(void) {
  const char *const templated[] = {"/bin/sh", "-c", "test \"$0\" = --mode=fast && echo \"$1\"", "--mode={mode}", "{X}"};
  double value;
  char *json = run_command(templated, 5, NULL, &value);
  CHECK_DOUBLE(value, 0.25);
  attune_string_free(json);
  value_is(0.25, "echo $ATTUNE_PARAM_X");
  value_is(7, "read line; case \"$line\" in *'\"X\"'*0.25*) echo 7;; *) echo 8;; esac");
  value_is(0, "echo $ATTUNE_TRIAL_NUMBER");
}

static void fails_with(const char *script, const char *a, const char *b) {
  const char *const argv[] = {"/bin/sh", "-c", script};
  double value;
  char *json = run_command(argv, 3, NULL, &value);
  CHECK_JSON(json, "\"state\":\"FAIL\"");
  if (!CHECK_HAS(json, a) || !CHECK_HAS(json, b)) printf("  with %s\n", script);
  attune_string_free(json);
}

static void failures_keep_status_and_the_tail_of_stderr(void) {
  fails_with("echo 0.5; echo out of coffee >&2; exit 3", "3", "out of coffee");
  fails_with("echo no number here", "no number here", "");
  fails_with("true", "", "");
  fails_with("kill -9 $$", "9", "");
  fails_with("echo nan", "NaN", "");
}

static void a_timeout_ends_the_command(void) {
  const char *const argv[] = {"/bin/sh", "-c", "sleep 30; echo 1"};
  double value, start = now();
  char *json = run_command(argv, 3, "{\"timeout\": 0.3}", &value);
  CHECK(now() - start < 10);
  CHECK_JSON(json, "\"state\":\"FAIL\"");
  CHECK_HAS(json, "0.3");
  attune_string_free(json);
}

static void a_shell_reads_one_line_on_request(void) {
  const char *const argv[] = {"echo $((1 + 2))"};
  double value;
  char *json = run_command(argv, 1, "{\"shell\": true}", &value);
  if (!CHECK_DOUBLE(value, 3)) printf("  %s\n", json);
  attune_string_free(json);
}

static void much_output_does_not_block(void) {
  value_is(4, "i=0; while [ $i -lt 20000 ]; do echo line $i of a long log; echo noise >&2; i=$((i+1)); done; echo 4");
}

static void a_command_that_reads_nothing_is_fine(void) { value_is(2, "exec <&-; echo 2"); }

static void bad_commands_are_refused(void) {
  const char *const good[] = {"echo", "1"}, *const hole[] = {"echo", NULL}, *const broken[] = {"echo", not_utf8[0]};
  const char *const missing[] = {"/no/such/program"}, *const unknown[] = {"echo", "{nobody}"};
  attune_objective *objective = (attune_objective *)(void *)&good;
  attune_study *study = memory_study(line_json, "random");
  attune_options *wrong = options_of("{\"timeuot\": 1}"), *negative = options_of("{\"timeout\": -1}");
  attune_status status;
  FAILS(attune_objective_from_command(good, 0, NULL, &objective, &e), INVALID, "");
  CHECK(objective == NULL);
  FAILS(attune_objective_from_command(NULL, 1, NULL, &objective, &e), INVALID, "argv");
  FAILS(attune_objective_from_command(hole, 2, NULL, &objective, &e), INVALID, "1");
  FAILS(attune_objective_from_command(broken, 2, NULL, &objective, &e), INVALID, "UTF-8");
  FAILS(attune_objective_from_command(good, (size_t)-1, NULL, &objective, &e), INVALID, "");
  FAILS(attune_objective_from_command(good, 2, NULL, NULL, &e), INVALID, "out");
  FAILS(attune_objective_from_command(good, 2, wrong, &objective, &e), INVALID, "timeuot", "timeout");
  FAILS(attune_objective_from_command(good, 2, negative, &objective, &e), INVALID, "timeout", "-1");
  attune_options_destroy(wrong);
  attune_options_destroy(negative);
  /* A template the space lacks is found before the first run. */
  status = attune_objective_from_command(unknown, 2, NULL, &objective, NULL);
  CHECK_INT(status, ATTUNE_OK);
  FAILS(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, "nobody");
  attune_objective_destroy(objective);
  /* A program that is not there is named, at once or as the failure of the trial. */
  e = NULL;
  status = attune_objective_from_command(missing, 1, NULL, &objective, &e);
  if (status == ATTUNE_OK) {
    e = NULL;
    status = attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e);
    if (status == ATTUNE_OK) {
      char *json = trial_json(study, 0);
      CHECK_HAS(json, "/no/such/program");
      CHECK_JSON(json, "\"state\":\"FAIL\"");
      attune_string_free(json);
    }
  }
  if (status != ATTUNE_OK) {
    CHECK_HAS(attune_error_message(e), "/no/such/program");
    attune_error_free(e);
  }
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void a_command_is_described(void) {
  const char *const argv[] = {"/bin/echo", "1"};
  attune_objective *objective = NULL;
  char *json = NULL;
  OK(attune_objective_from_command(argv, 2, NULL, &objective, &e));
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_JSON(json, "\"kind\":\"command\"");
  CHECK_HAS(json, "echo");
  attune_string_free(json);
  attune_objective_destroy(objective);
}

int main(void) {
  alarm(300);
  the_value_is_the_last_line();
  parameters_come_in_three_ways();
  failures_keep_status_and_the_tail_of_stderr();
  a_timeout_ends_the_command();
  a_shell_reads_one_line_on_request();
  much_output_does_not_block();
  a_command_that_reads_nothing_is_fine();
  bad_commands_are_refused();
  a_command_is_described();
  return check_done();
}

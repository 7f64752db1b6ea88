/* fixtures.h - spaces and studies that many tests start from. Each ends the test when it cannot be made. */
#ifndef FIXTURES_H
#define FIXTURES_H

#include "check.h"

#include <unistd.h>

static CHECK_UNUSED void fixture_need(attune_status status, const char *what) {
  if (status == ATTUNE_OK) return;
  printf("fixture: %s: %s: %s\n", what, attune_status_name(status), e ? attune_error_message(e) : "");
  check_count(0);
  exit(check_done());
}

/* Every kind, a log scale, a step, a condition. */
static const char *const mixed_json CHECK_UNUSED =
    "{\"lr\": {\"type\": \"float\", \"low\": 1e-5, \"high\": 0.1, \"log\": true},"
    " \"layers\": {\"type\": \"int\", \"low\": 1, \"high\": 8},"
    " \"kernel\": {\"type\": \"categorical\", \"choices\": [\"rbf\", \"poly\", \"linear\"]},"
    " \"degree\": {\"type\": \"int\", \"low\": 2, \"high\": 5, \"when\": {\"kernel\": [\"poly\"]}},"
    " \"momentum\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"step\": 0.25},"
    " \"tol\": {\"type\": \"fixed\", \"value\": 0.001}}";
enum { MIXED_LR, MIXED_LAYERS, MIXED_KERNEL, MIXED_DEGREE, MIXED_MOMENTUM, MIXED_TOL, MIXED_COUNT };

/* One float x in 0...1. */
static const char *const line_json CHECK_UNUSED = "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}";
/* Four points. */
static const char *const finite_json CHECK_UNUSED =
    "{\"a\": {\"type\": \"int\", \"low\": 0, \"high\": 1}, \"b\": {\"type\": \"categorical\", \"choices\": [\"u\", \"v\"]}}";

static CHECK_UNUSED attune_space *space_of(const char *json) {
  attune_space *space = NULL;
  e = NULL;
  fixture_need(attune_space_from_json(json, &space, &e), "space");
  return space;
}

static CHECK_UNUSED attune_options *options_of(const char *json) {
  attune_options *options = NULL;
  e = NULL;
  fixture_need(attune_options_from_json(json, &options, &e), "options");
  return options;
}

/* space_json NULL: define-by-run. options_json may be NULL. */
static CHECK_UNUSED attune_study *study_of(const char *storage, const char *name, const char *space_json,
                                           const attune_direction *directions, size_t n_directions, const char *strategy,
                                           const char *options_json) {
  attune_space *space = space_json ? space_of(space_json) : NULL;
  attune_options *options = options_json ? options_of(options_json) : NULL;
  attune_study *study = NULL;
  e = NULL;
  fixture_need(attune_study_create(storage, name, space, directions, n_directions, strategy, options, &study, &e), "study");
  attune_space_destroy(space);
  attune_options_destroy(options);
  return study;
}

static CHECK_UNUSED attune_study *memory_study(const char *space_json, const char *strategy) {
  return study_of(NULL, NULL, space_json, NULL, 0, strategy, "{\"seed\": 7}");
}

static CHECK_UNUSED attune_trial *ask(attune_study *study) {
  attune_trial *trial = NULL;
  e = NULL;
  fixture_need(attune_study_ask(study, &trial, &e), "ask");
  return trial;
}

/* Asks until the categorical `name` is `choice`; tells the others 1. */
static CHECK_UNUSED attune_trial *ask_until(attune_study *study, const char *name, const char *choice) {
  int i;
  for (i = 0; i < 1000; i++) {
    attune_trial *trial = ask(study);
    const char *text = NULL;
    double one = 1;
    fixture_need(attune_trial_choice(trial, name, &text, &e), "choice");
    if (strcmp(text, choice) == 0) return trial;
    fixture_need(attune_study_tell(study, trial, &one, 1, NULL, &e), "tell");
    attune_trial_release(trial);
  }
  printf("fixture: no trial with %s = %s in 1000\n", name, choice);
  check_count(0);
  exit(check_done());
}

/* Number of trials in any of the states of the mask. */
static CHECK_UNUSED long count_states(attune_study *study, uint32_t mask) {
  attune_trials *ts = NULL;
  long n;
  if (attune_study_trials(study, mask, &ts, NULL) != ATTUNE_OK) return -1;
  n = (long)attune_trials_count(ts);
  attune_trials_destroy(ts);
  return n;
}
#define COMPLETE_MASK (1u << ATTUNE_TRIAL_COMPLETE)
#define PRUNED_MASK (1u << ATTUNE_TRIAL_PRUNED)
#define FAIL_MASK (1u << ATTUNE_TRIAL_FAIL)
#define RUNNING_MASK (1u << ATTUNE_TRIAL_RUNNING)

/* JSON of trial i; owned. */
static CHECK_UNUSED char *trial_json(attune_study *study, size_t i) {
  attune_trials *ts = NULL;
  char *json = NULL;
  e = NULL;
  fixture_need(attune_study_trials(study, 0, &ts, &e), "trials");
  fixture_need(attune_trials_json(ts, i, &json, &e), "trial json");
  attune_trials_destroy(ts);
  return json;
}

/* A fresh folder for the files of this test, of this process's own. */
static CHECK_UNUSED const char *temp_folder(void) {
  static char folder[512];
  if (!folder[0]) {
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/attune-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(folder)) {
      perror("mkdtemp");
      exit(1);
    }
  }
  return folder;
}

static CHECK_UNUSED const char *temp_path(const char *name) {
  static char paths[16][600];
  static int next;
  char *path = paths[next++ % 16];
  snprintf(path, sizeof paths[0], "%s/%s", temp_folder(), name);
  return path;
}

/* Text that is not UTF-8, in four ways. */
static const char *const not_utf8[] CHECK_UNUSED = {"\xff", "ab\xe2\x82", "\xed\xa0\x80", "\xc0\x80"};
enum { NOT_UTF8_COUNT = 4 };

#endif

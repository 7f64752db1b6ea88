/* Handles that are NULL, freed, of another kind or made up are INVALID_ARGUMENT everywhere, never a crash. */
#include "calls.h"

enum { BAD_MOST = 64 };
static void *bad[BAD_MOST];
static const char *bad_names[BAD_MOST];
static int n_bad, this_bad;

static void add_bad(void *handle, const char *name) {
  if (n_bad < BAD_MOST) {
    bad[n_bad] = handle;
    bad_names[n_bad++] = name;
  }
}

static char on_stack_like[64];
/* All that is no handle, apart from the kinds. `live_one` is a live handle of the kind under test. */
static void collect(void *live_one, void *freed, int with_null) {
  uintptr_t bits = (uintptr_t)live_one;
  static char *heap;
  int i;
  if (!heap) heap = calloc(1, 256);
  n_bad = 0;
  if (with_null) add_bad(NULL, "NULL");
  add_bad(freed, "freed");
  add_bad((void *)1, "1");
  add_bad((void *)8, "8");
  add_bad((void *)UINTPTR_MAX, "all bits set");
  add_bad((void *)(UINTPTR_MAX >> 1), "largest positive");
  add_bad((void *)((UINTPTR_MAX >> 1) + 1), "top bit");
  add_bad((void *)0xdeadbeefcafebabe, "0xdeadbeefcafebabe");
  add_bad(on_stack_like, "data of the program");
  add_bad(heap, "memory of the heap");
  add_bad((void *)(uintptr_t)&collect, "code");
  add_bad((void *)(bits + 1), "a live one plus 1");
  add_bad((void *)(bits - 1), "a live one minus 1");
  for (i = 4; i < 64; i += 3) add_bad((void *)(bits ^ ((uintptr_t)1 << i)), "a live one with a bit flipped");
}

static void collect_kinds(void *but) {
  void *kinds[] = {live.study, live.trial, live.space, live.options, live.objective, live.trials, live.error};
  static const char *const names[] = {"a study", "a trial", "a space", "options", "an objective", "trials", "an error"};
  size_t i;
  for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (kinds[i] != but) add_bad(kinds[i], names[i]);
}

static void told(int holds) {
  if (!holds) printf("  with the handle %s\n", bad_names[this_bad]);
}

#define STATUS(call) \
  for (this_bad = 0; this_bad < n_bad; this_bad++) { \
    void *h = bad[this_bad]; \
    told(FAILS(call, INVALID, "")); \
  }
#define VALUE(call, none) \
  for (this_bad = 0; this_bad < n_bad; this_bad++) { \
    void *h = bad[this_bad]; \
    told(CHECK_INT(call, none)); \
  }
#define DROP(call) \
  for (this_bad = 0; this_bad < n_bad; this_bad++) { \
    void *h = bad[this_bad]; \
    call; \
    check_count(1); \
  }

int main(void) {
  attune_study *study = memory_study(line_json, "random");
  attune_trial *trial = ask(study);
  attune_space *space = space_of("{}");
  attune_options *options = options_of("{}");
  attune_objective *objective = NULL;
  attune_trials *trials = NULL;
  attune_error *error = NULL;
  double x = 0;
  alarm(300);
  attune_set_log(call_log, ATTUNE_LOG_OFF, NULL, NULL); /* dropping what is no handle warns */
  OK(attune_objective_from_callback(call_objective, NULL, NULL, &objective, &e));
  OK(attune_study_trials(study, 0, &trials, &e));
  attune_space_add_float(space, "", 0, 1, 0, 0, &error);
  attune_trials_destroy(trials);
  attune_objective_destroy(objective);
  attune_options_destroy(options);
  attune_trial_release(trial);
  attune_space_destroy(space);
  attune_study_close(study);
  attune_error_free(error);
  calls_prepare(); /* takes the slots of the freed ones again */

  collect(live.study, study, 1);
  collect_kinds(live.study);
  STUDY_CALLS(STATUS, VALUE, DROP)
  collect(live.trial, trial, 1);
  collect_kinds(live.trial);
  TRIAL_CALLS(STATUS, VALUE, DROP)
  collect(live.space, space, 1);
  collect_kinds(live.space);
  SPACE_CALLS(STATUS, VALUE, DROP)
  collect(live.options, options, 1);
  collect_kinds(live.options);
  OPTIONS_CALLS(STATUS, VALUE, DROP)
  collect(live.objective, objective, 1);
  collect_kinds(live.objective);
  OBJECTIVE_CALLS(STATUS, VALUE, DROP)
  collect(live.trials, trials, 1);
  collect_kinds(live.trials);
  TRIALS_CALLS(STATUS, VALUE, DROP)
  collect(live.error, error, 1);
  collect_kinds(live.error);
  ERROR_CALLS(STATUS, VALUE, DROP)
  for (this_bad = 0; this_bad < n_bad; this_bad++) {
    told(CHECK(attune_error_message(bad[this_bad]) != NULL));
    told(CHECK_STRING(attune_error_subject(bad[this_bad]), ""));
  }

  /* Where NULL is allowed, anything else that is no handle is still refused. */
  collect(live.options, options, 0);
  collect_kinds(live.options);
  OPTIONAL_OPTIONS_CALLS(STATUS, VALUE, DROP)
  collect(live.space, space, 0);
  collect_kinds(live.space);
  OPTIONAL_SPACE_CALLS(STATUS, VALUE, DROP)

  /* None of it hurt the live ones. */
  CHECK_INT(attune_study_trial_count(live.study), 1);
  OK(attune_trial_float(live.trial, "x", &x, &e));
  CHECK_INT(attune_space_count(live.space), 1);
  OK(attune_options_set_int(live.options, "seed", 2, &e));
  CHECK_INT(attune_trials_count(live.trials), 1);
  CHECK_INT(attune_error_status(live.error), INVALID);
  OK(attune_study_optimize(live.study, live.objective, 1, 0, NULL, NULL, &e));
  calls_release();
  return check_done();
}

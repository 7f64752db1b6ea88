/* callback.c - Attune runs the loop and calls your function, here on two threads, with a line of progress.
 *
 *   cc callback.c $(pkg-config --cflags --libs attune) -lm -o callback && ./callback
 */
#include <attune.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "attune: %s\n", attune_error_message(err));
  attune_error_free(err);
  exit(1);
}

/* Rosenbrock's valley, whose lowest point is 0 at (1, 1). Called from several threads at once: it shares nothing.
 * The range of each parameter is said where it is used ("define-by-run"), so no space is declared anywhere. */
static attune_status rosenbrock(attune_trial *trial, double *values, size_t n_values, void *user_data) {
  double x, y;
  attune_status status;
  (void)n_values, (void)user_data;
  status = attune_trial_suggest_float(trial, "x", -2, 2, 0, 0, &x, NULL);
  if (status == ATTUNE_OK) status = attune_trial_suggest_float(trial, "y", -1, 3, 0, 0, &y, NULL);
  if (status != ATTUNE_OK) return status; /* a negative status makes the trial FAIL; the run goes on */
  if (attune_trial_should_stop(trial)) return ATTUNE_PRUNED; /* long evaluations ask this now and then */
  values[0] = pow(1 - x, 2) + 100 * pow(y - x * x, 2);
  return ATTUNE_OK;
}

struct best { double value; int64_t number; };

/* After every trial, one call at a time. Returning non-zero would end the run. */
static int32_t show(attune_study *study, int64_t number, attune_trial_state state, const double *values, size_t n_values,
                    void *user_data) {
  struct best *best = user_data;
  (void)study;
  if (state == ATTUNE_TRIAL_COMPLETE && n_values == 1 && values[0] < best->value) {
    best->value = values[0];
    best->number = number;
    printf("trial %5lld: %g\n", (long long)number, values[0]);
  }
  return 0;
}

int main(void) {
  struct best best = {INFINITY, -1};
  attune_error *err = NULL;
  attune_study *study = NULL;
  attune_objective *objective = NULL;
  attune_options *study_options = NULL, *run_options = NULL;
  const char *reason = NULL;

  /* The same seed gives the same trials again. */
  need(attune_options_from_json("{\"seed\": 42}", &study_options, &err), err);
  need(attune_study_create(NULL, "rosenbrock", NULL, NULL, 0, "random", study_options, &study, &err), err);
  need(attune_study_set_progress(study, show, &best, NULL, &err), err);

  /* The destroy argument (NULL here) would free user data when Attune lets go of the callback. */
  need(attune_objective_from_callback(rosenbrock, NULL, NULL, &objective, &err), err);
  need(attune_options_create(&run_options, &err), err);
  need(attune_options_set_int(run_options, "n_jobs", 2, &err), err);

  /* 2000 trials, or 10 seconds, whatever ends first. */
  need(attune_study_optimize(study, objective, 2000, 10.0, run_options, &reason, &err), err);
  printf("ended by %s; best is trial %lld with %g\n", reason, (long long)best.number, best.value);

  attune_options_destroy(run_options);
  attune_options_destroy(study_options);
  attune_objective_destroy(objective);
  attune_study_close(study);
  return 0;
}

/* host.c - a program that uses the installed library: tunes a callback and a native function. */
#include <attune.h>
#include <attune_plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "host: %s\n", attune_error_message(err));
  exit(1);
}

static attune_status square(attune_trial *trial, double *values, size_t n_values, void *user_data) {
  double x = 0;
  attune_status status = attune_trial_float(trial, "x", &x, NULL);
  (void)n_values, (void)user_data;
  values[0] = x * x;
  return status;
}

/* The smallest value that 64 trials of the objective give. */
static double best(const attune_space *space, attune_objective *objective) {
  attune_error *err = NULL;
  attune_study *study = NULL;
  attune_trials *trials = NULL;
  double value = NAN;
  need(attune_study_create(NULL, NULL, space, NULL, 0, NULL, NULL, &study, &err), err);
  need(attune_study_optimize(study, objective, 64, 0, NULL, NULL, &err), err);
  need(attune_study_best_trials(study, &trials, &err), err);
  need(attune_trials_value(trials, 0, 0, &value, &err), err);
  attune_trials_destroy(trials);
  attune_study_close(study);
  attune_objective_destroy(objective);
  return value;
}

int main(void) {
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_objective *callback = NULL, *native = NULL;
  double lowest, cosine;
  if (attune_abi_version() != ATTUNE_ABI_VERSION || attune_version() != ATTUNE_VERSION_NUMBER) {
    fprintf(stderr, "host: header %d, library %d\n", ATTUNE_VERSION_NUMBER, attune_version());
    return 1;
  }
  need(attune_space_create(&space, &err), err);
  need(attune_space_add_float(space, "x", -4, 4, 0, 0, &err), err);
  need(attune_objective_from_callback(square, NULL, NULL, &callback, &err), err);
  need(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", NULL, &native, &err), err);
  lowest = best(space, callback);
  cosine = best(space, native);
  attune_space_destroy(space);
  printf("%s: %g %g\n", attune_version_string(), lowest, cosine);
  return lowest >= 0 && lowest < 0.5 && cosine >= -1 && cosine < -0.9 ? 0 : 1;
}

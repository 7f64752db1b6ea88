/* cmaes_speed.c - what ask and tell of the strategy cmaes cost through the C ABI, for cmaes_speed.py.
 *
 * usage: cmaes_speed DIMENSIONS TRIALS SEED
 * Prints microseconds of processor time a trial: ask, reading the parameters, tell and release. The objective, an
 * ellipsoid whose longest axis is 30 times the shortest, is measured by itself and taken off.
 */
#include <attune.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LARGEST 100

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "cmaes_speed: %s\n", attune_error_message(err));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double factors[LARGEST];

static double ellipsoid(const double *x, int dimensions) {
  double sum = 0;
  int i;
  for (i = 0; i < dimensions; i++) sum += factors[i] * (x[i] - 1.3) * (x[i] - 1.3);
  return sum;
}

int main(int argc, char **argv) {
  int dimensions = argc > 1 ? atoi(argv[1]) : 20, i;
  long trials = argc > 2 ? atol(argv[2]) : 20000, k;
  long long seed = argc > 3 ? atoll(argv[3]) : 1;
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_options *options = NULL;
  attune_study *study = NULL;
  double params[LARGEST], value, start, whole, objective, best = HUGE_VAL;
  volatile double sum = 0;
  if (dimensions < 2 || dimensions > LARGEST || trials < 1) return 2;

  for (i = 0; i < dimensions; i++) factors[i] = pow(900, (double)i / (dimensions - 1));
  need(attune_space_create(&space, &err), err);
  for (i = 0; i < dimensions; i++) {
    char name[8];
    sprintf(name, "x%d", i);
    need(attune_space_add_float(space, name, -5, 5, 0, 0, &err), err);
  }
  need(attune_options_create(&options, &err), err);
  need(attune_options_set_int(options, "seed", seed, &err), err);
  need(attune_study_create(NULL, NULL, space, NULL, 0, "cmaes", options, &study, &err), err);

  start = now();
  for (k = 0; k < trials; k++) {
    attune_trial *trial = NULL;
    need(attune_study_ask(study, &trial, &err), err);
    need(attune_trial_copy_params(trial, params, (size_t)dimensions, NULL, &err), err);
    value = ellipsoid(params, dimensions);
    if (value < best) best = value;
    need(attune_study_tell(study, trial, &value, 1, NULL, &err), err);
    attune_trial_release(trial);
  }
  whole = now() - start;
  start = now();
  for (k = 0; k < trials; k++) {
    params[k % dimensions] = 0.001 * (double)k;
    sum += ellipsoid(params, dimensions);
  }
  objective = now() - start;
  printf("%.3f %g\n", (whole - objective) / (double)trials * 1e6, best);
  attune_study_close(study);
  attune_options_destroy(options);
  attune_space_destroy(space);
  return 0;
}

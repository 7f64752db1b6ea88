/* calls.c - what crossing the boundary costs: nanoseconds of small calls.
 *
 * usage: calls [MILLIONS]     default: 20 million calls of each
 */
#include <attune.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static volatile int64_t sink;

/* Best of five, so that a neighbour's noise does not count. */
#define MEASURE(what, wanted, call) \
  do { \
    double best = 1e9; \
    long round, i; \
    for (round = 0; round < 5; round++) { \
      double start = now(), time; \
      for (i = 0; i < n; i++) sink += (int64_t)(call); \
      time = (now() - start) / (double)n * 1e9; \
      if (time < best) best = time; \
    } \
    printf("%-34s %10.1f %10s\n", what, best, wanted); \
  } while (0)

int main(int argc, char **argv) {
  long n = (argc > 1 ? atol(argv[1]) : 20) * 1000000 / 5;
  attune_space *space = NULL;
  attune_study *study = NULL;
  attune_trial *trial = NULL;
  double x = 0, params[1];
  if (n < 1) return 2;
  if (attune_space_create(&space, NULL) != ATTUNE_OK || attune_space_add_float(space, "x", 0, 1, 0, 0, NULL) != ATTUNE_OK ||
      attune_study_create(NULL, NULL, space, NULL, 0, "random", NULL, &study, NULL) != ATTUNE_OK ||
      attune_study_ask(study, &trial, NULL) != ATTUNE_OK)
    return 1;
  printf("%-34s %10s %10s\n", "nanoseconds a call", "measured", "wanted");
  MEASURE("attune_version", "<= 5", attune_version());
  MEASURE("attune_space_count", "", attune_space_count(space));
  MEASURE("attune_trial_should_stop", "", attune_trial_should_stop(trial));
  MEASURE("attune_trial_number", "", attune_trial_number(trial));
  MEASURE("attune_trial_number, wrong kind", "", attune_trial_number((attune_trial *)(void *)study));
  MEASURE("attune_trial_float", "", (attune_trial_float(trial, "x", &x, NULL), x));
  MEASURE("attune_trial_copy_params", "", (attune_trial_copy_params(trial, params, 1, NULL, NULL), params[0]));
  attune_trial_release(trial);
  attune_study_close(study);
  attune_space_destroy(space);
  return 0;
}

/* ask_tell.c - what one trial costs: random ask, five parameters read, tell, through the C ABI.
 *
 * usage: ask_tell [N_TRIALS [STRATEGY]]     default: 1000000 random
 * Prints trials a second for the first and the last tenth, and bytes of memory a trial beyond its values.
 */
#include <attune.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "ask_tell: %s\n", attune_error_message(err));
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Resident memory in bytes. */
static double resident(void) {
  long pages = 0, ignored = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
  if (file) fclose(file);
  return (double)pages * 4096.0;
}

static double run(attune_study *study, long n) {
  attune_error *err = NULL;
  double start = now(), sum = 0;
  long i;
  for (i = 0; i < n; i++) {
    attune_trial *trial = NULL;
    double params[5], value;
    need(attune_study_ask(study, &trial, &err), err);
    need(attune_trial_copy_params(trial, params, 5, NULL, &err), err);
    value = params[0] + params[3];
    sum += value;
    need(attune_study_tell(study, trial, &value, 1, NULL, &err), err);
    attune_trial_release(trial);
  }
  if (sum < 0) puts("");
  return now() - start;
}

int main(int argc, char **argv) {
  static const char *const kernels[] = {"rbf", "poly", "linear"};
  long n = argc > 1 ? atol(argv[1]) : 1000000, tenth = n / 10, done = 0;
  const char *strategy = argc > 2 ? argv[2] : "random";
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_options *options = NULL;
  attune_study *study = NULL;
  double first = 0, last = 0, total = 0, before, after;
  /* A trial's values: five parameters, one objective value, each eight bytes. */
  const double values = 6 * 8;
  if (tenth < 1) return 2;

  need(attune_space_create(&space, &err), err);
  need(attune_space_add_float(space, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &err), err);
  need(attune_space_add_int(space, "layers", 1, 8, 1, 0, &err), err);
  need(attune_space_add_categorical(space, "kernel", kernels, 3, 0, &err), err);
  need(attune_space_add_float(space, "momentum", 0, 1, 0, 0, &err), err);
  need(attune_space_add_int(space, "width", 16, 1024, 1, 0, &err), err);
  need(attune_options_from_json("{\"seed\": 1}", &options, &err), err);
  need(attune_study_create(NULL, NULL, space, NULL, 0, strategy, options, &study, &err), err);
  run(study, 1000);
  before = resident();
  for (; done < n; done += tenth) {
    last = run(study, tenth);
    if (done == 0) first = last;
    total += last;
  }
  after = resident();
  printf("%-34s %12s %12s\n", "ask + tell, 5 parameters", "measured", "wanted");
  printf("%-34s %12.0f %12s\n", "trials/s, first tenth", (double)tenth / first, ">= 400000");
  printf("%-34s %12.0f %12s\n", "trials/s, last tenth", (double)tenth / last, ">= 400000");
  printf("%-34s %12.0f %12s\n", "trials/s, all", (double)done / total, ">= 400000");
  printf("%-34s %12.2f %12s\n", "last tenth / first tenth (time)", last / first, "about 1");
  printf("%-34s %12.0f %12s\n", "bytes a trial beyond its values", (after - before) / (double)done - values, "<= 400");
  attune_study_close(study);
  attune_options_destroy(options);
  attune_space_destroy(space);
  return 0;
}

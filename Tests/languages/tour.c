/* The tour in C: every other program here must print the same lines, doubles by their bits.
 *
 * It makes a study, asks and tells, reads the best trial, shows an error's text, has a callback optimized and lets go
 * of everything. The objective neither multiplies nor calls a mathematical function: no compiler then has a choice.
 */
#include <attune.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_TRIALS = 30, N_PARAMS = 4, SEED = 7 };

static attune_error *error;

static void check(attune_status status) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "%s: %s\n", attune_status_name(status), attune_error_message(error));
  exit(1);
}

static uint64_t bits(double number) {
  uint64_t out;
  memcpy(&out, &number, sizeof out);
  return out;
}

static attune_space *make_space(void) {
  static const char *const kernels[] = {"rbf", "poly", "linear"};
  attune_space *space;
  check(attune_space_create(&space, &error));
  check(attune_space_add_float(space, "x", -5, 5, 0, 0, &error));
  check(attune_space_add_float(space, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &error));
  check(attune_space_add_int(space, "layers", 1, 8, 1, 0, &error));
  check(attune_space_add_categorical(space, "kernel", kernels, 3, 0, &error));
  return space;
}

static attune_study *make_study(const char *strategy) {
  attune_space *space = make_space();
  attune_options *options;
  attune_study *study;
  check(attune_options_create(&options, &error));
  check(attune_options_set_int(options, "seed", SEED, &error));
  attune_status status = attune_study_create(NULL, NULL, space, NULL, 0, strategy, options, &study, &error);
  attune_options_destroy(options);
  attune_space_destroy(space);
  if (status != ATTUNE_OK) return NULL;
  return study;
}

static double evaluate(const attune_trial *trial) {
  double x, lr;
  int64_t layers;
  const char *kernel;
  check(attune_trial_float(trial, "x", &x, &error));
  check(attune_trial_float(trial, "lr", &lr, &error));
  check(attune_trial_int(trial, "layers", &layers, &error));
  check(attune_trial_choice(trial, "kernel", &kernel, &error));
  return fabs(x - 1.25) / 4 + fabs(lr - 0.01) / 0.1 + fabs((double)layers - 3) / 8 + (strcmp(kernel, "rbf") == 0 ? 0 : 0.5);
}

static void print_best(const char *title, const attune_study *study) {
  attune_trials *best;
  int64_t number;
  double value, params[N_PARAMS];
  check(attune_study_best_trials(study, &best, &error));
  check(attune_trials_number(best, 0, &number, &error));
  check(attune_trials_value(best, 0, 0, &value, &error));
  check(attune_trials_copy_params(best, params, N_PARAMS, NULL, &error));
  printf("%s %" PRId64 " %016" PRIx64, title, number, bits(value));
  for (int i = 0; i < N_PARAMS; i++) printf(" %016" PRIx64, bits(params[i]));
  printf("\n");
  attune_trials_destroy(best);
}

struct tally {
  int calls, destroyed;
};

static attune_status objective(attune_trial *trial, double *values, size_t n_values, void *data) {
  ((struct tally *)data)->calls++;
  if (n_values != 1) return ATTUNE_E_OBJECTIVE;
  values[0] = evaluate(trial);
  return ATTUNE_OK;
}

static void let_go(void *data) { ((struct tally *)data)->destroyed++; }

int main(void) {
  printf("version %s\n", attune_version_string());

  attune_study *asked = make_study(NULL);
  for (int i = 0; i < N_TRIALS; i++) {
    attune_trial *trial;
    check(attune_study_ask(asked, &trial, &error));
    double value = evaluate(trial);
    check(attune_study_tell(asked, trial, &value, 1, NULL, &error));
    attune_trial_release(trial);
  }
  print_best("asked", asked);

  if (make_study("bayesain") != NULL) return 1;
  printf("error %s: %s\n", attune_status_name(attune_error_status(error)), attune_error_message(error));
  attune_error_free(error);

  struct tally tally = {0, 0};
  attune_objective *callback;
  const char *reason;
  attune_study *called = make_study(NULL);
  check(attune_objective_from_callback(objective, &tally, let_go, &callback, &error));
  check(attune_study_optimize(called, callback, N_TRIALS, 0, NULL, &reason, &error));
  printf("callback %d calls, %s\n", tally.calls, reason);
  print_best("called", called);

  attune_objective_destroy(callback);
  attune_study_close(called);
  attune_study_close(asked);
  printf("destroyed %d, open trials %zu\n", tally.destroyed, attune_study_trial_count(called) + attune_study_trial_count(asked));
  return 0;
}

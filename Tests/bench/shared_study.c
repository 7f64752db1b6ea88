/* shared_study.c - ask and tell on one study of a storage, by one process of several.
 *
 * usage: shared_study STORAGE N_TRIALS      the study "bench" is made by the first that comes
 * Five parameters by random search, as in optuna_shared.py.
 */
#include <attune.h>

#include <stdio.h>
#include <stdlib.h>

static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "shared_study: %s\n", attune_error_message(err));
  exit(1);
}

int main(int argc, char **argv) {
  static const char *const kernels[] = {"rbf", "poly", "linear"};
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_options *options = NULL;
  attune_study *study = NULL;
  long n, i;
  if (argc != 3) return 2;
  n = atol(argv[2]);
  need(attune_space_create(&space, &err), err);
  need(attune_space_add_float(space, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &err), err);
  need(attune_space_add_int(space, "layers", 1, 8, 1, 0, &err), err);
  need(attune_space_add_categorical(space, "kernel", kernels, 3, 0, &err), err);
  need(attune_space_add_float(space, "momentum", 0, 1, 0, 0, &err), err);
  need(attune_space_add_int(space, "width", 16, 1024, 1, 0, &err), err);
  need(attune_options_from_json("{\"seed\": 1, \"load_if_exists\": true}", &options, &err), err);
  need(attune_study_create(argv[1], "bench", space, NULL, 0, "random", options, &study, &err), err);
  for (i = 0; i < n; i++) {
    attune_trial *trial = NULL;
    double params[5], value;
    need(attune_study_ask(study, &trial, &err), err);
    need(attune_trial_copy_params(trial, params, 5, NULL, &err), err);
    value = params[0] + params[3];
    need(attune_study_tell(study, trial, &value, 1, NULL, &err), err);
    attune_trial_release(trial);
  }
  attune_study_close(study);
  attune_options_destroy(options);
  attune_space_destroy(space);
  return 0;
}

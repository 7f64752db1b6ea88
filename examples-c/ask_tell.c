/* ask_tell.c - the smallest way to use Attune: ask for parameters, try them, tell how good they were.
 *
 *   cc ask_tell.c $(pkg-config --cflags --libs attune) -lm -o ask_tell && ./ask_tell
 *
 * Nothing is called back: the loop is yours. That makes this the way for programs in other languages, for
 * experiments on other machines, and for anything that takes long.
 */
#include <attune.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every function that can fail returns a status and gives an error that says what was wrong. */
static void need(attune_status status, attune_error *err) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "attune: %s\n", attune_error_message(err));
  attune_error_free(err);
  exit(1);
}

/* Stands for the training of a model: its error, smaller is better. */
static double train(double lr, int64_t layers, const char *activation) {
  double error = pow(log10(lr) + 3, 2) / 10 + fabs((double)layers - 3) / 10;
  return error + (strcmp(activation, "tanh") == 0 ? 0.05 : 0.15);
}

int main(void) {
  static const char *const activations[] = {"relu", "tanh", "sigmoid"};
  attune_error *err = NULL;
  attune_space *space = NULL;
  attune_study *study = NULL;
  attune_trials *best = NULL;
  char *json = NULL;
  int i;

  /* 1. What may be tried: a real number on a log scale, a whole number, a choice. */
  need(attune_space_create(&space, &err), err);
  need(attune_space_add_float(space, "lr", 1e-5, 1e-1, 0, ATTUNE_PARAM_LOG, &err), err);
  need(attune_space_add_int(space, "layers", 1, 8, 1, 0, &err), err);
  need(attune_space_add_categorical(space, "activation", activations, 3, 0, &err), err);

  /* 2. A study: in memory (storage NULL), minimizing, with the default strategy. */
  need(attune_study_create(NULL, "ask-tell", space, NULL, 0, NULL, NULL, &study, &err), err);
  attune_space_destroy(space); /* the study has its own copy */

  /* 3. Ask, try, tell. */
  for (i = 0; i < 100; i++) {
    attune_trial *trial = NULL;
    const char *activation = NULL;
    double lr, error;
    int64_t layers;
    need(attune_study_ask(study, &trial, &err), err);
    need(attune_trial_float(trial, "lr", &lr, &err), err);
    need(attune_trial_int(trial, "layers", &layers, &err), err);
    need(attune_trial_choice(trial, "activation", &activation, &err), err);
    error = train(lr, layers, activation);
    need(attune_study_tell(study, trial, &error, 1, NULL, &err), err);
    attune_trial_release(trial);
  }

  /* 4. The best trial, as JSON. */
  need(attune_study_best_trials(study, &best, &err), err);
  need(attune_trials_json(best, 0, &json, &err), err);
  printf("best of %zu trials:\n%s\n", attune_study_trial_count(study), json);

  attune_string_free(json);
  attune_trials_destroy(best);
  attune_study_close(study);
  return 0;
}

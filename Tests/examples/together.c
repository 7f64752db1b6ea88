/* together.c - plugins of several languages in one process, called by 16 threads at once.
 *
 * usage: together TRIALS PLUGIN...     prints "N passed, N failed"
 * Each plugin is first tuned alone and on one thread. Then each of 16 threads tunes every plugin, beginning with
 * another one, on one shared objective each: every study must give the bits of the quiet one again.
 */
#include <attune.h>

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 16, MOST_PLUGINS = 16 };

struct subject {
  const char *path;
  attune_objective *objective;
  attune_space *space;
  double *values; /* of the quiet run */
};

static struct subject subjects[MOST_PLUGINS];
static int n_subjects;
static int64_t n_trials;
static pthread_barrier_t start;

static void need(attune_status status, attune_error *err, const char *path) {
  if (status == ATTUNE_OK) return;
  fprintf(stderr, "together: %s: %s\n", path, attune_error_message(err));
  exit(1);
}

/* The object under "space" in a description, as text of its own; NULL when there is none. */
static char *space_of(const char *description) {
  const char *from = strstr(description, "\"space\":"), *at;
  int depth = 0, quoted = 0;
  char *text;
  if (!from || !(from = strchr(from, '{'))) return NULL;
  for (at = from; *at; at++) {
    if (quoted && *at == '\\' && at[1]) at++;
    else if (*at == '"') quoted = !quoted;
    else if (!quoted && *at == '{') depth++;
    else if (!quoted && *at == '}' && --depth == 0) break;
  }
  text = calloc((size_t)(at - from) + 2, 1);
  if (text) memcpy(text, from, (size_t)(at - from) + 1);
  return text;
}

static void open_subject(struct subject *subject, const char *path) {
  attune_error *err = NULL;
  char *description = NULL, *space;
  subject->path = path;
  need(attune_objective_from_plugin(path, NULL, NULL, NULL, &subject->objective, &err), err, path);
  need(attune_objective_describe(subject->objective, &description, &err), err, path);
  space = space_of(description);
  need(attune_space_from_json(space, &subject->space, &err), err, path);
  free(space);
  attune_string_free(description);
}

/* The values of a study of n_trials, which the caller frees. */
static double *tune(const struct subject *subject) {
  attune_error *err = NULL;
  attune_options *options = NULL;
  attune_study *study = NULL;
  attune_trials *trials = NULL;
  double *values = calloc((size_t)n_trials, sizeof *values);
  size_t count = 0;
  need(attune_options_from_json("{\"seed\": 5}", &options, &err), err, subject->path);
  need(attune_study_create(NULL, NULL, subject->space, NULL, 0, "random", options, &study, &err), err, subject->path);
  need(attune_study_optimize(study, subject->objective, n_trials, 0, NULL, NULL, &err), err, subject->path);
  need(attune_study_trials(study, 0, &trials, &err), err, subject->path);
  need(attune_trials_copy_values(trials, values, (size_t)n_trials, &count, &err), err, subject->path);
  attune_trials_destroy(trials);
  attune_study_close(study);
  attune_options_destroy(options);
  return values;
}

/* Returns, as a number in a pointer, how many studies differed from the quiet ones. */
static void *work(void *argument) {
  intptr_t first = (intptr_t)argument, differing = 0;
  int i;
  pthread_barrier_wait(&start);
  for (i = 0; i < n_subjects; i++) {
    const struct subject *subject = &subjects[(first + i) % n_subjects];
    double *values = tune(subject);
    if (memcmp(values, subject->values, (size_t)n_trials * sizeof *values) != 0) {
      printf("thread %d, %s: expected the values of the run on one thread\n", (int)first, subject->path);
      differing++;
    }
    free(values);
  }
  return (void *)differing;
}

int main(int argc, char **argv) {
  pthread_t threads[THREADS];
  int i, passed = 0, failed = 0;
  if (argc < 3 || argc - 2 > MOST_PLUGINS || (n_trials = atoll(argv[1])) < 1) return 2;
  n_subjects = argc - 2;
  /* All are loaded before the first one works. */
  for (i = 0; i < n_subjects; i++) open_subject(&subjects[i], argv[i + 2]);
  for (i = 0; i < n_subjects; i++) {
    int64_t finite = 0, t;
    subjects[i].values = tune(&subjects[i]);
    for (t = 0; t < n_trials; t++) finite += isfinite(subjects[i].values[t]) != 0;
    if (finite > 0) passed++;
    else failed++, printf("%s: expected a finite value in %lld trials, got none\n", argv[i + 2], (long long)n_trials);
  }
  if (pthread_barrier_init(&start, NULL, THREADS) != 0) return 1;
  for (i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i) != 0) return 1;
  for (i = 0; i < THREADS; i++) {
    void *differing = NULL;
    pthread_join(threads[i], &differing);
    failed += (int)(intptr_t)differing;
    passed += n_subjects - (int)(intptr_t)differing;
  }
  for (i = 0; i < n_subjects; i++) {
    free(subjects[i].values);
    attune_space_destroy(subjects[i].space);
    attune_objective_destroy(subjects[i].objective);
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}

/* A plugin that keeps the contract, with an objective for each thing a test wants to see. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>

#include "attune_plugin.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static atomic_int live_instances;
/* How many instances there are: read by tests through dlsym. */
ATTUNE_PLUGIN_EXPORT int32_t test_live_instances(void) { return live_instances; }

/* ---- echo: tells in an attribute all it was given ------------------------------------------------ */

static const char echo_space[] =
    "{\"lr\": {\"type\": \"float\", \"low\": 1e-5, \"high\": 1, \"log\": true},"
    " \"depth\": {\"type\": \"int\", \"low\": -3, \"high\": 10},"
    " \"kernel\": {\"type\": \"categorical\", \"choices\": [\"rbf\", \"p\xC3\xB6ly\", 3, true, null, 2.5]},"
    " \"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"when\": {\"kernel\": [\"rbf\"]}},"
    " \"tag\": {\"type\": \"fixed\", \"value\": \"seven\"},"
    " \"size\": {\"type\": \"fixed\", \"value\": 7}}";

static int32_t echo_evaluate(void *instance, const attune_eval *eval) {
  char text[4096] = "[";
  size_t used = 1;
  (void)instance;
  for (uint64_t i = 0; i < eval->n_params; i++) {
    const attune_param_value *p = ATTUNE_PARAM(eval, i);
    used += (size_t)snprintf(text + used, sizeof text - used, "%s\"%g %lld %s %g %lld %d %d %d\"", i ? ", " : "",
                             p->number, (long long)p->integer, p->text ? p->text : "NULL", p->choice_number,
                             (long long)p->choice_integer, p->kind, p->choice_type, p->active);
  }
  snprintf(text + used, sizeof text - used, "]");
  eval->values[0] = (double)eval->trial_number + (double)(eval->seed % 1000) / 1000;
  return eval->host->set_attribute(eval->host, eval, "seen", text);
}

/* ---- sphere: thread-safe, deterministic, with a gradient ------------------------------------------ */

static const char sphere_space[] =
    "{\"x\": {\"type\": \"float\", \"low\": -5, \"high\": 5}, \"y\": {\"type\": \"float\", \"low\": -5, \"high\": 5}}";

static int32_t sphere_evaluate(void *instance, const attune_eval *eval) {
  double x = ATTUNE_PARAM(eval, 0)->number, y = ATTUNE_PARAM(eval, 1)->number;
  (void)instance;
  eval->values[0] = x * x + 3 * y * y;
  if (eval->gradient) {
    eval->gradient[0] = 2 * x;
    eval->gradient[1] = 6 * y;
  }
  return ATTUNE_PLUGIN_OK;
}

/* ---- mode: does what its parameter says ---------------------------------------------------------- */

static const char mode_space[] =
    "{\"mode\": {\"type\": \"categorical\", \"choices\": [\"ok\", \"pruned\", \"stop\", \"paused\", \"fail\","
    " \"silent\", \"empty\", \"positive\", \"report\", \"abuse\", \"huge\", \"thread\", \"config\", \"nothing\","
    " \"cancel\", \"nonutf8\"]}}";

typedef struct mode_state {
  char config[256];
} mode_state;

static int32_t mode_create(const attune_objective_descriptor *self, const attune_host *host, const char *config,
                           void **out) {
  (void)self;
  if (config && strcmp(config, "\"refuse\"") == 0) {
    host->set_error(host, NULL, 42, "this config is refused");
    return -2;
  }
  if (config && strcmp(config, "\"silent\"") == 0) return -3;
  mode_state *state = calloc(1, sizeof *state);
  if (config) snprintf(state->config, sizeof state->config, "%s", config);
  live_instances += 1;
  *out = state;
  return 0;
}

static void mode_destroy(void *instance) {
  live_instances -= 1;
  free(instance);
}

static int32_t abuse(const attune_host *host, const attune_eval *eval) {
  double three[3] = {1, 2, 3};
  int32_t refused = 0;
  refused += host->report(host, NULL, 0, 1) < 0;
  refused += host->report(host, eval, -1, 1) < 0;
  refused += host->report_values(host, eval, 0, three, 3) < 0;
  refused += host->report_values(host, eval, 0, NULL, 1) < 0;
  refused += host->report_values(host, eval, 0, three, UINT64_MAX) < 0;
  refused += host->set_attribute(host, eval, NULL, "1") < 0;
  refused += host->set_attribute(host, eval, "", "1") < 0;
  refused += host->set_attribute(host, eval, "k", NULL) < 0;
  refused += host->set_attribute(host, eval, "k", "{not json") < 0;
  refused += host->set_attribute(host, eval, "k\xFF", "1") < 0;
  refused += host->set_constraint(host, eval, NULL, 1) < 0;
  refused += host->should_prune(host, NULL) == 0;
  refused += host->should_stop(host, NULL) == 1;
  refused += host->get_extension(host, NULL) == NULL;
  refused += host->get_extension(host, "com.example.none/1") == NULL;
  host->log(host, eval, 99, NULL);
  host->log(host, NULL, -7, NULL);
  host->log(NULL, NULL, 2, NULL);
  host->set_error(NULL, NULL, 1, "nobody");
  host->request_cancel(host, NULL, NULL);
  return refused;
}

static void *report_from_thread(void *context) {
  const attune_eval *eval = context;
  for (int64_t step = 0; step < 100; step++) eval->host->report(eval->host, eval, step, (double)step);
  return NULL;
}

static int32_t mode_evaluate(void *instance, const attune_eval *eval) {
  const attune_host *host = eval->host;
  const char *mode = ATTUNE_PARAM(eval, 0)->text;
  eval->values[0] = 1;
  if (strcmp(mode, "ok") == 0) return ATTUNE_PLUGIN_OK;
  if (strcmp(mode, "pruned") == 0) return ATTUNE_PLUGIN_PRUNED;
  if (strcmp(mode, "stop") == 0) return ATTUNE_PLUGIN_STOP;
  if (strcmp(mode, "paused") == 0) return ATTUNE_PLUGIN_PAUSED;
  if (strcmp(mode, "fail") == 0) {
    host->set_error(host, eval, 7, "the matrix is singular");
    return ATTUNE_PLUGIN_FAILED;
  }
  if (strcmp(mode, "silent") == 0) return ATTUNE_PLUGIN_FAILED;
  if (strcmp(mode, "empty") == 0) {
    host->set_error(host, eval, 7, "");
    return ATTUNE_PLUGIN_FAILED;
  }
  if (strcmp(mode, "positive") == 0) return 77;
  if (strcmp(mode, "report") == 0) {
    for (int64_t step = 0; step < 10; step++) {
      if (host->report(host, eval, step, 10.0 - (double)step) < 0) return ATTUNE_PLUGIN_FAILED;
      if (host->should_prune(host, eval)) return ATTUNE_PLUGIN_PRUNED;
      if (host->should_stop(host, eval)) return ATTUNE_PLUGIN_STOP;
    }
    return host->set_constraint(host, eval, "memory", -1.5);
  }
  if (strcmp(mode, "abuse") == 0) {
    eval->values[0] = abuse(host, eval);
    return ATTUNE_PLUGIN_OK;
  }
  if (strcmp(mode, "huge") == 0) {
    size_t size = 1 << 20;
    char *text = malloc(size + 1);
    memset(text, 'x', size);
    text[size] = 0;
    host->log(host, eval, 2, text);
    host->set_error(host, eval, 1, text);
    free(text);
    return ATTUNE_PLUGIN_FAILED;
  }
  if (strcmp(mode, "thread") == 0) {
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++) pthread_create(&threads[i], NULL, report_from_thread, (void *)eval);
    for (size_t i = 0; i < COUNT(threads); i++) pthread_join(threads[i], NULL);
    return ATTUNE_PLUGIN_OK;
  }
  if (strcmp(mode, "config") == 0) {
    host->set_error(host, eval, 0, ((mode_state *)instance)->config);
    return ATTUNE_PLUGIN_FAILED;
  }
  if (strcmp(mode, "nothing") == 0) {
    eval->values[0] = NAN;
    return ATTUNE_PLUGIN_OK;
  }
  if (strcmp(mode, "cancel") == 0) {
    host->request_cancel(host, eval, "good enough");
    return ATTUNE_PLUGIN_OK;
  }
  host->set_error(host, eval, 1, "caf\xE9");
  return ATTUNE_PLUGIN_FAILED;
}

/* ---- pair: two values; alone: one job per process ------------------------------------------------- */

static const char pair_space[] = "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"step\": 0.25}}";
static const int32_t pair_directions[] = {1, 0};

static int32_t pair_evaluate(void *instance, const attune_eval *eval) {
  double both[2] = {1, 2};
  (void)instance;
  if (eval->host->report(eval->host, eval, 0, 1) == 0) return ATTUNE_PLUGIN_FAILED; /* one value for two */
  if (eval->host->report_values(eval->host, eval, 1, both, 2) != 0) return ATTUNE_PLUGIN_FAILED;
  eval->values[0] = ATTUNE_PARAM(eval, 0)->number;
  eval->values[1] = 1 - eval->values[0];
  return ATTUNE_PLUGIN_OK;
}

#define OBJECTIVE(variable, name, caps, space, count, dirs, create, evaluate, destroy)                       \
  static const attune_objective_descriptor variable = {                                                      \
      sizeof(attune_objective_descriptor), caps, "org.attune.test." name, name, "1.2.3", "tests " name, space, \
      "{\"type\": [\"string\", \"null\"]}", dirs, count, 0, create, evaluate, destroy}

OBJECTIVE(echo, "echo", 0, echo_space, 1, NULL, NULL, echo_evaluate, NULL);
OBJECTIVE(sphere, "sphere", ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_GRADIENT, sphere_space, 1,
          NULL, NULL, sphere_evaluate, NULL);
OBJECTIVE(mode, "mode", ATTUNE_CAP_INTERMEDIATE, mode_space, 1, NULL, mode_create, mode_evaluate, mode_destroy);
OBJECTIVE(pair, "pair", 0, pair_space, 2, pair_directions, NULL, pair_evaluate, NULL);
OBJECTIVE(alone, "alone", ATTUNE_CAP_PROCESS_ONLY, sphere_space, 1, NULL, mode_create, sphere_evaluate, mode_destroy);

static const attune_objective_descriptor *const objectives[] = {&echo, &sphere, &mode, &pair, &alone};
static const attune_plugin plugin = {sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR,
                                     COUNT(objectives), "org.attune.test", "Tests", "1.2.3", "Apache-2.0",
                                     objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)minor;
  return major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

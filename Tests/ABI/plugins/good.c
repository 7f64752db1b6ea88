/* Objectives for the plugin tests: a thread-safe one, one with instances and config, one that reports, one
 * with two values, one that fails in every way. */
#include "attune_plugin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SPACE_XY "{\"x\": {\"type\": \"float\", \"low\": -5, \"high\": 5}, \"n\": {\"type\": \"int\", \"low\": 1, \"high\": 4}}"

static int32_t sphere(void *instance, const attune_eval *eval) {
  const attune_param_value *x = ATTUNE_PARAM(eval, 0), *n = ATTUNE_PARAM(eval, 1);
  (void)instance;
  if (eval->n_params != 2 || eval->n_values != 1 || !isnan(eval->values[0])) return ATTUNE_PLUGIN_FAILED;
  if (x->kind != ATTUNE_PLUGIN_FLOAT || n->kind != ATTUNE_PLUGIN_INT || !x->active) return ATTUNE_PLUGIN_FAILED;
  eval->values[0] = x->number * x->number + (double)n->integer;
  return ATTUNE_PLUGIN_OK;
}

struct counter { int evaluations, offset, busy; };

static int32_t counter_create(const attune_objective_descriptor *self, const attune_host *host, const char *config, void **out) {
  struct counter *counter;
  (void)self;
  if (config && strstr(config, "refuse")) {
    host->set_error(host, NULL, 31, "config says refuse");
    return ATTUNE_PLUGIN_FAILED;
  }
  counter = calloc(1, sizeof *counter);
  if (!counter) return ATTUNE_PLUGIN_FAILED;
  if (config && strstr(config, "\"offset\"")) counter->offset = atoi(strchr(strstr(config, "\"offset\""), ':') + 1);
  *out = counter;
  return 0;
}

/* The value is the offset of the config and how many evaluations this instance has done; overlap is a failure. */
static int32_t counter_evaluate(void *instance, const attune_eval *eval) {
  struct counter *counter = instance;
  if (counter->busy) {
    eval->host->set_error(eval->host, eval, 32, "two evaluations on one instance");
    return ATTUNE_PLUGIN_FAILED;
  }
  counter->busy = 1;
  counter->evaluations++;
  eval->values[0] = counter->offset + counter->evaluations;
  counter->busy = 0;
  return ATTUNE_PLUGIN_OK;
}
static void counter_destroy(void *instance) { free(instance); }

static int32_t reporter(void *instance, const attune_eval *eval) {
  const attune_host *host = eval->host;
  int64_t step;
  double two[2] = {1, 2};
  (void)instance;
  if (host->get_extension(host, "com.example.nothing/1")) return ATTUNE_PLUGIN_FAILED;
  host->log(host, eval, 1, "reporter begins");
  for (step = 0; step < 3; step++)
    if (host->report(host, eval, step, 10.0 - (double)step) != 0) return ATTUNE_PLUGIN_FAILED;
  if (host->report(host, eval, -1, 0) >= 0) return ATTUNE_PLUGIN_FAILED;
  if (host->report_values(host, eval, 4, two, 2) >= 0) return ATTUNE_PLUGIN_FAILED; /* one value is wanted */
  if (host->set_attribute(host, eval, "by", "\"reporter\"") != 0) return ATTUNE_PLUGIN_FAILED;
  if (host->set_attribute(host, eval, "bad", "{") >= 0) return ATTUNE_PLUGIN_FAILED;
  if (host->set_constraint(host, eval, "size", -1.5) != 0) return ATTUNE_PLUGIN_FAILED;
  eval->values[0] = host->should_prune(host, eval) + host->should_stop(host, eval);
  return ATTUNE_PLUGIN_OK;
}

static int32_t pair(void *instance, const attune_eval *eval) {
  double x = ATTUNE_PARAM(eval, 0)->number;
  (void)instance;
  if (eval->n_values != 2) return ATTUNE_PLUGIN_FAILED;
  eval->values[0] = x * x;
  eval->values[1] = -(x - 1) * (x - 1);
  return ATTUNE_PLUGIN_OK;
}

static int32_t failing(void *instance, const attune_eval *eval) {
  const attune_param_value *how = ATTUNE_PARAM(eval, 0);
  (void)instance;
  if (strcmp(how->text, "text") == 0) {
    eval->host->set_error(eval->host, eval, 99, "the oven is cold");
    return ATTUNE_PLUGIN_FAILED;
  }
  if (strcmp(how->text, "silent") == 0) return ATTUNE_PLUGIN_FAILED;
  if (strcmp(how->text, "odd") == 0) return 12345;
  if (strcmp(how->text, "forget") == 0) return ATTUNE_PLUGIN_OK; /* values stay NaN */
  if (strcmp(how->text, "prune") == 0) return ATTUNE_PLUGIN_PRUNED;
  if (strcmp(how->text, "pause") == 0) return ATTUNE_PLUGIN_PAUSED; /* never allowed by may_pause */
  if (strcmp(how->text, "cancel") == 0) eval->host->request_cancel(eval->host, eval, "seen enough");
  eval->values[0] = 1;
  return strcmp(how->text, "stop") == 0 ? ATTUNE_PLUGIN_STOP : ATTUNE_PLUGIN_OK;
}

static const int32_t pair_directions[] = {0, 1};
static const attune_objective_descriptor
    sphere_descriptor = {sizeof(attune_objective_descriptor), ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC,
                         "org.attune.test.sphere", "Sphere", "1.2.3", "x squared and n", SPACE_XY, NULL, NULL, 1, 0, NULL, sphere,
                         NULL},
    counter_descriptor = {sizeof(attune_objective_descriptor), 0, "org.attune.test.counter", "Counter", "1.0.0", NULL,
                          "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}",
                          "{\"type\": \"object\", \"properties\": {\"offset\": {\"type\": \"integer\"}}}", NULL, 1, 0, counter_create,
                          counter_evaluate, counter_destroy},
    reporter_descriptor = {sizeof(attune_objective_descriptor), ATTUNE_CAP_INTERMEDIATE, "org.attune.test.reporter", "Reporter",
                           "1.0.0", NULL, "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", NULL, NULL, 1, 0, NULL, reporter,
                           NULL},
    pair_descriptor = {sizeof(attune_objective_descriptor), ATTUNE_CAP_THREAD_SAFE, "org.attune.test.pair", "Pair", "1.0.0", NULL,
                       "{\"x\": {\"type\": \"float\", \"low\": -2, \"high\": 2}}", NULL, pair_directions, 2, 0, NULL, pair, NULL},
    failing_descriptor = {sizeof(attune_objective_descriptor), 0, "org.attune.test.failing", "Failing", "1.0.0", NULL,
                          "{\"how\": {\"type\": \"categorical\", \"choices\": [\"text\", \"silent\", \"odd\", \"forget\", \"prune\","
                          " \"pause\", \"cancel\", \"stop\"]}}", NULL, NULL, 1, 0, NULL, failing, NULL};
static const attune_objective_descriptor *const objectives[] = {&sphere_descriptor, &counter_descriptor, &reporter_descriptor,
                                                                 &pair_descriptor, &failing_descriptor};
static const attune_plugin plugin = {sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 5,
                                     "org.attune.test.good", "Good", "1.2.3", "Apache-2.0", objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

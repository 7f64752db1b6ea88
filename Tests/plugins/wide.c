/* A plugin with more parameters than one word of an active set has bits, every seventh of them conditional. */
#include <stdio.h>

#include "attune_plugin.h"

static char space[16384];

static int32_t evaluate(void *instance, const attune_eval *eval) {
  (void)instance;
  eval->values[0] = 0;
  for (uint64_t i = 0; i < eval->n_params; i++) {
    const attune_param_value *p = ATTUNE_PARAM(eval, i);
    if (p->active) eval->values[0] += (double)(i + 1) * (p->number + 1);
  }
  return ATTUNE_PLUGIN_OK;
}

static const attune_objective_descriptor wide = {
    sizeof(attune_objective_descriptor), ATTUNE_CAP_THREAD_SAFE, "org.attune.wide.sum", "Wide", "1.0.0", NULL, space,
    NULL, NULL, 1, 0, NULL, evaluate, NULL};
static const attune_objective_descriptor *const objectives[] = {&wide};
static const attune_plugin plugin = {sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 1,
                                     "org.attune.wide", "Wide", "1.0.0", NULL, objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)minor;
  if (space[0] == 0) {
    int used = snprintf(space, sizeof space, "{\"p0\": {\"type\": \"categorical\", \"choices\": [false, true]}");
    for (int i = 1; i < 130; i++)
      used += snprintf(space + used, sizeof space - (size_t)used, ", \"p%d\": {\"type\": \"float\", \"low\": 0, \"high\": 1%s}",
                       i, i % 7 == 0 ? ", \"when\": {\"p0\": [true]}" : "");
    snprintf(space + used, sizeof space - (size_t)used, "}");
  }
  return major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

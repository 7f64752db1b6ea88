/* parabola.c - a plugin that includes the installed header and links nothing. */
#include <attune_plugin.h>

static int32_t evaluate(void *instance, const attune_eval *eval) {
  double x = ATTUNE_PARAM(eval, 0)->number;
  (void)instance;
  eval->values[0] = (x - 1) * (x - 1);
  return ATTUNE_PLUGIN_OK;
}

static const attune_objective_descriptor objective = {
    sizeof objective, ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC,
    "org.attune.tests.parabola", "Parabola", "1.0.0", "Lowest at 1",
    "{\"x\": {\"type\": \"float\", \"low\": -4, \"high\": 4}}",
    NULL, NULL, 1, 0, NULL, evaluate, NULL};
static const attune_objective_descriptor *const objectives[] = {&objective};
static const attune_plugin plugin = {
    sizeof plugin, ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 1,
    "org.attune.tests.parabola", "Parabola", "1.0.0", "Apache-2.0", objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

/* Plugins that break the contract, one way for each value of BROKEN. Every one is refused with the reason. */
#include "attune_plugin.h"

static int32_t evaluate(void *instance, const attune_eval *eval) {
  (void)instance;
  eval->values[0] = 1;
  return ATTUNE_PLUGIN_OK;
}

#define LINE "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}"
enum { NO_ENTRY = 1, REFUSES, SMALL_PLUGIN, SMALL_DESCRIPTOR, NULL_ID, BAD_ID, NO_OBJECTIVES, NULL_OBJECTIVE, NO_VALUES, BAD_SPACE,
       NULL_SPACE, NULL_EVALUATE, WRONG_MAJOR, NOT_UTF8, SAME_IDS, MANY_VALUES, BAD_DIRECTION, SINGLE };

static const int32_t bad_directions[] = {7};
static const attune_objective_descriptor descriptor = {
    BROKEN == SMALL_DESCRIPTOR ? 16 : sizeof(attune_objective_descriptor), 0,
    BROKEN == BAD_ID ? "Not An Id!" : "org.attune.test.broken.one",
    BROKEN == NOT_UTF8 ? "caf\xe9" : "Broken", "1.0.0", 0,
    BROKEN == BAD_SPACE ? "{\"x\": {\"type\": \"flaot\"}}" : BROKEN == NULL_SPACE ? 0 : LINE, 0,
    BROKEN == BAD_DIRECTION ? bad_directions : 0,
    BROKEN == NO_VALUES ? 0 : BROKEN == MANY_VALUES ? 0xffffffffu : 1, 0, 0, BROKEN == NULL_EVALUATE ? 0 : evaluate, 0};
static const attune_objective_descriptor *const objectives[] = {
    BROKEN == NULL_OBJECTIVE ? 0 : &descriptor, &descriptor};
static const attune_plugin plugin = {
    BROKEN == SMALL_PLUGIN ? 8 : sizeof(attune_plugin), BROKEN == WRONG_MAJOR ? 2 : ATTUNE_PLUGIN_ABI_MAJOR, 0,
    BROKEN == NO_OBJECTIVES ? 0 : BROKEN == SAME_IDS ? 2 : 1,
    BROKEN == NULL_ID ? 0 : "org.attune.test.broken", "Broken", "1.0.0", 0, objectives, 0};

#if BROKEN == 1
int something_else(void) { return plugin.struct_size != 0; }
#else
const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_major, (void)host_abi_minor;
  return BROKEN == REFUSES ? 0 : &plugin;
}
#endif

/* A plugin that breaks the contract in the one way that a macro names. */
#include <stdlib.h>
#include <unistd.h>

#include "attune_plugin.h"

static int32_t evaluate(void *instance, const attune_eval *eval) {
  (void)instance;
  eval->values[0] = 1;
  return ATTUNE_PLUGIN_OK;
}

#if defined(NO_ENTRY)
ATTUNE_PLUGIN_EXPORT int32_t (*some_other_symbol)(void *, const attune_eval *) = evaluate;
#else
static attune_objective_descriptor objective = {
    sizeof(attune_objective_descriptor), 0, "org.broken.one", "One", "1", NULL,
    "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", NULL, NULL, 1, 0, NULL, evaluate, NULL};
static const attune_objective_descriptor *objectives[] = {&objective, &objective};
static attune_plugin plugin = {sizeof(attune_plugin), 1, 0, 1, "org.broken", "Broken", "1", NULL, objectives, NULL};
static const int32_t directions[] = {2};

const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)major, (void)minor, (void)directions;
#if defined(ENTRY_NULL)
  return NULL;
#elif defined(ENTRY_CRASH)
  abort();
#elif defined(ENTRY_HANG)
  sleep(60);
#elif defined(WRONG_MAJOR)
  plugin.abi_major = 2;
#elif defined(SMALL_PLUGIN)
  plugin.struct_size = 16;
#elif defined(TINY_PLUGIN)
  plugin.struct_size = 4;
#elif defined(SMALL_OBJECTIVE)
  objective.struct_size = 80;
#elif defined(NULL_ID)
  plugin.id = NULL;
#elif defined(BAD_ID)
  objective.id = "Org.Broken/One";
#elif defined(EMPTY_ID)
  objective.id = "";
#elif defined(NULL_NAME)
  objective.name = NULL;
#elif defined(NULL_VERSION)
  plugin.version = NULL;
#elif defined(NOT_UTF8)
  objective.description = "caf\xE9";
#elif defined(NO_VALUES)
  objective.n_values = 0;
#elif defined(MANY_VALUES)
  objective.n_values = 4000000000u;
#elif defined(NULL_SPACE)
  objective.space_json = NULL;
#elif defined(BAD_JSON)
  objective.space_json = "{\"x\": {\"type\": \"float\", \"low\": 0,}}";
#elif defined(BAD_SPACE)
  objective.space_json = "{\"x\": {\"type\": \"float\", \"low\": 2, \"high\": 1}}";
#elif defined(NO_EVALUATE)
  objective.evaluate = NULL;
#elif defined(NO_OBJECTIVES)
  plugin.n_objectives = 0;
#elif defined(NULL_OBJECTIVES)
  plugin.objectives = NULL;
#elif defined(NULL_OBJECTIVE)
  objectives[0] = NULL;
#elif defined(SAME_IDS)
  plugin.n_objectives = 2;
#elif defined(BAD_DIRECTION)
  objective.directions = directions;
#endif
  return &plugin;
}
#endif

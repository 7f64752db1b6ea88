/* A plugin that claims in the one way that a macro names what it does not keep. */
#include <sched.h>
#include "attune_plugin.h"

#if defined(UNREPEATABLE)
#define CAPS ATTUNE_CAP_DETERMINISTIC
#elif defined(RACE)
#define CAPS (ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC)
#elif defined(SILENT)
#define CAPS ATTUNE_CAP_INTERMEDIATE
#elif defined(DEAF)
#define CAPS ATTUNE_CAP_CANCEL
#elif defined(NO_GRADIENT)
#define CAPS ATTUNE_CAP_GRADIENT
#elif defined(BOTH)
#define CAPS (ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_PROCESS_ONLY)
#elif defined(RESTLESS)
#define CAPS ATTUNE_CAP_PAUSE
#else
#define CAPS 0
#endif

static volatile double shared;

static int32_t evaluate(void *instance, const attune_eval *eval) {
  double x = ATTUNE_PARAM(eval, 0)->number;
  (void)instance;
#if defined(FORGETS)
  (void)x;
#elif defined(UNREPEATABLE)
  shared += 1;
  eval->values[0] = x + shared;
#elif defined(RACE)
  shared = x;
  for (int i = 0; i < 50; i++) sched_yield();
  eval->values[0] = shared;
#else
  eval->values[0] = x + shared;
#endif
  return ATTUNE_PLUGIN_OK;
}

static const attune_objective_descriptor objective = {
    sizeof(attune_objective_descriptor), CAPS, "org.claims.one", "One", "1", NULL,
    "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", NULL, NULL, 1, 0, NULL, evaluate, NULL};
static const attune_objective_descriptor *const objectives[] = {&objective};
static const attune_plugin plugin = {sizeof(attune_plugin), 1, 0, 1, "org.claims", "Claims", "1", NULL, objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)major, (void)minor;
  return &plugin;
}

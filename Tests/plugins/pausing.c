/* An objective that trains one step after another, can pause, and goes on where it was. Its state is one file in the
 * trial's folder: the last step, how many steps it trained in all its calls, and how many calls these were. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attune_plugin.h"

enum { STEPS = 27 };

static const char space[] = "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}";

/* What the configuration makes it do. */
struct deeds {
  int nap;     /* milliseconds a step takes */
  int forgets; /* pauses without keeping anything */
  int unasked; /* pauses though nobody asked it to */
};

struct progress {
  int step, trained, calls;
};

static int32_t fail(const attune_eval *eval, const char *text) {
  eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, text);
  return ATTUNE_PLUGIN_FAILED;
}

static int32_t create(const attune_objective_descriptor *self, const attune_host *host, const char *config, void **out) {
  struct deeds *deeds = calloc(1, sizeof *deeds);
  const char *nap = config ? strstr(config, "\"nap\"") : NULL;
  (void)self, (void)host;
  if (!deeds) return ATTUNE_PLUGIN_FAILED;
  if (nap) deeds->nap = atoi(strchr(nap, ':') + 1);
  deeds->forgets = config && strstr(config, "forgets") != NULL;
  deeds->unasked = config && strstr(config, "unasked") != NULL;
  *out = deeds;
  return 0;
}

static const char *folder_of(const attune_eval *eval) {
  const attune_host_state *state = eval->host->get_extension(eval->host, ATTUNE_HOST_STATE);
  return state ? state->folder(eval->host, eval) : NULL;
}

static int load(const char *folder, struct progress *progress) {
  char path[4096];
  FILE *file;
  int count;
  snprintf(path, sizeof path, "%s/progress", folder);
  if (!(file = fopen(path, "r"))) return -1;
  count = fscanf(file, "%d %d %d", &progress->step, &progress->trained, &progress->calls);
  fclose(file);
  return count == 3 ? 0 : -1;
}

/* The old state is there until the new one is whole. */
static int save(const char *folder, const struct progress *progress) {
  char path[4096], next[4096];
  FILE *file;
  snprintf(path, sizeof path, "%s/progress", folder);
  snprintf(next, sizeof next, "%s/progress.new", folder);
  if (!(file = fopen(next, "w"))) return -1;
  fprintf(file, "%d %d %d\n", progress->step, progress->trained, progress->calls);
  return fclose(file) == 0 && rename(next, path) == 0 ? 0 : -1;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct deeds *deeds = instance;
  const attune_host *host = eval->host;
  double x = ATTUNE_PARAM(eval, 0)->number, value = 0;
  struct progress progress = {0, 0, 0};
  char text[64];
  if (!eval->may_pause && folder_of(eval)) return fail(eval, "a folder though it may not pause");
  if (eval->resume) {
    const char *folder = folder_of(eval);
    if (!folder) return fail(eval, "no folder to go on from");
    if (load(folder, &progress) != 0) return fail(eval, "its state is not in its folder");
  }
  progress.calls++;
  while (progress.step < STEPS) {
    struct timespec nap = {deeds->nap / 1000, deeds->nap % 1000 * 1000000L};
    progress.step++;
    progress.trained++;
    if (deeds->nap) nanosleep(&nap, NULL);
    value = (x - 0.3) * (x - 0.3) + 1.0 / progress.step;
    host->report(host, eval, progress.step, value);
    if (deeds->unasked) return ATTUNE_PLUGIN_PAUSED;
    if (progress.step == STEPS || !host->should_prune(host, eval)) continue;
    if (!eval->may_pause) return ATTUNE_PLUGIN_PRUNED;
    if (deeds->forgets) return ATTUNE_PLUGIN_PAUSED;
    if (!folder_of(eval) || save(folder_of(eval), &progress) != 0) return fail(eval, "its state cannot be saved");
    return ATTUNE_PLUGIN_PAUSED;
  }
  snprintf(text, sizeof text, "%d", progress.trained);
  host->set_attribute(host, eval, "trained", text);
  snprintf(text, sizeof text, "%d", progress.calls);
  host->set_attribute(host, eval, "calls", text);
  eval->values[0] = value;
  return ATTUNE_PLUGIN_OK;
}

static void destroy(void *instance) { free(instance); }

static const attune_objective_descriptor objective = {
    sizeof(attune_objective_descriptor), ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_INTERMEDIATE | ATTUNE_CAP_PAUSE,
    "com.example.pausing", "Pausing", "1.0.0", NULL, space, NULL, NULL, 1, 0, create, evaluate, destroy};
static const attune_objective_descriptor *const objectives[] = {&objective};
static const attune_plugin plugin = {sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 1,
                                     "com.example.pausing", "Pausing", "1.0.0", NULL, objectives, NULL};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)minor;
  return major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

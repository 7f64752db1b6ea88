/* boosting.c - an Attune plugin: gradient-boosted trees (XGBoost) that report after every round.
 *
 * The objective is the log loss on a held-out quarter of a real table. Each round's loss is reported, so that a pruner
 * ends hopeless trials early, and every round asks whether the host wants to stop. Where the host can go on with a trial
 * later, its trees are written into the trial's folder, and no round is trained twice.
 *
 * Thread-safe: an instance is read-only after create. Matrices and boosters belong to one evaluation (an XGBoost matrix
 * caches its histograms inside, so sharing one between threads would not be safe), and XGBoost runs one thread each:
 * the host already runs trials side by side.
 */
#include "../data/table.h"

#include "../data/config.h"

#include <attune_plugin.h>
#include <xgboost/c_api.h>

/* The parameters, in the order of the space: the host passes them so. */
enum { LEARNING_RATE, ROUNDS, MAX_DEPTH, SUBSAMPLE, MIN_CHILD_WEIGHT };

enum { HOLDOUT = 4 }; /* one row of so many is held out */

static const char space[] =
    "{\"learning_rate\": {\"type\": \"float\", \"low\": 0.01, \"high\": 1, \"log\": true},"
    " \"rounds\": {\"type\": \"int\", \"low\": 10, \"high\": 200, \"log\": true},"
    " \"max_depth\": {\"type\": \"int\", \"low\": 1, \"high\": 8},"
    " \"subsample\": {\"type\": \"float\", \"low\": 0.4, \"high\": 1},"
    " \"min_child_weight\": {\"type\": \"float\", \"low\": 0.1, \"high\": 20, \"log\": true}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"data\": {\"type\": \"string\", \"default\": \"breast_cancer.csv\"},"
    "\"seed\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 1000000000}}}";

/* Rows of a table as XGBoost wants them. */
struct part {
  float *x;
  float *label;
  bst_ulong rows;
};

struct split {
  bst_ulong columns;
  int classes;
  int seed; /* of every trial; -1: each has its own */
  struct part train, test;
};

static void destroy(void *instance) {
  struct split *self = instance;
  if (!self) return;
  struct part *parts[] = {&self->train, &self->test};
  for (int p = 0; p < 2; p++) {
    free(parts[p]->x);
    free(parts[p]->label);
  }
  free(self);
}

static struct split *make_instance(const struct table *table) {
  struct split *self = calloc(1, sizeof *self);
  int *fold = malloc((size_t)table->rows * sizeof *fold);
  if (!self || !fold || table_folds(table, HOLDOUT, 1, fold) != 0) goto out_of_memory;
  self->columns = (bst_ulong)table->columns;
  struct part *parts[] = {&self->train, &self->test};
  for (int p = 0; p < 2; p++) {
    parts[p]->x = malloc((size_t)table->rows * (size_t)table->columns * sizeof(float));
    parts[p]->label = malloc((size_t)table->rows * sizeof(float));
    if (!parts[p]->x || !parts[p]->label) goto out_of_memory;
  }
  for (int i = 0; i < table->rows; i++) {
    struct part *part = parts[fold[i] == 0];
    for (bst_ulong j = 0; j < self->columns; j++) {
      part->x[part->rows * self->columns + j] = (float)table->x[(bst_ulong)i * self->columns + j];
    }
    part->label[part->rows++] = (float)table->target[i];
    if (table->target[i] >= self->classes) self->classes = (int)table->target[i] + 1;
  }
  free(fold);
  return self;
out_of_memory:
  free(fold);
  destroy(self);
  return NULL;
}

/* Classes are 0, 1, ... below 1000; returns 0 when every target is one. */
static int check_classes(const struct table *table) {
  for (int i = 0; i < table->rows; i++) {
    double target = table->target[i];
    if (!(target >= 0 && target < 1000) || target != floor(target)) return -1;
  }
  return 0;
}

static int32_t create(const attune_objective_descriptor *descriptor, const attune_host *host, const char *config_json,
                      void **out_instance) {
  char data[512] = "breast_cancer.csv", error[2048];
  int seed = -1;
  const struct config_field fields[] = {
      {"data", data, sizeof data, NULL, 0, 0},
      {"seed", NULL, 0, &seed, 0, 1000000000},
  };
  struct table table = {0};
  struct split *self = NULL;
  (void)descriptor;
  if (config_read(config_json, fields, 2, error, sizeof error) == 0 &&
      table_load(&table, data, error, sizeof error) == 0) {
    if (table.rows < 2 * HOLDOUT || check_classes(&table) != 0) {
      snprintf(error, sizeof error, "%s: wanted %d rows or more with classes 0, 1, ... as target", data, 2 * HOLDOUT);
    } else {
      self = make_instance(&table);
      if (!self) snprintf(error, sizeof error, "out of memory for %s", data);
    }
  }
  if (self) self->seed = seed;
  if (!self) host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
  table_free(&table);
  *out_instance = self;
  return self ? 0 : ATTUNE_PLUGIN_FAILED;
}

static int set_number(BoosterHandle booster, const char *name, double value) {
  char text[32];
  snprintf(text, sizeof text, "%.9g", value);
  /* The host may have set a locale whose numbers have decimal commas. */
  for (char *c = text; *c; c++) *c = *c == ',' ? '.' : *c;
  return XGBoosterSetParam(booster, name, text);
}

static int configure(BoosterHandle booster, const struct split *self, const attune_eval *eval) {
  return XGBoosterSetParam(booster, "objective", "multi:softprob") || set_number(booster, "num_class", self->classes) ||
         XGBoosterSetParam(booster, "tree_method", "hist") || set_number(booster, "max_bin", 64) ||
         set_number(booster, "nthread", 1) ||
         /* A booster that was loaded must not draw again the rows of the first rounds. */
         (eval->may_pause && set_number(booster, "seed_per_iteration", 1)) ||
         set_number(booster, "verbosity", 0) || set_number(booster, "seed", self->seed < 0 ? (double)(eval->seed % 1000000000) : self->seed) ||
         set_number(booster, "eta", ATTUNE_PARAM(eval, LEARNING_RATE)->number) ||
         set_number(booster, "max_depth", ATTUNE_PARAM(eval, MAX_DEPTH)->number) ||
         set_number(booster, "subsample", ATTUNE_PARAM(eval, SUBSAMPLE)->number) ||
         set_number(booster, "min_child_weight", ATTUNE_PARAM(eval, MIN_CHILD_WEIGHT)->number);
}

static int make_matrix(const struct split *self, const struct part *part, DMatrixHandle *out) {
  return XGDMatrixCreateFromMat(part->x, part->rows, self->columns, NAN, out) ||
         XGDMatrixSetFloatInfo(*out, "label", part->label, part->rows);
}

/* The mean log loss and the share of wrong answers on the held-out rows. */
static int measure(BoosterHandle booster, DMatrixHandle test, const struct split *self, double *loss, double *errors) {
  static const char how[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0,"
                            " \"strict_shape\": true}";
  const bst_ulong *shape, rows = self->test.rows;
  bst_ulong dimensions;
  const float *predicted;
  if (XGBoosterPredictFromDMatrix(booster, test, how, &shape, &dimensions, &predicted)) return -1;
  *loss = *errors = 0;
  for (bst_ulong i = 0; i < rows; i++) {
    const float *p = predicted + i * (bst_ulong)self->classes;
    int label = (int)self->test.label[i], best = 0;
    for (int k = 1; k < self->classes; k++) best = p[k] > p[best] ? k : best;
    *loss -= log(fmax(p[label], 1e-16)) / (double)rows;
    *errors += (best != label) / (double)rows;
  }
  return 0;
}

/* The file in the trial's folder that keeps its trees, and the one beside it that is being written: the old ones stay
 * until the new ones are whole. Returns 0, or -1 where there is no such folder. */
static int state_files(const attune_eval *eval, char kept[static 4096], char next[static 4096]) {
  const attune_host_state *state = eval->host->get_extension(eval->host, ATTUNE_HOST_STATE);
  const char *folder = state ? state->folder(eval->host, eval) : NULL;
  if (!folder || strlen(folder) > 4000) {
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, "the host has no folder for the trees");
    return -1;
  }
  snprintf(kept, 4096, "%s/trees.ubj", folder);
  snprintf(next, 4096, "%s/next.ubj", folder);
  return 0;
}

/* Keeps the trees of a trial that pauses; an evaluation's status, or -1 when XGBoost fails. */
static int32_t keep(BoosterHandle booster, const attune_eval *eval) {
  char kept[4096], next[4096];
  if (state_files(eval, kept, next) != 0) return ATTUNE_PLUGIN_FAILED;
  if (XGBoosterSaveModel(booster, next)) return -1;
  if (rename(next, kept) == 0) return ATTUNE_PLUGIN_PAUSED;
  eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, "the trees cannot be kept");
  return ATTUNE_PLUGIN_FAILED;
}

/* Boosts round after round, from the trees kept where the trial goes on after a pause; -1 when XGBoost fails, else an
 * evaluation's status. */
static int32_t boost(BoosterHandle booster, DMatrixHandle train, DMatrixHandle test, const struct split *self,
                     const attune_eval *eval) {
  const attune_host *host = eval->host;
  int rounds = (int)ATTUNE_PARAM(eval, ROUNDS)->integer;
  double loss = NAN, errors = NAN;
  int first = 0;
  if (eval->resume) {
    char kept[4096], next[4096];
    if (state_files(eval, kept, next) != 0) return ATTUNE_PLUGIN_FAILED;
    /* What was set belongs to the trees that were, and not to those loaded. */
    if (XGBoosterLoadModel(booster, kept) || configure(booster, self, eval) || XGBoosterBoostedRounds(booster, &first)) {
      return -1;
    }
  }
  for (int round = first; round < rounds; round++) {
    if (XGBoosterUpdateOneIter(booster, round, train) || measure(booster, test, self, &loss, &errors)) return -1;
    host->report(host, eval, round, loss);
    /* After the last round there is nothing left to save. */
    if (round + 1 == rounds) break;
    if (host->should_stop(host, eval)) return ATTUNE_PLUGIN_PRUNED;
    if (host->should_prune(host, eval)) return eval->may_pause ? keep(booster, eval) : ATTUNE_PLUGIN_PRUNED;
  }
  char json[32];
  snprintf(json, sizeof json, "%.9g", errors);
  for (char *c = json; *c; c++) *c = *c == ',' ? '.' : *c;
  host->set_attribute(host, eval, "error_rate", json);
  eval->values[0] = loss;
  return ATTUNE_PLUGIN_OK;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct split *self = instance;
  DMatrixHandle matrices[2] = {NULL, NULL};
  BoosterHandle booster = NULL;
  int32_t status = -1;
  if (!make_matrix(self, &self->train, &matrices[0]) && !make_matrix(self, &self->test, &matrices[1]) &&
      !XGBoosterCreate(matrices, 2, &booster) && !configure(booster, self, eval)) {
    status = boost(booster, matrices[0], matrices[1], self, eval);
  }
  if (status == -1) {
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, XGBGetLastError());
    status = ATTUNE_PLUGIN_FAILED;
  }
  if (booster) XGBoosterFree(booster);
  for (int m = 0; m < 2; m++) {
    if (matrices[m]) XGDMatrixFree(matrices[m]);
  }
  return status;
}

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE | ATTUNE_CAP_CANCEL |
                    ATTUNE_CAP_PAUSE,
    .id = "org.attune.examples.boosting",
    .name = "Gradient boosting, held-out log loss",
    .version = "1.0.0",
    .description = "Log loss of XGBoost on a held-out quarter, reported each round; smaller is better",
    .space_json = space,
    .config_schema_json = config_schema,
    .n_values = 1,
    .max_poll_ms = 500,
    .create = create,
    .evaluate = evaluate,
    .destroy = destroy,
};

static const attune_objective_descriptor *const objectives[] = {&objective};

static const attune_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = ATTUNE_PLUGIN_ABI_MAJOR,
    .abi_minor = ATTUNE_PLUGIN_ABI_MINOR,
    .n_objectives = 1,
    .id = "org.attune.examples.boosting",
    .name = "Gradient-boosted trees",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

/* forest.c - an Attune plugin: a random forest, grown by XGBoost as one round of parallel trees.
 *
 * The objective is the Brier score over k folds of a real table: the squared distance between the forest's votes and
 * the truth, from 0 (sure and right) to 2 (sure and wrong), smoother than the share of wrong answers. After each fold
 * the mean so far is reported, so that a pruner can end a trial early.
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
enum { TREES, MAX_DEPTH, MIN_SAMPLES, MAX_FEATURES };

static const char space[] =
    "{\"trees\": {\"type\": \"int\", \"low\": 5, \"high\": 100, \"log\": true},"
    " \"max_depth\": {\"type\": \"int\", \"low\": 1, \"high\": 12},"
    " \"min_samples\": {\"type\": \"int\", \"low\": 1, \"high\": 40, \"log\": true},"
    " \"max_features\": {\"type\": \"float\", \"low\": 0.05, \"high\": 1}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"data\": {\"type\": \"string\", \"default\": \"breast_cancer.csv\"},"
    "\"folds\": {\"type\": \"integer\", \"minimum\": 2, \"maximum\": 20, \"default\": 4},"
    "\"seed\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 1000000000}}}";

/* The rows ordered by fold: fold k is rows first[k] ... first[k + 1] - 1. */
struct folds {
  bst_ulong rows, columns;
  int classes, n_folds;
  int seed; /* of every trial; -1: each has its own */
  bst_ulong first[21];
  float *x, *label;
};

static void destroy(void *instance) {
  struct folds *self = instance;
  if (!self) return;
  free(self->x);
  free(self->label);
  free(self);
}

static struct folds *make_instance(const struct table *table, int n_folds) {
  struct folds *self = calloc(1, sizeof *self);
  int *fold = malloc((size_t)table->rows * sizeof *fold);
  if (!self || !fold || table_folds(table, n_folds, 1, fold) != 0) goto out_of_memory;
  self->columns = (bst_ulong)table->columns;
  self->n_folds = n_folds;
  self->x = malloc((size_t)table->rows * (size_t)table->columns * sizeof(float));
  self->label = malloc((size_t)table->rows * sizeof(float));
  if (!self->x || !self->label) goto out_of_memory;
  for (int k = 0; k < n_folds; k++) {
    self->first[k] = self->rows;
    for (int i = 0; i < table->rows; i++) {
      if (fold[i] != k) continue;
      for (bst_ulong j = 0; j < self->columns; j++) {
        self->x[self->rows * self->columns + j] = (float)table->x[(bst_ulong)i * self->columns + j];
      }
      self->label[self->rows++] = (float)table->target[i];
      if (table->target[i] >= self->classes) self->classes = (int)table->target[i] + 1;
    }
  }
  self->first[n_folds] = self->rows;
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
  int n_folds = 4, seed = -1;
  const struct config_field fields[] = {
      {"data", data, sizeof data, NULL, 0, 0},
      {"folds", NULL, 0, &n_folds, 2, 20},
      {"seed", NULL, 0, &seed, 0, 1000000000},
  };
  struct table table = {0};
  struct folds *self = NULL;
  (void)descriptor;
  if (config_read(config_json, fields, 3, error, sizeof error) == 0 &&
      table_load(&table, data, error, sizeof error) == 0) {
    if (table.rows < n_folds || check_classes(&table) != 0) {
      snprintf(error, sizeof error, "%s: wanted %d rows or more with classes 0, 1, ... as target", data, n_folds);
    } else {
      self = make_instance(&table, n_folds);
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

/* In the first round XGBoost starts every class at p = 1 / classes and gives each row this weight, its second
 * derivative. A leaf then holds (share of the class - p) / weight: that is how votes are read back from it. */
static double row_weight(const struct folds *self) {
  double p = 1.0 / self->classes;
  return 2 * p * (1 - p);
}

/* The settings that make one boosting round a random forest: no shrinking, rows and features drawn at random. */
static int configure(BoosterHandle booster, const struct folds *self, const attune_eval *eval) {
  return XGBoosterSetParam(booster, "objective", "multi:softprob") || set_number(booster, "num_class", self->classes) ||
         XGBoosterSetParam(booster, "tree_method", "hist") || set_number(booster, "max_bin", 32) ||
         set_number(booster, "nthread", 1) || set_number(booster, "verbosity", 0) ||
         set_number(booster, "seed", self->seed < 0 ? (double)(eval->seed % 1000000000) : self->seed) || set_number(booster, "base_score", 0) ||
         set_number(booster, "eta", 1) || set_number(booster, "lambda", 0) ||
         set_number(booster, "subsample", 0.632) || /* as many different rows as a bootstrap sample has */
         set_number(booster, "num_parallel_tree", ATTUNE_PARAM(eval, TREES)->number) ||
         set_number(booster, "max_depth", ATTUNE_PARAM(eval, MAX_DEPTH)->number) ||
         set_number(booster, "min_child_weight", 0.999 * row_weight(self) * ATTUNE_PARAM(eval, MIN_SAMPLES)->number) ||
         set_number(booster, "colsample_bynode", ATTUNE_PARAM(eval, MAX_FEATURES)->number);
}

/* Adds the Brier scores and the wrong answers of one fold's rows to sums. */
static int measure(BoosterHandle booster, DMatrixHandle test, const struct folds *self, const float *label,
                   double sums[2]) {
  static const char margins[] = "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0,"
                                " \"strict_shape\": true}";
  const bst_ulong *shape;
  bst_ulong dimensions;
  const float *predicted;
  if (XGBoosterPredictFromDMatrix(booster, test, margins, &shape, &dimensions, &predicted)) return -1;
  for (bst_ulong i = 0; i < shape[0]; i++) {
    const float *margin = predicted + i * (bst_ulong)self->classes;
    int best = 0;
    for (int k = 0; k < self->classes; k++) {
      double votes = 1.0 / self->classes + margin[k] * row_weight(self);
      double miss = votes - (k == (int)label[i]);
      sums[0] += miss * miss;
      best = margin[k] > margin[best] ? k : best;
    }
    sums[1] += best != (int)label[i];
  }
  return 0;
}

/* Grows a forest without fold k and measures it there. all is the whole table. -1 when XGBoost fails. */
static int run_fold(const struct folds *self, int k, DMatrixHandle all, const attune_eval *eval, int *index,
                    double sums[2]) {
  DMatrixHandle train = NULL, test = NULL;
  BoosterHandle booster = NULL;
  int status = -1;
  bst_ulong first = self->first[k], end = self->first[k + 1], held_out = end - first;
  for (bst_ulong i = 0, n = 0, t = self->rows - held_out; i < self->rows; i++) {
    index[i >= first && i < end ? t++ : n++] = (int)i;
  }
  if (!XGDMatrixSliceDMatrix(all, index, self->rows - held_out, &train) &&
      !XGDMatrixSliceDMatrix(all, index + (self->rows - held_out), held_out, &test) &&
      !XGBoosterCreate(&train, 1, &booster) && !configure(booster, self, eval) &&
      !XGBoosterUpdateOneIter(booster, 0, train)) {
    status = measure(booster, test, self, self->label + first, sums);
  }
  if (booster) XGBoosterFree(booster);
  if (test) XGDMatrixFree(test);
  if (train) XGDMatrixFree(train);
  return status;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct folds *self = instance;
  const attune_host *host = eval->host;
  DMatrixHandle all = NULL;
  int *index = malloc(self->rows * sizeof *index);
  int32_t status = ATTUNE_PLUGIN_OK;
  double sums[2] = {0, 0};
  int failed = !index || XGDMatrixCreateFromMat(self->x, self->rows, self->columns, NAN, &all) ||
               XGDMatrixSetFloatInfo(all, "label", self->label, self->rows);
  for (int k = 0; !failed && status == ATTUNE_PLUGIN_OK && k < self->n_folds; k++) {
    failed = run_fold(self, k, all, eval, index, sums) != 0;
    if (failed) break;
    eval->values[0] = sums[0] / (double)self->first[k + 1];
    host->report(host, eval, k, eval->values[0]);
    if (host->should_stop(host, eval) || host->should_prune(host, eval)) status = ATTUNE_PLUGIN_PRUNED;
  }
  if (failed) {
    host->set_error(host, eval, ATTUNE_PLUGIN_FAILED, index ? XGBGetLastError() : "out of memory");
    status = ATTUNE_PLUGIN_FAILED;
  } else if (status == ATTUNE_PLUGIN_OK) {
    char json[32];
    snprintf(json, sizeof json, "%.0f", sums[1]);
    host->set_attribute(host, eval, "wrong_answers", json);
  }
  if (all) XGDMatrixFree(all);
  free(index);
  return status;
}

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE,
    .id = "org.attune.examples.forest",
    .name = "Random forest, cross-validated Brier score",
    .version = "1.0.0",
    .description = "Brier score of a random forest over k folds; smaller is better",
    .space_json = space,
    .config_schema_json = config_schema,
    .n_values = 1,
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
    .id = "org.attune.examples.forest",
    .name = "Random forest",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

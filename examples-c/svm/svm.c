/* svm.c - an Attune plugin: the cross-validated error of a support vector machine (libsvm).
 *
 * The objective is the share of wrong answers over k folds of a real table. gamma is active only for the kernels that
 * have one, degree only for the polynomial kernel. After each fold the mean error so far is reported, so that a
 * pruner can end a trial early.
 *
 * Thread-safe: an instance is read-only after create, and svm_train without probability estimates draws no random
 * numbers. svm_cross_validation does (rand, shared with the whole process): the folds here are our own.
 */
#include "../data/table.h"

#include "../data/config.h"

#include <attune_plugin.h>
#include <libsvm/svm.h>
#include <pthread.h>

/* The parameters, in the order of the space: the host passes them so. */
enum { KERNEL, C, GAMMA, DEGREE };

static const char space[] =
    "{\"kernel\": {\"type\": \"categorical\", \"choices\": [\"linear\", \"poly\", \"rbf\", \"sigmoid\"]},"
    " \"C\": {\"type\": \"float\", \"low\": 0.001, \"high\": 1000, \"log\": true},"
    " \"gamma\": {\"type\": \"float\", \"low\": 0.0001, \"high\": 1, \"log\": true,"
    "           \"when\": {\"kernel\": [\"poly\", \"rbf\", \"sigmoid\"]}},"
    " \"degree\": {\"type\": \"int\", \"low\": 2, \"high\": 5, \"when\": {\"kernel\": [\"poly\"]}}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"data\": {\"type\": \"string\", \"default\": \"breast_cancer.csv\"},"
    "\"folds\": {\"type\": \"integer\", \"minimum\": 2, \"maximum\": 20, \"default\": 5}}}";

/* One fold as libsvm wants it: rows are arrays of nodes, ended by index -1. */
struct fold {
  struct svm_problem train;
  struct svm_problem test;
  struct svm_node *nodes;
};

struct cross_validation {
  int n_folds;
  struct fold *folds;
};

static void silence(const char *text) { (void)text; }
static void silence_libsvm(void) { svm_set_print_string_function(silence); }

static void destroy(void *instance) {
  struct cross_validation *self = instance;
  if (!self) return;
  for (int k = 0; self->folds && k < self->n_folds; k++) {
    struct fold *fold = &self->folds[k];
    free(fold->train.x);
    free(fold->train.y);
    free(fold->test.x);
    free(fold->test.y);
    free(fold->nodes);
  }
  free(self->folds);
  free(self);
}

/* Fills one fold from scaled features. Returns -1 when out of memory; destroy frees what is there. */
static int make_fold(struct fold *out, const struct table *table, const double *scaled, const int *fold, int k) {
  size_t rows = (size_t)table->rows, width = (size_t)table->columns + 1;
  out->nodes = malloc(rows * width * sizeof *out->nodes);
  struct svm_problem *parts[] = {&out->train, &out->test};
  for (int p = 0; p < 2; p++) {
    parts[p]->x = malloc(rows * sizeof *parts[p]->x);
    parts[p]->y = malloc(rows * sizeof *parts[p]->y);
    if (!out->nodes || !parts[p]->x || !parts[p]->y) return -1;
  }
  for (size_t i = 0; i < rows; i++) {
    struct svm_node *row = out->nodes + i * width;
    for (int j = 0; j < table->columns; j++) {
      row[j].index = j + 1;
      row[j].value = scaled[i * (width - 1) + (size_t)j];
    }
    row[table->columns].index = -1;
    struct svm_problem *part = parts[fold[i] == k];
    part->x[part->l] = row;
    part->y[part->l++] = table->target[i];
  }
  return 0;
}

static struct cross_validation *make_instance(const struct table *table, int n_folds) {
  struct cross_validation *self = calloc(1, sizeof *self);
  int *fold = malloc((size_t)table->rows * sizeof *fold);
  double *scaled = malloc((size_t)table->rows * (size_t)table->columns * sizeof *scaled);
  int ok = self && fold && scaled && table_folds(table, n_folds, 1, fold) == 0;
  if (ok) {
    self->n_folds = n_folds;
    self->folds = calloc((size_t)n_folds, sizeof *self->folds);
    ok = self->folds != NULL;
  }
  for (int k = 0; ok && k < n_folds; k++) {
    table_standardize(table, fold, k, scaled);
    ok = make_fold(&self->folds[k], table, scaled, fold, k) == 0;
  }
  free(fold);
  free(scaled);
  if (ok) return self;
  destroy(self);
  return NULL;
}

static int32_t create(const attune_objective_descriptor *descriptor, const attune_host *host, const char *config_json,
                      void **out_instance) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  char data[512] = "breast_cancer.csv", error[2048];
  int n_folds = 5;
  const struct config_field fields[] = {
      {"data", data, sizeof data, NULL, 0, 0},
      {"folds", NULL, 0, &n_folds, 2, 20},
  };
  struct table table;
  (void)descriptor;
  if (config_read(config_json, fields, 2, error, sizeof error) != 0 ||
      table_load(&table, data, error, sizeof error) != 0) {
    host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
    return ATTUNE_PLUGIN_FAILED;
  }
  pthread_once(&once, silence_libsvm);
  struct cross_validation *self = table.rows < n_folds ? NULL : make_instance(&table, n_folds);
  if (!self) {
    snprintf(error, sizeof error, "cannot deal %d rows of %s to %d folds", table.rows, data, n_folds);
    host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
  }
  table_free(&table);
  *out_instance = self;
  return self ? 0 : ATTUNE_PLUGIN_FAILED;
}

static int32_t fail(const attune_eval *eval, const char *reason) {
  eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, reason);
  return ATTUNE_PLUGIN_FAILED;
}

static int kernel_type(const char *name) {
  if (strcmp(name, "linear") == 0) return LINEAR;
  if (strcmp(name, "poly") == 0) return POLY;
  if (strcmp(name, "rbf") == 0) return RBF;
  return SIGMOID;
}

/* Trains on one fold's rows; returns how many of its held-out rows get a wrong class, or -1. */
static int count_errors(const struct fold *fold, const struct svm_parameter *parameter) {
  struct svm_model *model = svm_train(&fold->train, parameter);
  if (!model) return -1;
  int errors = 0;
  for (int i = 0; i < fold->test.l; i++) errors += svm_predict(model, fold->test.x[i]) != fold->test.y[i];
  svm_free_and_destroy_model(&model);
  return errors;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct cross_validation *self = instance;
  const attune_host *host = eval->host;
  const attune_param_value *gamma = ATTUNE_PARAM(eval, GAMMA), *degree = ATTUNE_PARAM(eval, DEGREE);
  struct svm_parameter parameter = {
      .svm_type = C_SVC,
      .kernel_type = kernel_type(ATTUNE_PARAM(eval, KERNEL)->text),
      .C = ATTUNE_PARAM(eval, C)->number,
      .gamma = gamma->active ? gamma->number : 1,
      .degree = degree->active ? (int)degree->integer : 3,
      .cache_size = 16,
      .eps = 0.01,
      .shrinking = 1,
  };
  parameter.coef0 = parameter.kernel_type == POLY; /* with the lower powers too */

  const char *problem = svm_check_parameter(&self->folds[0].train, &parameter);
  if (problem) return fail(eval, problem);
  int errors = 0, rows = 0;
  for (int k = 0; k < self->n_folds; k++) {
    int wrong = count_errors(&self->folds[k], &parameter);
    if (wrong < 0) return fail(eval, "libsvm found no model");
    errors += wrong;
    rows += self->folds[k].test.l;
    host->report(host, eval, k, (double)errors / rows);
    if (host->should_stop(host, eval)) return fail(eval, "stopped by the host");
    if (host->should_prune(host, eval)) return ATTUNE_PLUGIN_PRUNED;
  }
  eval->values[0] = (double)errors / rows;
  return ATTUNE_PLUGIN_OK;
}

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE,
    .id = "org.attune.examples.svm",
    .name = "SVM, cross-validated error",
    .version = "1.0.0",
    .description = "Share of wrong classes of a libsvm classifier over k folds; smaller is better",
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
    .id = "org.attune.examples.svm",
    .name = "Support vector machine",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

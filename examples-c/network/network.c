/* network.c - an Attune plugin: a neural network (FANN) that reports after every epoch.
 *
 * The objective is the cross-validated log loss on a real table after so many epochs of training with momentum: one
 * network for each fold never sees the fold's rows, not even to scale its inputs. Each hidden layer's size is a
 * parameter of its own, active only when the network has that layer.
 *
 * What a value owes to luck is kept small against what it owes to the parameters. It is a mean over four networks that
 * start from weights of their own and over all rows of the table; log loss changes with every row, where a count of
 * errors changes with the few at the border; and the learning rate falls to nothing in the course of the training, so
 * that it does not matter which rows came last.
 *
 * Thread-safe: an instance is read-only after create and each evaluation has its own networks. FANN draws weights from
 * rand(), shared with the whole process, so weights and order of samples are drawn from the trial's own seed here. (It
 * also calls srand for each network it makes: a host that needs repeatable numbers from rand cannot hold FANN.)
 */
#include "../data/table.h"

#include "../data/config.h"

#include <attune_plugin.h>
#include <attune_rate.h>
#include <fann.h>

/* The parameters, in the order of the space: the host passes them so. */
enum { LAYERS, NEURONS_1, NEURONS_2, NEURONS_3, LEARNING_RATE, MOMENTUM, ACTIVATION };

enum { FOLDS = 4 }; /* of the cross-validation: one network for each */

/* No answer counts as surer: one wrong row shall not outweigh all others. */
static const double surest = 0.9999;

static const char space[] =
    "{\"layers\": {\"type\": \"int\", \"low\": 1, \"high\": 3},"
    " \"neurons_1\": {\"type\": \"int\", \"low\": 2, \"high\": 32, \"log\": true},"
    " \"neurons_2\": {\"type\": \"int\", \"low\": 2, \"high\": 32, \"log\": true,"
    "               \"when\": {\"layers\": {\"low\": 2, \"high\": 3}}},"
    " \"neurons_3\": {\"type\": \"int\", \"low\": 2, \"high\": 32, \"log\": true,"
    "               \"when\": {\"layers\": {\"low\": 3, \"high\": 3}}},"
    " \"learning_rate\": {\"type\": \"float\", \"low\": 0.001, \"high\": 1, \"log\": true},"
    " \"momentum\": {\"type\": \"float\", \"low\": 0, \"high\": 0.95},"
    " \"activation\": {\"type\": \"categorical\", \"choices\": [\"sigmoid\", \"tanh\", \"elliot\", \"gaussian\"]}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"data\": {\"type\": \"string\", \"default\": \"breast_cancer.csv\"},"
    "\"control\": {\"enum\": [\"falling\", \"hypergradient\"], \"default\": \"falling\"},"
    "\"epochs\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 10000, \"default\": 20},"
    "\"seed\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 1000000000}}}";

/* Scaled rows, those of training first, with one output a class: 1 for the row's own, else 0. */
struct split {
  int train_rows;
  fann_type *inputs;
  fann_type *outputs;
};

/* The table split so many times, each row held out in one of them. */
struct samples {
  int rows, columns, classes, epochs;
  int adapts; /* whether the learning rate follows the hypergradient */
  int seed; /* of every trial; -1: each has its own */
  struct split splits[FOLDS];
};

static void destroy(void *instance) {
  struct samples *self = instance;
  if (!self) return;
  for (int f = 0; f < FOLDS; f++) {
    free(self->splits[f].inputs);
    free(self->splits[f].outputs);
  }
  free(self);
}

/* Copies the scaled rows, first those outside the fold, then those in it. */
static int fill_split(struct samples *self, int held_out, const struct table *table, const int *fold,
                      const double *scaled) {
  struct split *split = &self->splits[held_out];
  size_t rows = (size_t)table->rows, columns = (size_t)table->columns, classes = (size_t)self->classes, n = 0;
  split->inputs = malloc(rows * columns * sizeof *split->inputs);
  split->outputs = calloc(rows * classes, sizeof *split->outputs);
  if (!split->inputs || !split->outputs) return -1;
  for (int last = 0; last < 2; last++) {
    for (size_t i = 0; i < rows; i++) {
      if ((fold[i] == held_out) != last) continue;
      for (size_t j = 0; j < columns; j++) split->inputs[n * columns + j] = (fann_type)scaled[i * columns + j];
      split->outputs[n++ * classes + (size_t)table->target[i]] = 1;
    }
    if (!last) split->train_rows = (int)n;
  }
  return 0;
}

static struct samples *make_instance(const struct table *table, int classes) {
  struct samples *self = calloc(1, sizeof *self);
  int *fold = malloc((size_t)table->rows * sizeof *fold);
  double *scaled = malloc((size_t)table->rows * (size_t)table->columns * sizeof *scaled);
  int ok = self && fold && scaled && table_folds(table, FOLDS, 1, fold) == 0;
  if (ok) {
    self->rows = table->rows;
    self->columns = table->columns;
    self->classes = classes;
  }
  for (int f = 0; ok && f < FOLDS; f++) {
    table_standardize(table, fold, f, scaled);
    ok = fill_split(self, f, table, fold, scaled) == 0;
  }
  free(fold);
  free(scaled);
  if (ok) return self;
  destroy(self);
  return NULL;
}

/* How many classes 0, 1, ... the targets name; 0 when one is no class or above 99. */
static int count_classes(const struct table *table) {
  int classes = 2;
  for (int i = 0; i < table->rows; i++) {
    double target = table->target[i];
    if (!(target >= 0 && target < 100) || target != floor(target)) return 0;
    if (target >= classes) classes = (int)target + 1;
  }
  return classes;
}

static int32_t create(const attune_objective_descriptor *descriptor, const attune_host *host, const char *config_json,
                      void **out_instance) {
  char data[512] = "breast_cancer.csv", control[32] = "falling", error[2048];
  int epochs = 20, seed = -1;
  const struct config_field fields[] = {
      {"data", data, sizeof data, NULL, 0, 0},
      {"control", control, sizeof control, NULL, 0, 0},
      {"epochs", NULL, 0, &epochs, 1, 10000},
      {"seed", NULL, 0, &seed, 0, 1000000000},
  };
  struct table table = {0};
  struct samples *self = NULL;
  (void)descriptor;
  if (config_read(config_json, fields, 4, error, sizeof error) == 0 &&
      table_load(&table, data, error, sizeof error) == 0) {
    int classes = count_classes(&table);
    if (table.rows < 2 * FOLDS || classes == 0) {
      snprintf(error, sizeof error, "%s: wanted %d rows or more with classes 0, 1, ... as target", data, 2 * FOLDS);
    } else {
      self = make_instance(&table, classes);
      if (!self) snprintf(error, sizeof error, "out of memory for %s", data);
    }
  }
  if (self && strcmp(control, "falling") != 0 && strcmp(control, "hypergradient") != 0) {
    snprintf(error, sizeof error, "config: \"control\" is \"%s\", wanted falling or hypergradient", control);
    destroy(self);
    self = NULL;
  }
  if (self) {
    self->adapts = strcmp(control, "hypergradient") == 0;
    self->epochs = epochs;
    self->seed = seed;
  }
  if (!self) host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
  table_free(&table);
  *out_instance = self;
  return self ? 0 : ATTUNE_PLUGIN_FAILED;
}

static enum fann_activationfunc_enum activation(const char *name) {
  if (strcmp(name, "sigmoid") == 0) return FANN_SIGMOID;
  if (strcmp(name, "tanh") == 0) return FANN_SIGMOID_SYMMETRIC;
  if (strcmp(name, "elliot") == 0) return FANN_ELLIOT_SYMMETRIC;
  return FANN_GAUSSIAN;
}

/* Draws each weight from +-1/sqrt(inputs of its neuron), so that no neuron starts saturated. */
static int draw_weights(struct fann *network, uint64_t *random) {
  unsigned int n = fann_get_total_connections(network), neurons = fann_get_total_neurons(network);
  struct fann_connection *connections = malloc(n * sizeof *connections);
  unsigned int *inputs = calloc(neurons, sizeof *inputs);
  int ok = connections && inputs;
  if (ok) {
    fann_get_connection_array(network, connections);
    for (unsigned int i = 0; i < n; i++) inputs[connections[i].to_neuron]++;
    for (unsigned int i = 0; i < n; i++) {
      double unit = (double)(table_random(random) >> 11) * 0x1p-53;
      connections[i].weight = (fann_type)((2 * unit - 1) / sqrt(inputs[connections[i].to_neuron]));
    }
    fann_set_weight_array(network, connections, n);
  }
  free(connections);
  free(inputs);
  return ok ? 0 : -1;
}

static struct fann *make_network(const struct samples *self, const attune_eval *eval, uint64_t *random) {
  unsigned int sizes[5] = {(unsigned int)self->columns}, n = 1;
  for (int i = NEURONS_1; i <= NEURONS_3; i++) {
    const attune_param_value *neurons = ATTUNE_PARAM(eval, i);
    if (neurons->active) sizes[n++] = (unsigned int)neurons->integer;
  }
  sizes[n++] = (unsigned int)self->classes;
  struct fann *network = fann_create_standard_array(n, sizes);
  if (!network) return NULL;
  fann_set_error_log((struct fann_error *)network, NULL);
  fann_set_training_algorithm(network, FANN_TRAIN_INCREMENTAL);
  fann_set_activation_function_hidden(network, activation(ATTUNE_PARAM(eval, ACTIVATION)->text));
  fann_set_activation_function_output(network, FANN_SIGMOID);
  fann_set_learning_momentum(network, (float)ATTUNE_PARAM(eval, MOMENTUM)->number);
  if (draw_weights(network, random) == 0) return network;
  fann_destroy(network);
  return NULL;
}

/* Adds the log loss of each output and the number of wrong answers on the held-out rows. */
static void measure(struct fann *network, const struct samples *self, const struct split *split, double *loss,
                    int *wrong) {
  for (int i = split->train_rows; i < self->rows; i++) {
    const fann_type *wanted = split->outputs + (size_t)i * (size_t)self->classes;
    const fann_type *found = fann_run(network, split->inputs + (size_t)i * (size_t)self->columns);
    int best = 0;
    for (int k = 0; k < self->classes; k++) {
      double right = wanted[k] > 0 ? found[k] : 1 - found[k];
      *loss -= log(right < 1 - surest ? 1 - surest : right > surest ? surest : right);
      best = found[k] > found[best] ? k : best;
    }
    *wrong += wanted[best] == 0;
  }
}

/* One pass over the rows of training, in an order drawn for it. */
static void train_epoch(struct fann *network, const struct samples *self, const struct split *split, int *order,
                        uint64_t *random) {
  table_shuffle(order, split->train_rows, table_random(random));
  for (int i = 0; i < split->train_rows; i++) {
    fann_train(network, split->inputs + (size_t)order[i] * (size_t)self->columns,
               split->outputs + (size_t)order[i] * (size_t)self->classes);
  }
}

/* A network's learning rate, and the way its weights went in the epoch before. */
struct pace {
  attune_rate rate;
  fann_type *weights, *change;
};

/* Takes in where an epoch led: the rate grows while epochs go the same way, and shrinks while they turn back. */
static void follow(struct pace *pace, struct fann *network) {
  unsigned int n = fann_get_total_connections(network);
  fann_type *weights = network->weights;
  double product = 0, square = 0, square_before = 0;
  for (unsigned int i = 0; i < n; i++) {
    double change = weights[i] - pace->weights[i], before = pace->change[i];
    product += change * before;
    square += change * change;
    square_before += before * before;
    pace->change[i] = (fann_type)change;
    pace->weights[i] = weights[i];
  }
  attune_rate_adapt(&pace->rate, product, square, square_before);
}

static int start_pace(struct pace *pace, struct fann *network, double rate) {
  unsigned int n = fann_get_total_connections(network);
  attune_rate_start(&pace->rate, rate, 0.2);
  pace->weights = malloc(n * sizeof *pace->weights);
  pace->change = calloc(n, sizeof *pace->change);
  if (!pace->weights || !pace->change) return -1;
  memcpy(pace->weights, network->weights, n * sizeof *pace->weights);
  return 0;
}

/* Trains the networks of all folds side by side, so that each epoch's report is the mean over all of them. */
static int32_t train(struct fann **networks, struct pace *paces, const struct samples *self, const attune_eval *eval,
                     int *order, uint64_t *random) {
  const attune_host *host = eval->host;
  double value = NAN;
  int wrong = 0;
  for (int epoch = 0; epoch < self->epochs; epoch++) {
    double loss = 0;
    wrong = 0;
    for (int f = 0; f < FOLDS; f++) {
      double rate = paces[f].rate.value;
      fann_set_learning_rate(networks[f], (float)(rate * (self->epochs - epoch) / self->epochs));
      train_epoch(networks[f], self, &self->splits[f], order, random);
      if (self->adapts) follow(&paces[f], networks[f]);
      measure(networks[f], self, &self->splits[f], &loss, &wrong);
    }
    value = loss / self->rows / self->classes;
    host->report(host, eval, epoch, value);
    if (host->should_stop(host, eval) || host->should_prune(host, eval)) return ATTUNE_PLUGIN_PRUNED;
  }
  char json[32];
  snprintf(json, sizeof json, "%.9g", (double)wrong / self->rows);
  for (char *c = json; *c; c++) *c = *c == ',' ? '.' : *c; /* the host's locale may have decimal commas */
  host->set_attribute(host, eval, "error_rate", json);
  eval->values[0] = value;
  return ATTUNE_PLUGIN_OK;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct samples *self = instance;
  uint64_t random = self->seed < 0 ? eval->seed : (uint64_t)self->seed;
  struct fann *networks[FOLDS] = {NULL};
  struct pace paces[FOLDS] = {0};
  double rate = ATTUNE_PARAM(eval, LEARNING_RATE)->number;
  int *order = malloc((size_t)self->rows * sizeof *order);
  int ok = order != NULL;
  for (int f = 0; ok && f < FOLDS; f++) {
    ok = (networks[f] = make_network(self, eval, &random)) != NULL && start_pace(&paces[f], networks[f], rate) == 0;
  }
  int32_t status = ATTUNE_PLUGIN_FAILED;
  if (ok) {
    status = train(networks, paces, self, eval, order, &random);
  } else {
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, "out of memory for the networks");
  }
  for (int f = 0; f < FOLDS; f++) {
    if (networks[f]) fann_destroy(networks[f]);
    free(paces[f].weights);
    free(paces[f].change);
  }
  free(order);
  return status;
}

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE | ATTUNE_CAP_CANCEL,
    .id = "org.attune.examples.network",
    .name = "Neural network, cross-validated log loss",
    .version = "1.0.0",
    .description = "Log loss of networks in cross-validation, reported each epoch; smaller is better",
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
    .id = "org.attune.examples.network",
    .name = "Neural network",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

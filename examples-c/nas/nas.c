/* nas.c - an Attune plugin: a network whose architecture is searched, built and trained here, without any library.
 *
 * The network reads the pixels of a digit into a first layer of units; a cell of four nodes follows, and a softmax over
 * the classes. Node 0 of the cell is the first layer; every other node is the sum of what comes from the nodes before
 * it, and each of these six edges carries one operation: nothing, the node as it is, or a dense layer of its own with
 * no, a rectified or a tanh activation. The space declares the cell in one line (type cell); each edge is a
 * categorical parameter. Width and learning rate are searched with it.
 *
 * The objective is the log loss on a held-out quarter of the table after some epochs of stochastic gradient descent
 * with momentum, reported after each. All trials draw weights and order of rows from one seed, so that architectures
 * are compared and not their luck; "seed": 0 draws from each trial's own.
 *
 * Thread-safe: an instance is read-only after create and each evaluation has its own network.
 */
#include "../data/table.h"

#include "../data/config.h"

#include <attune_plugin.h>

/* The parameters, in the order of the space: the host passes them so. */
enum { WIDTH, LEARNING_RATE, FIRST_EDGE };

enum { NODES = 4, EDGES = NODES * (NODES - 1) / 2, MAX_WIDTH = 32, MAX_CLASSES = 100, BATCH = 16, FOLDS = 4 };

/* What an edge does. */
enum operation { NONE, SKIP, LINEAR, RELU, TANH };

static const char space[] =
    "{\"width\": {\"type\": \"categorical\", \"choices\": [8, 16, 24, 32], \"ordered\": true},"
    " \"learning_rate\": {\"type\": \"float\", \"low\": 0.003, \"high\": 0.3, \"log\": true},"
    " \"cell\": {\"type\": \"cell\", \"nodes\": 4,"
    "          \"operations\": [\"none\", \"skip\", \"linear\", \"relu\", \"tanh\"]}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"data\": {\"type\": \"string\", \"default\": \"digits.csv\"},"
    "\"epochs\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 10000, \"default\": 6},"
    "\"rows\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000, \"default\": 1000000},"
    "\"seed\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 1000000000, \"default\": 1}}}";

/* Scaled rows, those of training first. */
struct samples {
  int rows, train_rows, columns, classes, epochs;
  int seed; /* of every trial; 0: each has its own */
  float *inputs;
  int *labels;
};

/* A dense layer: weights, then biases, each with its gradient and its step so far. */
struct layer {
  int inputs, outputs;
  float *weights, *gradient, *step;
};

struct network {
  int width;
  enum operation operations[EDGES];
  struct layer stem, head, edges[EDGES];
  float *memory;
  /* One row's way through: nodes, what each edge made of its source, and what the loss changes with each. */
  float nodes[NODES][MAX_WIDTH], made[EDGES][MAX_WIDTH], slopes[NODES][MAX_WIDTH];
  float outputs[MAX_CLASSES], errors[MAX_CLASSES];
};

static void destroy(void *instance) {
  struct samples *self = instance;
  if (!self) return;
  free(self->inputs);
  free(self->labels);
  free(self);
}

/* Copies the scaled rows, first those outside fold 0, then those in it. */
static struct samples *make_instance(const struct table *table, int classes) {
  size_t rows = (size_t)table->rows, columns = (size_t)table->columns;
  struct samples *self = calloc(1, sizeof *self);
  int *fold = malloc(rows * sizeof *fold), ok;
  double *scaled = malloc(rows * columns * sizeof *scaled);
  if (self) {
    self->inputs = malloc(rows * columns * sizeof *self->inputs);
    self->labels = malloc(rows * sizeof *self->labels);
  }
  ok = self && fold && scaled && self->inputs && self->labels && table_folds(table, FOLDS, 1, fold) == 0;
  if (ok) {
    size_t n = 0;
    table_standardize(table, fold, 0, scaled);
    for (int held_out = 0; held_out < 2; held_out++) {
      for (size_t i = 0; i < rows; i++) {
        if ((fold[i] == 0) != held_out) continue;
        for (size_t j = 0; j < columns; j++) self->inputs[n * columns + j] = (float)scaled[i * columns + j];
        self->labels[n++] = (int)table->target[i];
      }
      if (!held_out) self->train_rows = (int)n;
    }
    self->rows = table->rows;
    self->columns = table->columns;
    self->classes = classes;
  }
  free(fold);
  free(scaled);
  if (ok) return self;
  destroy(self);
  return NULL;
}

/* How many classes 0, 1, ... the targets name; 0 when one is no class or above the largest. */
static int count_classes(const struct table *table) {
  int classes = 2;
  for (int i = 0; i < table->rows; i++) {
    double target = table->target[i];
    if (!(target >= 0 && target < MAX_CLASSES) || target != floor(target)) return 0;
    if (target >= classes) classes = (int)target + 1;
  }
  return classes;
}

static int32_t create(const attune_objective_descriptor *descriptor, const attune_host *host, const char *config_json,
                      void **out_instance) {
  char data[512] = "digits.csv", error[2048];
  int epochs = 6, rows = 1000000, seed = 1;
  const struct config_field fields[] = {
      {"data", data, sizeof data, NULL, 0, 0},
      {"epochs", NULL, 0, &epochs, 1, 10000},
      {"rows", NULL, 0, &rows, 1, 1000000},
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
  if (self) {
    self->epochs = epochs;
    self->seed = seed;
    if (rows < self->train_rows) {
      /* Fewer rows to learn from; the rows held out stay where they are. */
      size_t columns = (size_t)self->columns, held_out = (size_t)(self->rows - self->train_rows);
      memmove(self->inputs + (size_t)rows * columns, self->inputs + (size_t)self->train_rows * columns,
              held_out * columns * sizeof *self->inputs);
      memmove(self->labels + rows, self->labels + self->train_rows, held_out * sizeof *self->labels);
      self->rows = rows + (int)held_out;
      self->train_rows = rows;
    }
  } else {
    host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
  }
  table_free(&table);
  *out_instance = self;
  return self ? 0 : ATTUNE_PLUGIN_FAILED;
}

static int layer_size(const struct layer *layer) { return (layer->inputs + 1) * layer->outputs; }

/* Draws weights of variance 1 / inputs, so that sums neither vanish nor grow; biases begin at 0. */
static void draw_layer(struct layer *layer, float **memory, uint64_t *random) {
  int n = layer_size(layer);
  float spread = sqrtf(3.0f / (float)layer->inputs);
  layer->weights = *memory;
  layer->gradient = *memory + n;
  layer->step = *memory + 2 * n;
  *memory += 3 * n;
  for (int i = 0; i < layer->inputs * layer->outputs; i++) {
    double unit = (double)(table_random(random) >> 11) * 0x1p-53;
    layer->weights[i] = spread * (float)(2 * unit - 1);
  }
}

static struct network *make_network(const struct samples *self, const attune_eval *eval, uint64_t *random) {
  static const char *const names[] = {"none", "skip", "linear", "relu", "tanh"};
  struct network *network = calloc(1, sizeof *network);
  if (!network) return NULL;
  int width = network->width = (int)ATTUNE_PARAM(eval, WIDTH)->choice_integer;
  network->stem = (struct layer){.inputs = self->columns, .outputs = width};
  network->head = (struct layer){.inputs = width, .outputs = self->classes};
  int size = layer_size(&network->stem) + layer_size(&network->head);
  for (int e = 0; e < EDGES; e++) {
    const char *name = ATTUNE_PARAM(eval, FIRST_EDGE + e)->text;
    while (strcmp(name, names[network->operations[e]]) != 0) network->operations[e]++;
    network->edges[e] = (struct layer){.inputs = width, .outputs = width};
    size += layer_size(&network->edges[e]);
  }
  network->memory = calloc(3 * (size_t)size, sizeof *network->memory);
  if (!network->memory) {
    free(network);
    return NULL;
  }
  float *memory = network->memory;
  draw_layer(&network->stem, &memory, random);
  draw_layer(&network->head, &memory, random);
  for (int e = 0; e < EDGES; e++) draw_layer(&network->edges[e], &memory, random);
  return network;
}

static void apply(const struct layer *layer, const float *in, float *out) {
  const float *bias = layer->weights + layer->inputs * layer->outputs;
  for (int o = 0; o < layer->outputs; o++) out[o] = bias[o];
  for (int i = 0; i < layer->inputs; i++) {
    const float *row = layer->weights + i * layer->outputs;
    for (int o = 0; o < layer->outputs; o++) out[o] += in[i] * row[o];
  }
}

/* Adds to the layer's gradient what slope, the loss by its outputs, makes of it, and to in_slope, if given, the loss by
 * its inputs. */
static void apply_back(struct layer *layer, const float *in, const float *slope, float *in_slope) {
  float *bias = layer->gradient + layer->inputs * layer->outputs;
  for (int o = 0; o < layer->outputs; o++) bias[o] += slope[o];
  for (int i = 0; i < layer->inputs; i++) {
    const float *row = layer->weights + i * layer->outputs;
    float *gradient = layer->gradient + i * layer->outputs, sum = 0;
    for (int o = 0; o < layer->outputs; o++) gradient[o] += in[i] * slope[o];
    if (!in_slope) continue;
    for (int o = 0; o < layer->outputs; o++) sum += row[o] * slope[o];
    in_slope[i] += sum;
  }
}

/* One row through the network; returns its log loss. */
static double forward(struct network *network, const float *row, int label) {
  int width = network->width, classes = network->head.outputs, e = 0;
  apply(&network->stem, row, network->nodes[0]);
  for (int k = 0; k < width; k++) network->nodes[0][k] = fmaxf(network->nodes[0][k], 0);
  for (int node = 1; node < NODES; node++) {
    memset(network->nodes[node], 0, sizeof network->nodes[node]);
    for (int source = 0; source < node; source++, e++) {
      enum operation operation = network->operations[e];
      float *made = network->made[e];
      if (operation == NONE) continue;
      if (operation == SKIP) memcpy(made, network->nodes[source], sizeof network->made[e]);
      else apply(&network->edges[e], network->nodes[source], made);
      for (int k = 0; k < width; k++) {
        if (operation == RELU) made[k] = fmaxf(made[k], 0);
        if (operation == TANH) made[k] = tanhf(made[k]);
        network->nodes[node][k] += made[k];
      }
    }
  }
  apply(&network->head, network->nodes[NODES - 1], network->outputs);
  float most = network->outputs[0];
  double sum = 0;
  for (int c = 1; c < classes; c++) most = fmaxf(most, network->outputs[c]);
  for (int c = 0; c < classes; c++) sum += exp((double)(network->outputs[c] - most));
  for (int c = 0; c < classes; c++) {
    network->errors[c] = (float)(exp((double)(network->outputs[c] - most)) / sum) - (c == label);
  }
  return log(sum) - (double)(network->outputs[label] - most);
}

/* The way back of the row that went through last. */
static void backward(struct network *network, const float *row) {
  int width = network->width, e = EDGES - 1;
  memset(network->slopes, 0, sizeof network->slopes);
  apply_back(&network->head, network->nodes[NODES - 1], network->errors, network->slopes[NODES - 1]);
  for (int node = NODES - 1; node > 0; node--) {
    for (int source = node - 1; source >= 0; source--, e--) {
      enum operation operation = network->operations[e];
      float slope[MAX_WIDTH];
      if (operation == NONE) continue;
      for (int k = 0; k < width; k++) {
        float made = network->made[e][k];
        slope[k] = network->slopes[node][k];
        if (operation == RELU && made <= 0) slope[k] = 0;
        if (operation == TANH) slope[k] *= 1 - made * made;
        if (operation == SKIP) network->slopes[source][k] += slope[k];
      }
      if (operation != SKIP) {
        apply_back(&network->edges[e], network->nodes[source], slope, network->slopes[source]);
      }
    }
  }
  for (int k = 0; k < width; k++) network->slopes[0][k] *= network->nodes[0][k] > 0;
  apply_back(&network->stem, row, network->slopes[0], NULL);
}

static void descend(struct layer *layer, float rate) {
  for (int i = 0, n = layer_size(layer); i < n; i++) {
    layer->step[i] = 0.9f * layer->step[i] - rate * layer->gradient[i];
    layer->weights[i] += layer->step[i];
    layer->gradient[i] = 0;
  }
}

static void train_epoch(struct network *network, const struct samples *self, float rate, int *order,
                        uint64_t *random) {
  table_shuffle(order, self->train_rows, table_random(random));
  for (int i = 0; i < self->train_rows; i++) {
    const float *row = self->inputs + (size_t)order[i] * (size_t)self->columns;
    forward(network, row, self->labels[order[i]]);
    backward(network, row);
    if (i % BATCH != BATCH - 1 && i != self->train_rows - 1) continue;
    descend(&network->stem, rate / BATCH);
    descend(&network->head, rate / BATCH);
    for (int e = 0; e < EDGES; e++) {
      if (network->operations[e] > SKIP) descend(&network->edges[e], rate / BATCH);
    }
  }
}

static int32_t train(struct network *network, const struct samples *self, const attune_eval *eval, int *order,
                     uint64_t *random) {
  const attune_host *host = eval->host;
  double rate = ATTUNE_PARAM(eval, LEARNING_RATE)->number, loss = NAN;
  for (int epoch = 0; epoch < self->epochs; epoch++) {
    train_epoch(network, self, (float)(rate * (self->epochs - epoch) / self->epochs), order, random);
    loss = 0;
    for (int i = self->train_rows; i < self->rows; i++) {
      loss += forward(network, self->inputs + (size_t)i * (size_t)self->columns, self->labels[i]);
    }
    loss /= self->rows - self->train_rows;
    /* A network that has diverged is as good as none: a sure loss, lest NaN make the trial fail. */
    if (!(loss < 100)) loss = 100;
    host->report(host, eval, epoch, loss);
    if (host->should_stop(host, eval) || host->should_prune(host, eval)) return ATTUNE_PLUGIN_PRUNED;
  }
  eval->values[0] = loss;
  return ATTUNE_PLUGIN_OK;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct samples *self = instance;
  uint64_t random = self->seed == 0 ? eval->seed : (uint64_t)self->seed;
  struct network *network = make_network(self, eval, &random);
  int *order = malloc((size_t)self->rows * sizeof *order);
  int32_t status = ATTUNE_PLUGIN_FAILED;
  if (network && order) {
    status = train(network, self, eval, order, &random);
  } else {
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, "out of memory for the network");
  }
  if (network) free(network->memory);
  free(network);
  free(order);
  return status;
}

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE | ATTUNE_CAP_CANCEL,
    .id = "org.attune.examples.nas",
    .name = "Architecture of a network, held-out log loss",
    .version = "1.0.0",
    .description = "Held-out log loss of a network whose cell is searched, reported each epoch; smaller is better",
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
    .id = "org.attune.examples.nas",
    .name = "Architecture of a network",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

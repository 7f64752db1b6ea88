/* matmul.c - an Attune plugin: tuning the speed of a matrix product in C.
 *
 * The objective is billions of floating-point operations a second, so larger is better, of C = A B with blocks of A, B
 * and C that should stay in the caches. Each product is compared with a plain one: a wrong result fails the trial, and
 * a tuner that finds a fast wrong kernel learns nothing from it. Times are noisy; the best of a few repeats counts.
 *
 * Not deterministic, by nature. One job a process: two products timed at once would slow each other down.
 */
#define _GNU_SOURCE
#include "../data/config.h"

#include <attune_plugin.h>
#include <math.h>
#include <stdint.h>
#include <time.h>

/* The parameters, in the order of the space: the host passes them so. */
enum { BLOCK_ROWS, BLOCK_COLUMNS, BLOCK_DEPTH, UNROLL, PACK };

static const char space[] =
    "{\"block_rows\": {\"type\": \"int\", \"low\": 4, \"high\": 256, \"log\": true},"
    " \"block_columns\": {\"type\": \"int\", \"low\": 4, \"high\": 256, \"log\": true},"
    " \"block_depth\": {\"type\": \"int\", \"low\": 4, \"high\": 256, \"log\": true},"
    " \"unroll\": {\"type\": \"categorical\", \"choices\": [1, 2, 4, 8], \"ordered\": true},"
    " \"pack\": {\"type\": \"categorical\", \"choices\": [false, true]}}";

static const char config_schema[] =
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"size\": {\"type\": \"integer\", \"minimum\": 16, \"maximum\": 2048, \"default\": 256},"
    "\"repeats\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 100, \"default\": 3}}}";

struct bench {
  int size, repeats;
  double *a, *b, *expected; /* size x size, row after row */
};

static void destroy(void *instance) {
  struct bench *self = instance;
  if (!self) return;
  free(self->a);
  free(self->b);
  free(self->expected);
  free(self);
}

static void multiply_plainly(int n, const double *a, const double *b, double *c) {
  memset(c, 0, (size_t)n * (size_t)n * sizeof *c);
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < n; j++) c[i * n + j] += a[i * n + k] * b[k * n + j];
    }
  }
}

static int32_t create(const attune_objective_descriptor *descriptor, const attune_host *host, const char *config_json,
                      void **out_instance) {
  char error[256] = "out of memory for the matrices";
  int size = 256, repeats = 3;
  const struct config_field fields[] = {
      {"size", NULL, 0, &size, 16, 2048},
      {"repeats", NULL, 0, &repeats, 1, 100},
  };
  struct bench *self = NULL;
  (void)descriptor;
  if (config_read(config_json, fields, 2, error, sizeof error) == 0 && (self = calloc(1, sizeof *self))) {
    size_t cells = (size_t)size * (size_t)size;
    self->size = size;
    self->repeats = repeats;
    self->a = malloc(cells * sizeof(double));
    self->b = malloc(cells * sizeof(double));
    self->expected = malloc(cells * sizeof(double));
    if (self->a && self->b && self->expected) {
      for (size_t i = 0; i < cells; i++) {
        self->a[i] = (double)(i * 7 % 19) - 9;
        self->b[i] = (double)(i * 11 % 23) - 11;
      }
      multiply_plainly(size, self->a, self->b, self->expected);
      *out_instance = self;
      return 0;
    }
  }
  destroy(self);
  host->set_error(host, NULL, ATTUNE_PLUGIN_FAILED, error);
  return ATTUNE_PLUGIN_FAILED;
}

struct kernel {
  int rows, columns, depth; /* of a block   */
  int unroll;               /* rows of C advanced together, so that a value of B is loaded once for all of them */
  double *packed;           /* depth x columns values of B side by side, or NULL: B is read in place            */
};

/* unroll rows of one block of C. The compiler makes one copy for each constant. */
static inline __attribute__((always_inline)) void multiply_rows(int unroll, int columns, int depth, const double *a,
                                                                int a_step, const double *b, int b_step,
                                                                double *restrict c, int c_step) {
  for (int k = 0; k < depth; k++) {
    for (int j = 0; j < columns; j++) {
      for (int u = 0; u < unroll; u++) c[u * c_step + j] += a[u * a_step + k] * b[k * b_step + j];
    }
  }
}

static void multiply_block(const struct kernel *kernel, int rows, int columns, int depth, const double *a, int n,
                           const double *b, int b_step, double *c) {
  int i = 0;
  for (; i + kernel->unroll <= rows; i += kernel->unroll, a += kernel->unroll * n, c += kernel->unroll * n) {
    switch (kernel->unroll) {
      case 1: multiply_rows(1, columns, depth, a, n, b, b_step, c, n); break;
      case 2: multiply_rows(2, columns, depth, a, n, b, b_step, c, n); break;
      case 4: multiply_rows(4, columns, depth, a, n, b, b_step, c, n); break;
      default: multiply_rows(8, columns, depth, a, n, b, b_step, c, n); break;
    }
  }
  for (; i < rows; i++, a += n, c += n) multiply_rows(1, columns, depth, a, n, b, b_step, c, n);
}

static int smaller(int left, int right) { return left < right ? left : right; }

static void multiply(const struct kernel *kernel, int n, const double *a, const double *b, double *c) {
  memset(c, 0, (size_t)n * (size_t)n * sizeof *c);
  for (int j = 0; j < n; j += kernel->columns) {
    int columns = smaller(kernel->columns, n - j);
    for (int k = 0; k < n; k += kernel->depth) {
      int depth = smaller(kernel->depth, n - k), b_step = n;
      const double *block = b + k * n + j;
      if (kernel->packed) {
        for (int row = 0; row < depth; row++) {
          memcpy(kernel->packed + row * columns, block + row * n, (size_t)columns * sizeof *block);
        }
        block = kernel->packed;
        b_step = columns;
      }
      for (int i = 0; i < n; i += kernel->rows) {
        multiply_block(kernel, smaller(kernel->rows, n - i), columns, depth, a + i * n + k, n, block, b_step,
                       c + i * n + j);
      }
    }
  }
}

/* Seconds this thread has computed: other threads that take its core away do not count. */
static double thread_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The matrices hold small whole numbers: every sum is exact, in any order. */
static int32_t check(const struct bench *self, const double *c, const attune_eval *eval) {
  for (int i = 0; i < self->size * self->size; i++) {
    if (c[i] == self->expected[i]) continue;
    char error[160];
    snprintf(error, sizeof error, "wrong product: row %d, column %d is %g, wanted %g", i / self->size, i % self->size,
             c[i], self->expected[i]);
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, error);
    return ATTUNE_PLUGIN_FAILED;
  }
  return ATTUNE_PLUGIN_OK;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct bench *self = instance;
  struct kernel kernel = {
      .rows = (int)ATTUNE_PARAM(eval, BLOCK_ROWS)->integer,
      .columns = (int)ATTUNE_PARAM(eval, BLOCK_COLUMNS)->integer,
      .depth = (int)ATTUNE_PARAM(eval, BLOCK_DEPTH)->integer,
      .unroll = (int)ATTUNE_PARAM(eval, UNROLL)->choice_integer,
  };
  int pack = ATTUNE_PARAM(eval, PACK)->choice_integer != 0;
  double *c = malloc((size_t)self->size * (size_t)self->size * sizeof *c);
  if (pack) kernel.packed = malloc((size_t)kernel.columns * (size_t)kernel.depth * sizeof *kernel.packed);
  int32_t status = ATTUNE_PLUGIN_FAILED;
  if (c && (!pack || kernel.packed)) {
    double best = INFINITY;
    for (int i = 0; i < self->repeats; i++) {
      if (i > 0 && eval->host->should_stop(eval->host, eval)) break;
      double start = thread_seconds();
      multiply(&kernel, self->size, self->a, self->b, c);
      best = fmin(best, thread_seconds() - start);
    }
    eval->values[0] = 2e-9 * self->size * self->size * self->size / best;
    status = check(self, c, eval);
  } else {
    eval->host->set_error(eval->host, eval, ATTUNE_PLUGIN_FAILED, "out of memory for the product");
  }
  free(kernel.packed);
  free(c);
  return status;
}

static const int32_t maximize[] = {1};

static const attune_objective_descriptor objective = {
    .struct_size = sizeof objective,
    .capabilities = ATTUNE_CAP_PROCESS_ONLY,
    .id = "org.attune.examples.matmul",
    .name = "Matrix product, GFLOP/s",
    .version = "1.0.0",
    .description = "Speed of a blocked matrix product in billions of operations a second; larger is better",
    .space_json = space,
    .config_schema_json = config_schema,
    .directions = maximize,
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
    .id = "org.attune.examples.matmul",
    .name = "Matrix product",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

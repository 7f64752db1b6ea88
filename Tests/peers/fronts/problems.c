/* problems.c - problems of several objectives, as Attune plugins and, for the peers, as one C function.
 *
 * ZDT1, ZDT2, ZDT3: E. Zitzler, K. Deb, L. Thiele, Evolutionary Computation 8 (2000), here with 10 variables.
 * DTLZ2: K. Deb et al., CEC 2002, 3 objectives, 7 variables. With constraints: BNH (T. Binh, U. Korn, 1997), SRN (N.
 * Srinivas, K. Deb, 1994), TNK (M. Tanaka et al., 1995), OSY (A. Osyczka, S. Kundu, 1995). All are to be minimised;
 * a constraint of 0 or less holds.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <attune_plugin.h>

static const double pi = 3.14159265358979323846;

enum { MAX_VARIABLES = 10, MAX_VALUES = 3, MAX_CONSTRAINTS = 6 };

struct problem {
  const char *name;
  int variables, values, constraints;
  double low[MAX_VARIABLES], high[MAX_VARIABLES];
  void (*evaluate)(const double *x, double *f, double *c);
};

static double zdt_g(const double *x) {
  double sum = 0;
  for (int i = 1; i < 10; i++) sum += x[i];
  return 1 + sum; /* 9 / (n - 1) = 1 */
}
static void zdt1(const double *x, double *f, double *c) {
  double g = zdt_g(x);
  (void)c;
  f[0] = x[0];
  f[1] = g * (1 - sqrt(x[0] / g));
}
static void zdt2(const double *x, double *f, double *c) {
  double g = zdt_g(x);
  (void)c;
  f[0] = x[0];
  f[1] = g * (1 - x[0] / g * (x[0] / g));
}
static void zdt3(const double *x, double *f, double *c) {
  double g = zdt_g(x);
  (void)c;
  f[0] = x[0];
  f[1] = g * (1 - sqrt(x[0] / g) - x[0] / g * sin(10 * pi * x[0]));
}
static void dtlz2(const double *x, double *f, double *c) {
  double g = 0;
  (void)c;
  for (int i = 2; i < 7; i++) g += (x[i] - 0.5) * (x[i] - 0.5);
  f[0] = (1 + g) * cos(x[0] * pi / 2) * cos(x[1] * pi / 2);
  f[1] = (1 + g) * cos(x[0] * pi / 2) * sin(x[1] * pi / 2);
  f[2] = (1 + g) * sin(x[0] * pi / 2);
}
static void bnh(const double *x, double *f, double *c) {
  f[0] = 4 * x[0] * x[0] + 4 * x[1] * x[1];
  f[1] = (x[0] - 5) * (x[0] - 5) + (x[1] - 5) * (x[1] - 5);
  c[0] = (x[0] - 5) * (x[0] - 5) + x[1] * x[1] - 25;
  c[1] = 7.7 - (x[0] - 8) * (x[0] - 8) - (x[1] + 3) * (x[1] + 3);
}
static void srn(const double *x, double *f, double *c) {
  f[0] = 2 + (x[0] - 2) * (x[0] - 2) + (x[1] - 1) * (x[1] - 1);
  f[1] = 9 * x[0] - (x[1] - 1) * (x[1] - 1);
  c[0] = x[0] * x[0] + x[1] * x[1] - 225;
  c[1] = x[0] - 3 * x[1] + 10;
}
static void tnk(const double *x, double *f, double *c) {
  f[0] = x[0];
  f[1] = x[1];
  c[0] = 1 + 0.1 * cos(16 * atan2(x[0], x[1])) - x[0] * x[0] - x[1] * x[1];
  c[1] = (x[0] - 0.5) * (x[0] - 0.5) + (x[1] - 0.5) * (x[1] - 0.5) - 0.5;
}
static void osy(const double *x, double *f, double *c) {
  f[0] = -(25 * (x[0] - 2) * (x[0] - 2) + (x[1] - 2) * (x[1] - 2) + (x[2] - 1) * (x[2] - 1) +
           (x[3] - 4) * (x[3] - 4) + (x[4] - 1) * (x[4] - 1));
  f[1] = 0;
  for (int i = 0; i < 6; i++) f[1] += x[i] * x[i];
  c[0] = 2 - x[0] - x[1];
  c[1] = x[0] + x[1] - 6;
  c[2] = x[1] - x[0] - 2;
  c[3] = x[0] - 3 * x[1] - 2;
  c[4] = (x[2] - 3) * (x[2] - 3) + x[3] - 4;
  c[5] = 4 - (x[4] - 3) * (x[4] - 3) - x[5];
}

#define ONES {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
static const struct problem problems[] = {
    {"zdt1", 10, 2, 0, {0}, ONES, zdt1},
    {"zdt2", 10, 2, 0, {0}, ONES, zdt2},
    {"zdt3", 10, 2, 0, {0}, ONES, zdt3},
    {"dtlz2", 7, 3, 0, {0}, ONES, dtlz2},
    {"bnh", 2, 2, 2, {0, 0}, {5, 3}, bnh},
    {"srn", 2, 2, 2, {-20, -20}, {20, 20}, srn},
    {"tnk", 2, 2, 2, {0, 0}, {3.14159265358979323846, 3.14159265358979323846}, tnk},
    {"osy", 6, 2, 6, {0, 0, 1, 0, 1, 0}, {10, 10, 5, 6, 5, 10}, osy},
};
enum { COUNT = sizeof problems / sizeof problems[0] };

/* For the peers: the shape of problem i, or its name NULL; and one evaluation. */
ATTUNE_PLUGIN_EXPORT const char *fronts_describe(int i, int *shape, double *low, double *high) {
  if (i < 0 || i >= COUNT) return NULL;
  const struct problem *problem = &problems[i];
  shape[0] = problem->variables;
  shape[1] = problem->values;
  shape[2] = problem->constraints;
  memcpy(low, problem->low, sizeof problem->low);
  memcpy(high, problem->high, sizeof problem->high);
  return problem->name;
}
ATTUNE_PLUGIN_EXPORT void fronts_evaluate(int i, const double *x, double *f, double *c) {
  problems[i].evaluate(x, f, c);
}

/* The problem itself is the instance: an objective's descriptor tells which. */
static attune_objective_descriptor descriptors[COUNT];
static char ids[COUNT][64], spaces[COUNT][1024];

static int32_t create(const attune_objective_descriptor *self, const attune_host *host, const char *config,
                      void **out) {
  (void)host;
  (void)config;
  *out = (void *)(uintptr_t)&problems[self - descriptors];
  return 0;
}

static int32_t evaluate(void *instance, const attune_eval *eval) {
  const struct problem *problem = instance;
  double x[MAX_VARIABLES], c[MAX_CONSTRAINTS];
  for (int i = 0; i < problem->variables; i++) x[i] = ATTUNE_PARAM(eval, i)->number;
  problem->evaluate(x, eval->values, c);
  for (int i = 0; i < problem->constraints; i++) {
    char name[16];
    snprintf(name, sizeof name, "c%d", i);
    if (eval->host->set_constraint(eval->host, eval, name, c[i]) != 0) return ATTUNE_PLUGIN_FAILED;
  }
  return ATTUNE_PLUGIN_OK;
}

static const attune_objective_descriptor *objectives[COUNT];
static const attune_plugin plugin = {
    .struct_size = sizeof plugin,
    .abi_major = ATTUNE_PLUGIN_ABI_MAJOR,
    .abi_minor = ATTUNE_PLUGIN_ABI_MINOR,
    .n_objectives = COUNT,
    .id = "org.attune.tests.fronts",
    .name = "Problems of several objectives",
    .version = "1.0.0",
    .license = "Apache-2.0",
    .objectives = objectives,
};

__attribute__((constructor)) static void fill(void) {
  for (int i = 0; i < COUNT; i++) {
    const struct problem *problem = &problems[i];
    int used = snprintf(spaces[i], sizeof spaces[i], "{");
    for (int k = 0; k < problem->variables; k++) {
      used += snprintf(spaces[i] + used, sizeof spaces[i] - (size_t)used,
                       "%s\"x%d\": {\"type\": \"float\", \"low\": %.17g, \"high\": %.17g}", k ? ", " : "", k,
                       problem->low[k], problem->high[k]);
    }
    snprintf(spaces[i] + used, sizeof spaces[i] - (size_t)used, "}");
    snprintf(ids[i], sizeof ids[i], "org.attune.tests.%s", problem->name);
    descriptors[i] = (attune_objective_descriptor){
        .struct_size = sizeof descriptors[i],
        .capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC,
        .id = ids[i],
        .name = problem->name,
        .version = "1.0.0",
        .space_json = spaces[i],
        .n_values = (uint32_t)problem->values,
        .create = create,
        .evaluate = evaluate,
    };
    objectives[i] = &descriptors[i];
  }
}

ATTUNE_PLUGIN_EXPORT const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

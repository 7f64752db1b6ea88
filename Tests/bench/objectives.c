/* objectives.c - what the evaluators are measured with: one cheap function, called directly, by its signature and as a
 * plugin; and a plugin whose evaluation takes a fixed amount of work. */
#define _GNU_SOURCE
#include <attune_plugin.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

ATTUNE_PLUGIN_EXPORT double bench_sum(double a, double b, double c, double d, double e);
double bench_sum(double a, double b, double c, double d, double e) { return a * b + c * d + e; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Nanoseconds of a direct call through a pointer, as a program has that loaded the function by dlsym. */
ATTUNE_PLUGIN_EXPORT double bench_direct_native(int64_t n);
double bench_direct_native(int64_t n) {
  double (*volatile function)(double, double, double, double, double) = bench_sum;
  double sum = 0, start = now();
  int64_t i;
  for (i = 0; i < n; i++) sum += function((double)i, 2, 3, 4, sum * 1e-9);
  return (now() - start) / (double)n * 1e9 + (sum < 0 ? 1 : 0);
}

static int32_t sum_evaluate(void *instance, const attune_eval *eval) {
  (void)instance;
  eval->values[0] = bench_sum(ATTUNE_PARAM(eval, 0)->number, ATTUNE_PARAM(eval, 1)->number, ATTUNE_PARAM(eval, 2)->number,
                              ATTUNE_PARAM(eval, 3)->number, ATTUNE_PARAM(eval, 4)->number);
  return ATTUNE_PLUGIN_OK;
}

/* Nanoseconds of the plugin's evaluate, called directly with parameters that are already in place. */
ATTUNE_PLUGIN_EXPORT double bench_direct_plugin(int64_t n);
double bench_direct_plugin(int64_t n) {
  int32_t (*volatile function)(void *, const attune_eval *) = sum_evaluate;
  attune_param_value params[5] = {{0}};
  double value = 0, sum = 0, start;
  attune_eval eval = {0};
  int64_t i;
  eval.struct_size = sizeof eval;
  eval.value_stride = sizeof params[0];
  eval.params = params;
  eval.n_params = 5;
  eval.values = &value;
  eval.n_values = 1;
  start = now();
  for (i = 0; i < n; i++) {
    params[0].number = (double)i;
    function(NULL, &eval);
    sum += value;
  }
  return (now() - start) / (double)n * 1e9 + (sum < 0 ? 1 : 0);
}

/* ---- work: the same amount of arithmetic whatever else the machine does --------------------------- */

static int64_t rounds = 1000;

static double work(double x) {
  int64_t i;
  for (i = 0; i < rounds; i++) x = x * 0.999999 + 1e-6;
  return x;
}

/* Finds the rounds that take so many microseconds on a quiet core. */
ATTUNE_PLUGIN_EXPORT void bench_calibrate(double microseconds);
void bench_calibrate(double microseconds) {
  double fastest = 1e9;
  int i;
  rounds = 100000;
  for (i = 0; i < 50; i++) {
    volatile double x = 0.5;
    double start = now(), time;
    x = work(x);
    time = now() - start;
    if (time < fastest) fastest = time;
  }
  rounds = (int64_t)(100000 * microseconds * 1e-6 / fastest) + 1;
}

struct share { int64_t n; double sum; };
static void *do_share(void *argument) {
  struct share *share = argument;
  int64_t i;
  for (i = 0; i < share->n; i++) share->sum += work((double)i);
  return NULL;
}

/* Seconds for n pieces of work on n_threads bare threads: what the machine itself gives at this moment. */
ATTUNE_PLUGIN_EXPORT double bench_bare_threads(int64_t n, int32_t n_threads);
double bench_bare_threads(int64_t n, int32_t n_threads) {
  pthread_t threads[64];
  struct share shares[64];
  double start = now();
  int32_t i;
  if (n_threads < 1 || n_threads > 64) return -1;
  for (i = 0; i < n_threads; i++) {
    shares[i].n = n / n_threads;
    shares[i].sum = 0;
    if (pthread_create(&threads[i], NULL, do_share, &shares[i]) != 0) abort();
  }
  for (i = 0; i < n_threads; i++) pthread_join(threads[i], NULL);
  return now() - start;
}

static int32_t work_evaluate(void *instance, const attune_eval *eval) {
  (void)instance;
  eval->values[0] = work(ATTUNE_PARAM(eval, 0)->number);
  return ATTUNE_PLUGIN_OK;
}

static int32_t crash_evaluate(void *instance, const attune_eval *eval) {
  (void)instance, (void)eval;
  abort();
}

#define UNIT(name) "\"" name "\": {\"type\": \"float\", \"low\": 0, \"high\": 1}"
static const attune_objective_descriptor sum = {
    sizeof sum, ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC, "org.attune.bench.sum", "Sum", "1.0.0", NULL,
    "{" UNIT("a") ", " UNIT("b") ", " UNIT("c") ", " UNIT("d") ", " UNIT("e") "}",
    NULL, NULL, 1, 0, NULL, sum_evaluate, NULL};
static const attune_objective_descriptor fixed_work = {
    sizeof fixed_work, ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC, "org.attune.bench.work", "Work", "1.0.0", NULL,
    "{" UNIT("a") "}", NULL, NULL, 1, 0, NULL, work_evaluate, NULL};
static const attune_objective_descriptor crash = {
    sizeof crash, 0, "org.attune.bench.crash", "Crash", "1.0.0", NULL, "{" UNIT("a") "}", NULL, NULL, 1, 0, NULL,
    crash_evaluate, NULL};
static const attune_objective_descriptor *const objectives[] = {&sum, &fixed_work, &crash};
static const attune_plugin plugin = {
    sizeof plugin, ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 3,
    "org.attune.bench", "Bench", "1.0.0", "Apache-2.0", objectives, NULL};

const attune_plugin *attune_plugin_entry_v1(uint32_t host_abi_major, uint32_t host_abi_minor) {
  (void)host_abi_minor;
  return host_abi_major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : NULL;
}

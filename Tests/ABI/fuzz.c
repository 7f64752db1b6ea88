/* fuzz.c - random calls, good and bad, of everything in attune.h. None may trap, hang, or answer against the contract.
 *
 * usage: fuzz [--seconds S] [--seed N] [--threads N] [--calls N] [--trace] [--files]
 * --files: nothing but damaged study files.
 * Handles come from a pool of live, freed, wrong-kind and made-up ones; texts are good, broken, huge, not UTF-8 or
 * NULL; numbers are ordinary or extreme; JSON and signatures and study files are mutated; callbacks call back in.
 * One file, since every call shares the pool. The last lines of the output tell what went wrong: the violations or the
 * crash, the seed and the last calls of each thread. The same seed with one thread repeats them.
 */
#include "attune.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum kind { STUDY, TRIAL, SPACE, OPTIONS, OBJECTIVE, TRIALS, ERROR, KINDS };
enum { SLOTS = 8, GRAVES = 32, TEXT_MOST = 1 << 16, RING = 12, LAST = 12, KEPT_VIOLATIONS = 20, SIGNAL_STACK = 1 << 16 };

struct fuzzer {
  uint64_t state, calls, limit;
  int index, depth, quiet;
  const char *last[LAST]; /* the names of the last calls, the newest at calls % LAST */
  const char *slowest;
  double slowest_seconds;
  void *pool[KINDS][SLOTS];
  void *graves[GRAVES];
  void *asking, *parents[SLOTS]; /* the study of each trial of the pool */
  void *running; /* the study this thread optimizes */
  char *ring[RING];
  int next_ring;
};

struct counter {
  const char *name;
  uint64_t n, succeeded; /* of those with a status */
  struct counter *next;
  int registered;
};

static struct counter *counters;
static uint64_t seed = 1, violations, running_now;
static double deadline;
static int n_threads = 1, trace, over, ended_threads, report = 2; /* report: standard error, before the log went to a file */
static char folder[512], violation_texts[KEPT_VIOLATIONS][1200];
static void *shared[KINDS][SLOTS];
static struct fuzzer *all_fuzzers[65];
static __thread struct fuzzer *self;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- randomness ---- */

static uint64_t rnd(void) { /* splitmix64 */
  uint64_t z = (self->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
static uint64_t below(uint64_t n) { return rnd() % n; }
static int one_in(uint64_t n) { return below(n) == 0; }
#define PICK(array) ((array)[below(sizeof(array) / sizeof((array)[0]))])

static double any_double(void) {
  static const double odd[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, -5e-324, 1e300, -1e300,
                               9007199254740992.0, 9.3e18, -9.3e18, 1e-300, 0.1, 0.3, 1, -1, 2, 10, 1e-5};
  if (one_in(2)) return PICK(odd);
  return ((double)(rnd() >> 11) / 9007199254740992.0 - 0.3) * (one_in(2) ? 1 : 100);
}
static int64_t any_int(void) {
  static const int64_t odd[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, INT32_MAX, INT32_MIN, 4294967296, 0, 1, -1, 2, 3};
  if (one_in(2)) return PICK(odd);
  return one_in(4) ? (int64_t)rnd() : (int64_t)below(20) - 4;
}
static int32_t any_int32(void) { return (int32_t)any_int(); }
static size_t any_index(void) { return one_in(6) ? (size_t)any_int() : (size_t)below(8); }
/* A count of things of which there are `real`: true, or so large that it must be refused unread. */
static size_t any_count(size_t real) {
  if (one_in(12)) return one_in(2) ? (size_t)-1 : (size_t)1 << 48;
  return (size_t)below(real + 1);
}

/* ---- texts ---- */

static const char *const spaces[] = {
    "{\"lr\": {\"type\": \"float\", \"low\": 1e-5, \"high\": 0.1, \"log\": true}, \"layers\": {\"type\": \"int\", \"low\": 1, \"high\": 8},"
    " \"kernel\": {\"type\": \"categorical\", \"choices\": [\"rbf\", \"poly\"]}, \"degree\": {\"type\": \"int\", \"low\": 2, \"high\": 5,"
    " \"when\": {\"kernel\": [\"poly\"]}}, \"tol\": {\"type\": \"fixed\", \"value\": 1e-3}}",
    "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}",
    "{\"x\": {\"type\": \"float\", \"low\": -1e308, \"high\": 1, \"step\": 0.25}}",
    "{\"x\": {\"type\": \"int\", \"low\": -9223372036854775808, \"high\": 9223372036854775807}}",
    "{\"x\": {\"type\": \"int\", \"low\": 1, \"high\": 9223372036854775807, \"log\": true}, \"y\": {\"type\": \"float\", \"low\": 0,"
    " \"high\": 1, \"when\": {\"x\": {\"low\": 0, \"high\": 1e18}}}}",
    "{\"x\": {\"type\": \"categorical\", \"choices\": [null, true, 3, 2.5, \"rbf\"], \"ordered\": true}}",
    "{}", "{\"x\": {\"type\": \"fixed\", \"value\": null}}",
    "{\"x\": {\"type\": \"int\", \"low\": 0, \"high\": 2}, \"y\": {\"type\": \"int\", \"low\": 0, \"high\": 1}}"};
static const char *const option_texts[] = {
    "{\"seed\": 7}", "{\"seed\": 7, \"duplicates\": \"avoid\"}", "{\"duplicates\": \"reuse\"}", "{\"load_if_exists\": true}",
    "{\"order\": \"shuffled\"}", "{\"order\": \"coarse_to_fine\"}", "{\"n_jobs\": 3}", "{\"n_jobs\": 2, \"on_failure\": \"stop\"}",
    "{\"max_failures\": 1}", "{\"n_startup_trials\": 1}", "{\"thread_safe\": false}", "{\"timeout\": 0.5}", "{}",
    "{\"allow_unsafe_path\": true}"};
static const char *const params_texts[] = {
    "{\"x\": 0.5}", "{\"x\": 1, \"y\": 0}", "{\"lr\": 0.01, \"layers\": 2, \"kernel\": \"rbf\", \"tol\": 0.001}", "{}", "{\"x\": null}",
    "{\"x\": -9223372036854775808}", "{\"lr\": 0.01, \"layers\": 3, \"kernel\": \"poly\", \"degree\": 3, \"tol\": 0.001}"};
static const char *const trial_texts[] = {
    "{\"params\": {\"x\": 0.5}, \"value\": 0.5}", "{\"params\": {\"x\": 1}, \"values\": [NaN]}",
    "{\"params\": {\"x\": 1, \"y\": 1}, \"values\": [1, 2], \"state\": \"COMPLETE\", \"intermediate\": {\"1\": 0.7, \"9\": NaN}}",
    "{\"params\": {\"x\": 1}, \"state\": \"FAIL\", \"reason\": \"r\", \"attributes\": {\"a\": [1]}, \"constraints\": {\"c\": -1}}",
    "{\"params\": {\"lr\": 0.01, \"layers\": 2, \"kernel\": \"rbf\", \"tol\": 0.001}, \"value\": Infinity}"};
static const char *const signatures[] = {
    "f64(f64 x)", "f64(i64 x, i32 y)", "f64(f64 lr, i32 layers, cstr kernel, f64 tol)", "f64()", "f32(f32 x)", "i8(u8 x)",
    "u64(i64 x)", "bool(bool x)", "f64(f64 x, ptr = ctx)", "f64(f64 x, f64* grad)", "void(f64 x, f64* out[2])", "f64(f64 x, ...)",
    "f64(f64* out[1000000000])"};
static const char *const names[] = {"x", "y", "lr", "layers", "kernel", "degree", "tol", "new", "gr\xc3\xb6\xc3\x9f" "e", "a.b", "$k",
                                    "seed", "n_jobs", "random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian", "noisy", "median", "none", "fanova", "order", "s1", "s2"};
static const char *const json_values[] = {"1", "null", "\"text\"", "[1, 2]", "{\"a\": {\"b\": []}}", "true", "-1e999", "NaN", "[null, true, 3]",
                                          "[\"rbf\", \"poly\"]", "[\"poly\"]", "1e-3"};
static const char *const broken[] = {"", "\xff", "ab\xe2\x82", "\xed\xa0\x80", "\xc0\x80", "\x01\x02", "\"", "\\", "{", "[", "null",
                                     "\xf4\x90\x80\x80", "a\nb", "%s%n%x", "\xef\xbb\xbf{}", "\xf0\x9f\x8e\x9b"};
static char huge_text[100001], deep_text[60001];

static char *scratch(void) {
  char **slot = &self->ring[self->next_ring++ % RING];
  if (!*slot) *slot = malloc(TEXT_MOST);
  return *slot;
}

/* A text changed in a few places. */
static const char *mutated(const char *text) {
  char *copy = scratch();
  size_t n = strlen(text), i;
  uint64_t times = below(4) + 1;
  if (n >= TEXT_MOST / 2) n = TEXT_MOST / 2 - 1;
  memcpy(copy, text, n);
  while (times--) {
    size_t at = n ? below(n) : 0, length = below(12);
    static const char *const pieces[] = {"1e999", "-9223372036854775809", "NaN", "null", "\"\"", "[]", "{}", ",", "}", "\\u0000", "\\ud800",
                                         "18446744073709551616", "-0.0", "true", "\"x\"", "1e-400", "0.1", "when", "$", "\xff", "99"};
    const char *piece = PICK(pieces);
    switch (below(6)) {
      case 0: if (n) copy[at] = (char)(rnd() | 1); break;
      case 1: /* drop a slice */
        if (at + length < n) memmove(copy + at, copy + at + length, n - at - length), n -= length;
        break;
      case 2: n = at; break;
      case 3: /* double a slice */
        if (at + length < n && n + length < TEXT_MOST / 2) memmove(copy + at + length, copy + at, n - at), n += length;
        break;
      default: /* put a piece in */
        length = strlen(piece);
        if (n + length < TEXT_MOST / 2) memmove(copy + at + length, copy + at, n - at), memcpy(copy + at, piece, length), n += length;
        break;
    }
  }
  for (i = 0; i < n; i++) if (!copy[i]) copy[i] = ' ';
  copy[n] = 0;
  return copy;
}

/* One of the good texts, mostly; or broken, huge, NULL. */
static const char *text_of(const char *good) {
  switch (below(16)) {
    case 0: return PICK(broken);
    case 1: return one_in(3) ? NULL : one_in(4) ? (one_in(2) ? huge_text : deep_text) : good;
    case 2: case 3: return mutated(good);
    default: return good;
  }
}
static const char *any_name(void) { return one_in(3) ? "x" : text_of(PICK(names)); }
static const char *any_json(void) { return text_of(PICK(json_values)); }

static const char *storage_text(void) {
  static const char *const odd[] = {"memory:", "", "x.txt", "/no/such/folder/x.db", ".db", "\xff.db", "/"};
  char *path;
  if (!one_in(4)) return one_in(2) ? NULL : "memory:";
  /* None is unlinked meanwhile: SQLite would cut off its map of a file that another thread has open. */
  if (one_in(4)) return PICK(odd);
  path = scratch();
  /* New files every while, so that none grows without end. */
  snprintf(path, 64, "f%d-%d.db", (int)(self->calls / 5000), (int)below(2));
  return path;
}

static const char *const *any_choices(void) {
  static __thread const char *choices[8];
  int i;
  for (i = 0; i < 8; i++) choices[i] = one_in(20) ? text_of("c") : names[(i * 5 + (int)below(2)) % 12];
  return choices;
}

/* ---- handles ---- */

static void *made_up(void) {
  static char here[64];
  static const uintptr_t odd[] = {1, 8, 4096, UINTPTR_MAX, UINTPTR_MAX >> 1, 0xdeadbeefcafebabeu};
  switch (below(4)) {
    case 0: return (void *)PICK(odd);
    case 1: return here;
    case 2: return (void *)(uintptr_t)rnd();
    default: {
      void *live = self->pool[below(KINDS)][below(SLOTS)];
      return (void *)((uintptr_t)live ^ ((uintptr_t)1 << below(64)));
    }
  }
}
static void *pick(enum kind kind) {
  uint64_t roll = below(40);
  int i;
  if (roll == 0) return NULL;
  if (roll == 1) return self->graves[below(GRAVES)];
  if (roll == 2) return self->pool[below(KINDS)][below(SLOTS)];
  if (roll == 3) return made_up();
  if (roll < 10) return __atomic_load_n(&shared[kind][below(SLOTS)], __ATOMIC_ACQUIRE);
  for (i = 0; i < 4; i++) {
    void *handle = self->pool[kind][below(SLOTS)];
    if (handle) return handle;
  }
  return self->pool[kind][0];
}
/* A handle that only this thread knows, so that borrowed texts of it live. */
static void *pick_own(enum kind kind) { return self->pool[kind][below(SLOTS)]; }

static void note_call(struct counter *counter) {
  if (!__atomic_exchange_n(&counter->registered, 1, __ATOMIC_SEQ_CST)) {
    struct counter *head = __atomic_load_n(&counters, __ATOMIC_ACQUIRE);
    do counter->next = head;
    while (!__atomic_compare_exchange_n(&counters, &head, counter, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  }
  __atomic_add_fetch(&counter->n, 1, __ATOMIC_RELAXED);
  self->calls++;
  __atomic_store_n(&self->last[self->calls % LAST], counter->name, __ATOMIC_RELAXED);
  if (trace) fprintf(stderr, "%d %llu %s\n", self->index, (unsigned long long)self->calls, counter->name);
}
#define NOTE(f) do { static struct counter counter_ = {#f, 0, 0, NULL, 0}; note_call(&counter_); } while (0)

static void destroy(enum kind kind, void *handle) {
  switch (kind) {
    case STUDY: NOTE(attune_study_close); attune_study_close(handle); break;
    case TRIAL: NOTE(attune_trial_release); attune_trial_release(handle); break;
    case SPACE: NOTE(attune_space_destroy); attune_space_destroy(handle); break;
    case OPTIONS: NOTE(attune_options_destroy); attune_options_destroy(handle); break;
    case OBJECTIVE: NOTE(attune_objective_destroy); attune_objective_destroy(handle); break;
    case TRIALS: NOTE(attune_trials_destroy); attune_trials_destroy(handle); break;
    default: NOTE(attune_error_free); attune_error_free(handle); break;
  }
}
static void bury(enum kind kind, void *handle) {
  destroy(kind, handle);
  if (handle) self->graves[below(GRAVES)] = handle;
}

/* Keeps a new handle; what stood in its place goes. */
static void keep(enum kind kind, void *handle) {
  void **slot, *old;
  if (!handle) return;
  if (self->depth > 0 && kind == STUDY) { /* closing others inside a callback may wait for a run that waits for us */
    bury(STUDY, handle);
    return;
  }
  if (one_in(8)) {
    old = __atomic_exchange_n(&shared[kind][below(SLOTS)], handle, __ATOMIC_ACQ_REL);
  } else {
    uint64_t which = below(SLOTS);
    slot = &self->pool[kind][which];
    if (kind == TRIAL) self->parents[which] = self->asking;
    old = *slot;
    *slot = handle;
  }
  if (old) bury(kind, old);
}

/* ---- the contract, checked after every call ---- */

static char poison_byte;
#define POISON ((attune_error *)(void *)&poison_byte)

/* The last calls of a thread, the oldest first, as text. */
static int last_calls(const struct fuzzer *f, char *line, size_t size) {
  uint64_t calls = f->calls, first = calls < LAST ? 1 : calls - LAST + 1, i;
  int n = 0;
  for (i = first; i <= calls && (size_t)n < size; i++) {
    const char *name = f->last[i % LAST];
    n += snprintf(line + n, size - (size_t)n, "%s %s", i == first ? "" : ",", name ? name : "-");
  }
  return (size_t)n < size ? n : (int)size - 1;
}
static void violation(const char *function, const char *what, const char *message) {
  static const struct fuzzer nobody = {.index = -1}; /* a thread of the library that calls the log */
  const struct fuzzer *f = self ? self : &nobody;
  uint64_t which = __atomic_fetch_add(&violations, 1, __ATOMIC_SEQ_CST);
  char calls[600], *text;
  int n;
  if (which >= KEPT_VIOLATIONS) return;
  text = violation_texts[which];
  n = snprintf(text, sizeof violation_texts[0], "%s: %s%s%.300s (seed %llu, thread %d, depth %d, call %llu)", function, what,
               message ? ": " : "", message ? message : "", (unsigned long long)seed, f->index, f->depth,
               (unsigned long long)f->calls);
  last_calls(f, calls, sizeof calls);
  snprintf(text + n, sizeof violation_texts[0] - (size_t)n, " after%s", calls);
  puts(text);
}

/* Keeps the longest call in mind, for the sum at the end. */
static void note_duration(const char *name, double seconds) {
  if (seconds <= self->slowest_seconds) return;
  self->slowest_seconds = seconds;
  self->slowest = name;
}

static attune_status after(attune_status status, const char *function, attune_error **error_out) {
  if (status > 0 || status < -17) violation(function, "answered a status that is none", attune_status_name(status));
  if (error_out) {
    attune_error *error = *error_out;
    if (error == POISON) violation(function, "left *err alone", NULL);
    else if (status == ATTUNE_OK && error) violation(function, "succeeded with an error", attune_error_message(error));
    else if (status != ATTUNE_OK && !error) violation(function, "failed without an error", attune_status_name(status));
    else if (error) {
      const char *message = attune_error_message(error);
      if (!message || !*message) violation(function, "failed without a message", NULL);
      else if (status == ATTUNE_E_INTERNAL) violation(function, "INTERNAL", message);
      if (attune_error_status(error) != status) violation(function, "has an error of another status", message);
      if (!attune_error_subject(error)) violation(function, "has an error with a NULL subject", message);
      if (one_in(16)) keep(ERROR, error);
      else attune_error_free(error);
    }
  } else if (status == ATTUNE_E_INTERNAL) {
    violation(function, "INTERNAL", NULL);
  }
  return status;
}
/* A call with a status; its error pointer is added. */
#define ST(f, ...) \
  ({ \
    attune_error *error_ = POISON, **error_out_ = one_in(10) ? NULL : &error_; \
    static struct counter counter_ = {#f, 0, 0, NULL, 0}; \
    attune_status got_; \
    double began_; \
    note_call(&counter_); \
    began_ = now(); \
    got_ = f(__VA_ARGS__, error_out_); \
    note_duration(#f, now() - began_); \
    got_ = after(got_, #f, error_out_); \
    if (got_ == ATTUNE_OK) __atomic_add_fetch(&counter_.succeeded, 1, __ATOMIC_RELAXED); \
    got_; \
  })
/* One whose handle out must be NULL on failure. */
#define OUT(kind, type, f, ...) \
  do { \
    type *out = (type *)(void *)&poison_byte, **outp = one_in(30) ? NULL : &out; \
    attune_status status_ = ST(f, ##__VA_ARGS__, outp); \
    if (outp && status_ == ATTUNE_OK) keep(kind, out); \
    else if (outp && out) violation(#f, "failed and left its handle set", NULL); \
  } while (0)
#define TEXT_OUT(f, ...) \
  do { \
    char *out = &poison_byte, **outp = one_in(30) ? NULL : &out; \
    attune_status status_ = ST(f, ##__VA_ARGS__, outp); \
    if (outp && status_ == ATTUNE_OK) { \
      if (!out) violation(#f, "succeeded without a text", NULL); \
      else use_text(out); \
      NOTE(attune_string_free); \
      attune_string_free(out); \
    } else if (outp && out) violation(#f, "failed and left its text set", NULL); \
  } while (0)

/* The last text the library gave, for mutation. */
static __thread char *kept_text;
static void use_text(const char *text) {
  size_t n = strlen(text);
  if (n < TEXT_MOST && one_in(2)) {
    free(kept_text);
    kept_text = malloc(n + 1);
    memcpy(kept_text, text, n + 1);
  }
}
static const char *some_text(const char *const *good, size_t n) {
  if (kept_text && one_in(4)) return one_in(2) ? kept_text : mutated(kept_text);
  return text_of(good[below(n)]);
}
#define SOME_TEXT(array) some_text(array, sizeof(array) / sizeof((array)[0]))

static __thread volatile size_t sink_of_lengths;
static void read_borrowed(const char *text) {
  if (text) sink_of_lengths += strlen(text);
}

/* ---- callbacks ---- */

static void do_random_call(void);
static uint64_t destroyed_count, registered_count;

static void on_destroy(void *data) {
  (void)data;
  __atomic_add_fetch(&destroyed_count, 1, __ATOMIC_RELAXED);
}
static void on_log(attune_log_level level, const char *component, const char *message, void *data) {
  static int inside;
  (void)level, (void)data;
  if (__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) != 1) violation("attune_set_log", "overlapping calls of the callback", message);
  sink_of_lengths += strlen(component) + strlen(message);
  __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
}

/* A fuzzer for this thread, also where the library made the thread; to be given to leave. */
static struct fuzzer *enter(uint64_t salt) {
  struct fuzzer *mine = NULL;
  if (!self) {
    mine = calloc(1, sizeof *mine);
    mine->state = seed ^ salt * 0x9e3779b97f4a7c15u;
    mine->index = -1;
    self = mine;
  }
  self->depth++;
  return mine;
}
static void leave(struct fuzzer *mine) {
  int kind, i;
  self->depth--;
  if (!mine) return;
  self->depth = 1; /* its handles go, but studies only where nobody waits: they are never kept at depth */
  for (kind = 0; kind < KINDS; kind++)
    for (i = 0; i < SLOTS; i++) if (mine->pool[kind][i]) destroy((enum kind)kind, mine->pool[kind][i]);
  for (i = 0; i < RING; i++) free(mine->ring[i]);
  free(kept_text);
  kept_text = NULL;
  free(mine);
  self = NULL;
}

static attune_status on_evaluate(attune_trial *trial, double *values, size_t n, void *data) {
  static uint64_t evaluations;
  struct fuzzer *mine = enter(attune_trial_seed(trial));
  uint64_t i, times = self->depth > 2 ? 0 : below(4);
  attune_status status = ATTUNE_OK;
  double x;
  (void)data;
  for (i = 0; i < n && n < 1000; i++) values[i] = one_in(12) ? any_double() : (double)below(100);
  for (i = 0; i < times; i++) {
    switch (below(8)) {
      case 0: ST(attune_trial_report, trial, any_int(), any_double()); break;
      case 1: { int32_t prune; ST(attune_trial_should_prune, trial, &prune); break; }
      case 2: ST(attune_trial_set_error, trial, any_int32(), any_name()); break;
      case 3: ST(attune_trial_float, trial, any_name(), &x); break;
      case 4: ST(attune_trial_suggest_float, trial, any_name(), any_double(), any_double(), any_double(), (uint32_t)below(4), &x); break;
      case 5: NOTE(attune_trial_release); attune_trial_release(trial); break;
      case 6: if (self->running) { NOTE(attune_study_close); attune_study_close(self->running); } break;
      default: do_random_call(); break;
    }
  }
  if (one_in(8)) status = one_in(2) ? ATTUNE_PRUNED : any_int32();
  if (__atomic_add_fetch(&evaluations, 1, __ATOMIC_RELAXED) % 16 == 0) status = ATTUNE_STOP;
  leave(mine);
  return status;
}
static int32_t on_progress(attune_study *study, int64_t number, attune_trial_state state, const double *values, size_t n, void *data) {
  struct fuzzer *mine = enter((uint64_t)number + 77);
  int32_t answer = one_in(10);
  size_t i;
  (void)state, (void)data;
  for (i = 0; i < n; i++) sink_of_lengths += values[i] > 0;
  read_borrowed(attune_study_name(study));
  if (self->depth < 3 && one_in(4)) do_random_call();
  leave(mine);
  return answer;
}
/* Fits any signature: it reads no argument. */
static double on_native(void) { return 0.5; }

/* ---- the calls, by noun ---- */

static void call_library(void) {
  switch (below(9)) {
    case 0: NOTE(attune_version); if (attune_version() != ATTUNE_VERSION_NUMBER) violation("attune_version", "changed", NULL); break;
    case 1: NOTE(attune_version_string); read_borrowed(attune_version_string()); break;
    case 2: NOTE(attune_abi_version); attune_abi_version(); break;
    case 3: NOTE(attune_build_info); read_borrowed(attune_build_info()); break;
    case 4: NOTE(attune_status_name); read_borrowed(attune_status_name(any_int32())); break;
    case 5: NOTE(attune_string_free); attune_string_free(NULL); break;
    default:
      NOTE(attune_set_log);
      __atomic_add_fetch(&registered_count, 1, __ATOMIC_RELAXED);
      attune_set_log(one_in(3) ? NULL : on_log, one_in(4) ? any_int32() : (int32_t)below(6), NULL, on_destroy);
      break;
  }
}
static void call_error(void) {
  void *h = pick(ERROR);
  switch (below(5)) {
    case 0: NOTE(attune_error_status); attune_error_status(h); break;
    case 1: NOTE(attune_error_user_code); attune_error_user_code(h); break;
    case 2: NOTE(attune_error_message); read_borrowed(attune_error_message(pick_own(ERROR))); break;
    case 3: NOTE(attune_error_subject); read_borrowed(attune_error_subject(pick_own(ERROR))); break;
    default: NOTE(attune_error_message); if (!attune_error_message(h)) violation("attune_error_message", "is NULL", NULL); break;
  }
}
static void call_options(void) {
  void *h = pick(OPTIONS);
  switch (below(6)) {
    case 0: OUT(OPTIONS, attune_options, attune_options_create); break;
    case 1: OUT(OPTIONS, attune_options, attune_options_from_json, SOME_TEXT(option_texts)); break;
    case 2: ST(attune_options_set_string, h, any_name(), any_name()); break;
    case 3: { const char *name = any_name(); /* not: a million threads */
              ST(attune_options_set_int, h, name, name && strcmp(name, "n_jobs") == 0 ? (int64_t)below(5) - 1 : any_int()); break; }
    case 4: ST(attune_options_set_float, h, any_name(), any_double()); break;
    default: ST(attune_options_set_bool, h, any_name(), any_int32()); break;
  }
}
static void call_space(void) {
  void *h = pick(SPACE);
  switch (below(14)) {
    case 0: OUT(SPACE, attune_space, attune_space_create); break;
    case 1: case 2: OUT(SPACE, attune_space, attune_space_from_json, SOME_TEXT(spaces)); break;
    case 3: TEXT_OUT(attune_space_to_json, h); break;
    case 4: ST(attune_space_add_float, h, any_name(), one_in(2) ? 0.125 : any_double(), one_in(2) ? 8 : any_double(),
               one_in(2) ? 0 : any_double(), one_in(2) ? 0 : (uint32_t)below(5)); break;
    case 5: ST(attune_space_add_int, h, any_name(), one_in(2) ? 1 : any_int(), one_in(2) ? 9 : any_int(), one_in(2) ? 1 : any_int(),
               one_in(2) ? 0 : (uint32_t)below(5)); break;
    case 6: ST(attune_space_add_categorical, h, any_name(), one_in(20) ? NULL : any_choices(), any_count(8), (uint32_t)below(5)); break;
    case 7: ST(attune_space_add_categorical_json, h, any_name(), any_json(), (uint32_t)below(5)); break;
    case 8: ST(attune_space_add_fixed_json, h, any_name(), any_json()); break;
    case 9: {
      static const char *const rbf[] = {"rbf"};
      if (one_in(2)) ST(attune_space_active_if_choice, h, any_name(), "kernel", rbf, 1);
      else ST(attune_space_active_if_choice, h, any_name(), any_name(), one_in(20) ? NULL : any_choices(), any_count(8));
      break;
    }
    case 10: ST(attune_space_active_if_choice_json, h, any_name(), any_name(), one_in(2) ? "[1, 2]" : any_json()); break;
    case 11: ST(attune_space_active_if_range, h, any_name(), any_name(), one_in(2) ? 0 : any_double(), one_in(2) ? 1 : any_double()); break;
    case 12: NOTE(attune_space_count); attune_space_count(h); NOTE(attune_space_kind); attune_space_kind(h, any_index()); break;
    default: NOTE(attune_space_name); read_borrowed(attune_space_name(pick_own(SPACE), any_index()));
             NOTE(attune_space_name); (void)!attune_space_name(h, any_index()); break;
  }
}
static void call_catalog(void) {
  switch (below(9)) {
    case 0: NOTE(attune_strategy_count); attune_strategy_count(); break;
    case 1: NOTE(attune_strategy_name); read_borrowed(attune_strategy_name(any_index())); break;
    case 2: TEXT_OUT(attune_strategy_describe, any_name()); break;
    case 3: NOTE(attune_pruner_count); attune_pruner_count(); break;
    case 4: NOTE(attune_pruner_name); read_borrowed(attune_pruner_name(any_index())); break;
    case 5: TEXT_OUT(attune_pruner_describe, any_name()); break;
    case 6: NOTE(attune_stop_rule_count); attune_stop_rule_count(); break;
    case 7: NOTE(attune_stop_rule_name); read_borrowed(attune_stop_rule_name(any_index())); break;
    default: TEXT_OUT(attune_stop_rule_describe, any_name()); break;
  }
}
static void *options_or_null(void) { return one_in(2) ? NULL : pick(OPTIONS); }
static const char *strategy_text(void) {
  static const char *const good[] = {"random", "sobol", "grid", "tpe", "gp", "cmaes", "bayesian", "evolution", "nsga2", "reinforce", "gradient"};
  return one_in(3) ? NULL : one_in(6) ? any_name() : PICK(good);
}
static void create_study(void) {
  static const attune_direction directions[4] = {0, 1, 1, 0}, odd[4] = {0, 2, -1, INT32_MIN};
  OUT(STUDY, attune_study, attune_study_create, storage_text(), one_in(2) ? NULL : any_name(), one_in(5) ? NULL : pick(SPACE),
      one_in(2) ? NULL : one_in(10) ? odd : directions, one_in(30) ? (size_t)-1 : (size_t)below(3), strategy_text(), options_or_null());
}
static void call_study(void) {
  void *h = pick(STUDY);
  switch (below(20)) {
    case 0: case 1: case 2: create_study(); break;
    case 3: OUT(STUDY, attune_study, attune_study_open, storage_text(), one_in(2) ? NULL : any_name(), one_in(2) ? NULL : any_name(), options_or_null()); break;
    case 4: ST(attune_study_delete, storage_text(), any_name()); break;
    case 5: TEXT_OUT(attune_storage_studies, storage_text()); break;
    case 6: ST(attune_study_set_pruner, h, one_in(2) ? "median" : any_name(), options_or_null()); break;
    case 7: ST(attune_study_enqueue, h, SOME_TEXT(params_texts)); break;
    case 8: { int64_t number; ST(attune_study_add_trial, h, SOME_TEXT(trial_texts), one_in(3) ? NULL : &number); break; }
    case 9: NOTE(attune_study_stop); attune_study_stop(h); break;
    case 10: NOTE(attune_study_name); read_borrowed(attune_study_name(pick_own(STUDY))); (void)!attune_study_name(h); break;
    case 11: NOTE(attune_study_strategy); read_borrowed(attune_study_strategy(pick_own(STUDY))); (void)!attune_study_strategy(h); break;
    case 12: NOTE(attune_study_seed); attune_study_seed(h); NOTE(attune_study_trial_count); attune_study_trial_count(h); break;
    case 13: NOTE(attune_study_direction_count); attune_study_direction_count(h);
             NOTE(attune_study_direction); attune_study_direction(h, any_index()); break;
    case 14: TEXT_OUT(attune_study_space_json, h); break;
    case 15: ST(attune_study_set_attribute, h, any_name(), any_json()); break;
    case 16: TEXT_OUT(attune_study_get_attribute, h, any_name()); break;
    case 17: TEXT_OUT(attune_study_export_json, h); break;
    case 18: TEXT_OUT(attune_study_export_csv, h); break;
    default: OUT(STUDY, attune_study, attune_study_import_json, storage_text(), one_in(2) ? NULL : any_name(), SOME_TEXT(trial_texts)); break;
  }
}
static void call_ask_tell(void) {
  void *study = pick(STUDY), *trial = pick(TRIAL);
  double values[4];
  attune_trial_state state;
  int i;
  self->asking = study;
  for (i = 0; i < 4; i++) values[i] = any_double();
  switch (below(9)) {
    case 0: case 1: OUT(TRIAL, attune_trial, attune_study_ask, study); break;
    case 2: { /* a trial told to its own study */
      uint64_t which = below(SLOTS);
      if (!self->pool[TRIAL][which]) break;
      ST(attune_study_tell, self->parents[which], self->pool[TRIAL][which], values, one_in(3) ? 2 : 1, NULL);
      break;
    }
    case 3: {
      attune_trial *batch[20];
      size_t count = 0, n = one_in(10) ? (one_in(2) ? (size_t)-1 : 1000001) : below(20), j;
      if (ST(attune_study_ask_batch, study, n, one_in(30) ? NULL : batch, one_in(30) ? NULL : &count) == ATTUNE_OK) {
        if (count > n) violation("attune_study_ask_batch", "gave more than asked", NULL);
        for (j = 0; j < count && j < 20; j++) keep(TRIAL, batch[j]);
      }
      break;
    }
    case 4: OUT(TRIAL, attune_trial, attune_study_resume_trial, study, any_int()); break;
    case 6: {
      attune_trial *asked = NULL;
      int64_t number;
      uint64_t seed;
      double params[64];
      size_t count = 0;
      if (ST(attune_study_ask_params, study, one_in(30) ? NULL : &asked, one_in(2) ? NULL : &number, one_in(2) ? NULL : &seed,
             one_in(8) ? NULL : params, below(65), one_in(2) ? NULL : &count) == ATTUNE_OK)
        keep(TRIAL, asked);
      break;
    }
    case 5: ST(attune_study_tell_state, study, trial, one_in(4) ? any_int32() : 3 + (int32_t)below(2), one_in(2) ? NULL : any_name()); break;
    default: ST(attune_study_tell, study, trial, one_in(30) ? NULL : values, one_in(8) ? any_index() : 1, one_in(2) ? NULL : &state); break;
  }
}
static void call_trial(void) {
  void *t = pick(TRIAL);
  double x, many[512];
  int64_t n;
  size_t index;
  int32_t flag;
  switch (below(20)) {
    case 0: NOTE(attune_trial_number); attune_trial_number(t); NOTE(attune_trial_seed); attune_trial_seed(t); break;
    case 1: ST(attune_trial_index, t, any_name(), one_in(30) ? NULL : &index); break;
    case 2: ST(attune_trial_is_active, t, any_index(), one_in(30) ? NULL : &flag); break;
    case 3: ST(attune_trial_float, t, any_name(), one_in(30) ? NULL : &x); break;
    case 4: ST(attune_trial_int, t, any_name(), one_in(30) ? NULL : &n); break;
    case 5: {
      const char *text = NULL;
      attune_status status = ST(attune_trial_choice, pick_own(TRIAL), any_name(), one_in(30) ? NULL : &text);
      if (status == ATTUNE_OK) read_borrowed(text);
      break;
    }
    case 6: ST(attune_trial_choice_index, t, any_name(), one_in(30) ? NULL : &n); break;
    case 7: ST(attune_trial_choice_type, t, any_name(), one_in(30) ? NULL : &flag); break;
    case 8: ST(attune_trial_copy_params, t, one_in(10) ? NULL : many, below(513), one_in(3) ? NULL : &index); break;
    case 9: TEXT_OUT(attune_trial_params_json, t); break;
    case 10: ST(attune_trial_suggest_float, t, any_name(), one_in(2) ? 0 : any_double(), one_in(2) ? 1 : any_double(), one_in(2) ? 0 : any_double(),
                (uint32_t)below(5), one_in(30) ? NULL : &x); break;
    case 11: ST(attune_trial_suggest_int, t, any_name(), any_int(), any_int(), one_in(2) ? 1 : any_int(), (uint32_t)below(5), one_in(30) ? NULL : &n); break;
    case 12: ST(attune_trial_suggest_categorical, t, any_name(), one_in(20) ? NULL : any_choices(), any_count(8), (uint32_t)below(5), one_in(30) ? NULL : &n); break;
    case 13: ST(attune_trial_suggest_categorical_json, t, any_name(), any_json(), (uint32_t)below(5), one_in(30) ? NULL : &n); break;
    case 14: ST(attune_trial_report, t, any_int(), any_double()); break;
    case 15: many[0] = any_double(), many[1] = any_double(), many[2] = 1;
             ST(attune_trial_report_values, t, any_int(), one_in(30) ? NULL : many, below(4)); break;
    case 16: ST(attune_trial_should_prune, t, one_in(30) ? NULL : &flag); break;
    case 17: NOTE(attune_trial_should_stop); attune_trial_should_stop(t); break;
    case 18: ST(attune_trial_set_attribute, t, any_name(), any_json()); ST(attune_trial_set_constraint, t, any_name(), any_double()); break;
    case 19: many[0] = any_double(), many[1] = any_double(), many[2] = 1;
             ST(attune_trial_set_gradient, t, one_in(30) ? NULL : many, below(4)); break;
    default: ST(attune_trial_set_error, t, any_int32(), any_name()); break;
  }
}
static void call_objective(void) {
  static const char *const words[] = {"echo", "1", "{x}", "cost=0.5", "{nobody}", "{", "", "\xff"};
  switch (below(8)) {
    case 0: case 1: __atomic_add_fetch(&registered_count, 1, __ATOMIC_RELAXED);
            OUT(OBJECTIVE, attune_objective, attune_objective_from_callback, one_in(20) ? NULL : on_evaluate, NULL, on_destroy); break;
    case 2: case 3: OUT(OBJECTIVE, attune_objective, attune_objective_from_native, one_in(20) ? NULL : (attune_native_fn)on_native, SOME_TEXT(signatures),
                one_in(2) ? NULL : &poison_byte, options_or_null()); break;
    case 4: OUT(OBJECTIVE, attune_objective, attune_objective_from_symbol, text_of("libm.so.6"), text_of(one_in(2) ? "cos" : "fabs"), SOME_TEXT(signatures), options_or_null()); break;
    case 5: { /* never a random program: the words are harmless */
      const char *argv[4];
      int i;
      if (!one_in(10)) break; /* each evaluation starts a process */
      for (i = 0; i < 4; i++) argv[i] = one_in(30) ? NULL : i ? PICK(words) : "echo";
      OUT(OBJECTIVE, attune_objective, attune_objective_from_command, one_in(20) ? NULL : argv, any_count(4), NULL);
      break;
    }
    case 6: {
      const char *folder = getenv("ATTUNE_TEST_PLUGINS");
      char *path = scratch();
      static const char *const files[] = {"good", "single", "bad_space", "small_descriptor", "many_values", "not_utf8", "no_entry", "none"};
      static const char *const ids[] = {"org.attune.test.sphere", "org.attune.test.counter", "org.attune.test.pair", "org.attune.test.reporter"};
      snprintf(path, 700, "%s/%s.attune.so", folder ? folder : "/none", PICK(files));
      OUT(OBJECTIVE, attune_objective, attune_objective_from_plugin, text_of(path), one_in(4) ? NULL : text_of(PICK(ids)), one_in(2) ? NULL : any_json(), options_or_null());
      break;
    }
    default: TEXT_OUT(attune_objective_describe, pick(OBJECTIVE)); break;
  }
  if (one_in(400)) TEXT_OUT(attune_plugin_scan, one_in(2) ? NULL : text_of("/none"));
}
static void call_optimize(void) {
  void *study = pick(STUDY);
  const char *reason = NULL;
  int64_t n_trials = one_in(6) ? (one_in(2) ? -1 : INT64_MAX) : (int64_t)below(6);
  /* Without a number of trials the time must be short: not every objective ends by itself. */
  double timeout = n_trials < 0 || n_trials > 10 ? 0.002 : one_in(3) ? any_double() : 0;
  void *before_running = self->running;
  if (one_in(8)) {
    __atomic_add_fetch(&registered_count, 1, __ATOMIC_RELAXED);
    ST(attune_study_set_progress, study, one_in(4) ? NULL : on_progress, NULL, on_destroy);
  }
  if (self->depth > 0 && __atomic_load_n(&running_now, __ATOMIC_RELAXED) > 3) return;
  __atomic_add_fetch(&running_now, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&self->running, study, __ATOMIC_RELEASE);
  if (ST(attune_study_optimize, study, pick(OBJECTIVE), n_trials, timeout, options_or_null(), one_in(4) ? NULL : &reason) == ATTUNE_OK) read_borrowed(reason);
  __atomic_store_n(&self->running, before_running, __ATOMIC_RELEASE);
  __atomic_sub_fetch(&running_now, 1, __ATOMIC_RELAXED);
}
static void call_results(void) {
  void *ts = pick(TRIALS), *study = pick(STUDY);
  static __thread double table[4096];
  double x;
  int64_t number;
  attune_trial_state state;
  size_t count;
  switch (below(10)) {
    case 0: OUT(TRIALS, attune_trials, attune_study_trials, study, one_in(6) ? (uint32_t)rnd() : (uint32_t)below(32)); break;
    case 1: OUT(TRIALS, attune_trials, attune_study_best_trials, study); break;
    case 2: NOTE(attune_trials_count); attune_trials_count(ts); break;
    case 3: ST(attune_trials_number, ts, any_index(), one_in(30) ? NULL : &number); break;
    case 4: ST(attune_trials_state, ts, any_index(), one_in(30) ? NULL : &state); break;
    case 5: ST(attune_trials_value, ts, any_index(), one_in(4) ? any_index() : 0, one_in(30) ? NULL : &x); break;
    case 6: TEXT_OUT(attune_trials_json, ts, any_index()); break;
    case 7: ST(attune_trials_copy_values, ts, one_in(10) ? NULL : table, below(4097), one_in(3) ? NULL : &count); break;
    case 8: TEXT_OUT(attune_study_importances, study, one_in(2) ? NULL : any_name()); break;
    default: ST(attune_trials_copy_params, ts, one_in(10) ? NULL : table, below(4097), one_in(3) ? NULL : &count); break;
  }
}
static void call_destroy(void) {
  enum kind kind = (enum kind)below(KINDS);
  void **slot = &self->pool[kind][below(SLOTS)], *handle = *slot;
  if (kind == STUDY && self->depth > 0) return;
  /* What is no live handle of the kind is dropped without harm. It gets no grave: a made-up handle may be a later one's
   * number, and that would be freed under the thread that owns it. */
  if (one_in(3)) {
    void *odd = one_in(2) ? made_up() : self->graves[below(GRAVES)];
    destroy(kind, odd);
    return;
  }
  *slot = NULL;
  bury(kind, handle);
}
/* Bytes overwritten, the end cut off. */
static void damage_bytes(const char *path) {
  FILE *file = fopen(path, "r+");
  long size;
  int i;
  if (!file) return;
  fseek(file, 0, SEEK_END);
  size = ftell(file);
  for (i = 0; size > 0 && i < 1 + (int)below(3); i++) {
    fseek(file, (long)below((uint64_t)size), SEEK_SET);
    if (one_in(3)) fputs(one_in(2) ? "\n" : "{\"", file);
    else fputc((int)below(256), file);
  }
  if (size > 0 && one_in(2) && ftruncate(fileno(file), (off_t)below((uint64_t)size + 1)) != 0) perror("ftruncate");
  fclose(file);
}
/* A line changed, doubled or dropped: still JSON, often. */
static void mutate_lines(const char *path) {
  static __thread char text[TEXT_MOST];
  FILE *file = fopen(path, "r");
  char *line, *end;
  uint64_t victim = below(12), i;
  size_t n;
  if (!file) return;
  n = fread(text, 1, sizeof text - 1, file);
  text[n] = 0;
  fclose(file);
  file = fopen(path, "w");
  if (!file) return;
  for (line = text, i = 0; *line; line = end, i++) {
    end = strchr(line, '\n');
    if (end) *end++ = 0;
    else end = line + strlen(line);
    if (i != victim) fprintf(file, "%s\n", line);
    else if (one_in(4)) fprintf(file, "%s\n%s\n", line, line);
    else if (!one_in(4)) fprintf(file, "%s\n", mutated(line));
  }
  fclose(file);
}
/* A study file with random damage is opened, asked and told. */
static void call_damaged_file(void) {
  char path[64];
  attune_study *study = NULL;
  attune_space *space = NULL;
  int i;
  if (self->depth > 0) return;
  snprintf(path, sizeof path, "d%d.db", self->index);
  unlink(path);
  snprintf(path, sizeof path, "d%d.db-wal", self->index); /* of a handle that was never closed */
  unlink(path);
  snprintf(path, sizeof path, "d%d.db", self->index);
  if (!one_in(4)) attune_space_from_json(PICK(spaces), &space, NULL);
  if (attune_study_create(path, "d", space, NULL, 1 - below(2), strategy_text(), NULL, &study, NULL) == ATTUNE_OK) {
    for (i = 0; i < 5; i++) {
      attune_trial *trial = NULL;
      double value = any_double();
      attune_study_enqueue(study, PICK(params_texts), NULL);
      attune_study_add_trial(study, PICK(trial_texts), NULL, NULL);
      attune_study_ask(study, &trial, NULL);
      if (!space) attune_trial_suggest_float(trial, "x", 0, 1, 0, 0, &value, NULL);
      attune_trial_report(trial, 1, value, NULL);
      attune_trial_set_attribute(trial, "a", "[1]", NULL);
      if (one_in(3)) attune_study_tell_state(study, trial, 3 + (int32_t)below(2), "r", NULL);
      else if (!one_in(4)) attune_study_tell(study, trial, &value, 1, NULL, NULL);
      attune_trial_release(trial);
    }
  }
  attune_study_close(study);
  attune_space_destroy(space);
  if (one_in(2)) damage_bytes(path);
  else mutate_lines(path);
  if (one_in(3)) mutate_lines(path);
  study = NULL;
  if (ST(attune_study_open, path, one_in(2) ? NULL : "d", one_in(2) ? NULL : strategy_text(), NULL, &study) == ATTUNE_OK) {
    ST(attune_study_set_pruner, study, "median", NULL);
    for (i = 0; i < 3; i++) {
      attune_trial *trial = NULL;
      double value = any_double();
      int32_t flag;
      if (ST(attune_study_ask, study, &trial) != ATTUNE_OK) break;
      ST(attune_trial_suggest_float, trial, "x", 0, 1, 0, 0, &value);
      ST(attune_trial_report, trial, 1, value);
      ST(attune_trial_should_prune, trial, &flag);
      ST(attune_study_tell, study, trial, &value, 1, NULL);
      NOTE(attune_trial_release);
      attune_trial_release(trial);
    }
    OUT(TRIALS, attune_trials, attune_study_best_trials, study);
    OUT(TRIALS, attune_trials, attune_study_trials, study, 0);
    TEXT_OUT(attune_study_export_csv, study);
    TEXT_OUT(attune_study_export_json, study);
    TEXT_OUT(attune_storage_studies, path);
  }
  NOTE(attune_study_close);
  attune_study_close(study);
}

static int only_files;

static void do_random_call(void) {
  if (only_files) {
    call_damaged_file();
    return;
  }
  switch (below(24)) {
    case 0: call_library(); break;
    case 1: call_error(); break;
    case 2: call_options(); break;
    case 3: case 4: case 5: call_space(); break;
    case 6: call_catalog(); break;
    case 7: case 8: case 9: case 10: call_study(); break;
    case 11: case 12: case 13: case 14: call_ask_tell(); break;
    case 15: case 16: case 17: call_trial(); break;
    case 18: call_objective(); break;
    case 19: call_optimize(); break;
    case 20: case 21: call_results(); break;
    case 22: call_destroy(); break;
    default: if (one_in(20)) call_damaged_file(); else call_trial(); break;
  }
}

/* ---- running ---- */

static void say(const char *text, size_t n) {
  while (n > 0) {
    ssize_t written = write(report, text, n);
    if (written <= 0) _exit(4);
    text += written, n -= (size_t)written;
  }
}
static void say_where(const struct fuzzer *f) {
  char line[800];
  int n = snprintf(line, sizeof line, "thread %d: call %llu, depth %d, after", f->index, (unsigned long long)f->calls, f->depth);
  n += last_calls(f, line + n, sizeof line - (size_t)n - 1);
  line[n++] = '\n';
  say(line, (size_t)n);
}
/* The end of what the library and its runtime wrote to standard error: why a trap trapped. */
static void say_end_of_errors(void) {
  char text[601];
  off_t end = lseek(2, 0, SEEK_END);
  ssize_t n = end > 0 ? pread(2, text, sizeof text - 1, end > 600 ? end - 600 : 0) : 0;
  if (n <= 0) return;
  text[n++] = '\n';
  say("standard error ends:\n", 21);
  say(text, (size_t)n);
}
/* One line, as offsets that addr2line takes: it stands among the last lines, which are all that a test's summary shows. */
static void say_stack(int number) {
  char line[1400];
  void *frames[28];
  int i, count = backtrace(frames, 28);
  int n = snprintf(line, sizeof line, "stack of thread %d:", self ? self->index : -1);
  (void)number;
  for (i = 0; i < count && n < (int)sizeof line - 60; i++) {
    Dl_info where = {0};
    int known = dladdr(frames[i], &where) && where.dli_fname;
    const char *slash = known ? strrchr(where.dli_fname, '/') : NULL;
    n += snprintf(line + n, 50, " %.24s+%#lx", known ? (slash ? slash + 1 : where.dli_fname) : "?",
                  (unsigned long)((char *)frames[i] - (char *)where.dli_fbase));
  }
  line[n++] = '\n';
  say(line, (size_t)n);
}
/* Has every thread say where it is, those of the library too, one after the other. */
static void say_all_stacks(void) {
  DIR *tasks = opendir("/proc/self/task");
  struct dirent *task;
  signal(SIGUSR2, say_stack);
  while (tasks && (task = readdir(tasks))) {
    pid_t thread = atoi(task->d_name);
    if (thread <= 0 || syscall(SYS_tgkill, getpid(), thread, SIGUSR2) != 0) continue;
    usleep(100000);
  }
}
static void on_signal(int number) {
  char line[200];
  int i, n;
  if (!trace) say_end_of_errors();
  for (i = 0; i < n_threads; i++) if (all_fuzzers[i]) say_where(all_fuzzers[i]);
  if (self && self->index < 0) say_where(self);
  if (number == SIGALRM) say_all_stacks();
  else say_stack(number);
  n = snprintf(line, sizeof line, "fuzz: %s (signal %d) in thread %d; repeat with --seed %llu --threads %d%s\n",
               number == SIGALRM ? "it hangs" : "it crashed", number, self ? self->index : -1, (unsigned long long)seed, n_threads,
               only_files ? " --files" : "");
  say(line, (size_t)n);
  signal(number, SIG_DFL);
  raise(number);
}
/* Reports what kills this process, and where; on a stack of its own, since the other one may be used up. */
static void report_fatal_signals(void) {
  static const int fatal[] = {SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGTRAP, SIGALRM, SIGPIPE, SIGXCPU, SIGXFSZ, SIGTERM};
  struct sigaction action;
  void *frames[1];
  size_t i;
  backtrace(frames, 1); /* loads what it needs here, not in the handler */
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  for (i = 0; i < sizeof fatal / sizeof fatal[0]; i++) sigaction(fatal[i], &action, NULL);
}
static void *use_signal_stack(void) {
  stack_t stack = {.ss_sp = malloc(SIGNAL_STACK), .ss_size = SIGNAL_STACK};
  if (stack.ss_sp) sigaltstack(&stack, NULL);
  return stack.ss_sp;
}
static void leave_signal_stack(void *memory) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  free(memory);
}

/* Standard error goes to a file that is not to grow without end: the end of it is all that is read. */
static void shorten_errors(void) {
  if (!trace && lseek(2, 0, SEEK_END) > 1 << 20 && ftruncate(2, 0) != 0) perror("ftruncate");
}

static void *run(void *data) {
  uint64_t ended = 0;
  void *signal_stack;
  int kind, i;
  self = data;
  signal_stack = use_signal_stack();
  while (self->calls < self->limit && !__atomic_load_n(&over, __ATOMIC_RELAXED)) {
    do_random_call();
    if ((++ended & 63) != 0) continue;
    if (now() > deadline) break;
    if (self->index == 0) shorten_errors();
  }
  __atomic_store_n(&over, 1, __ATOMIC_RELAXED);
  for (kind = KINDS - 1; kind >= 0; kind--)
    for (i = 0; i < SLOTS; i++) if (self->pool[kind][i]) destroy((enum kind)kind, self->pool[kind][i]);
  for (i = 0; i < RING; i++) free(self->ring[i]);
  free(kept_text);
  kept_text = NULL;
  leave_signal_stack(signal_stack);
  __atomic_add_fetch(&ended_threads, 1, __ATOMIC_RELAXED);
  return NULL;
}
/* Waits for the threads. When the time is up, runs are told to stop: one may wait, and rightly so, for a trial that a
 * thread which has ended will never tell. */
static void join_all(pthread_t *threads) {
  int t;
  while (__atomic_load_n(&ended_threads, __ATOMIC_RELAXED) < n_threads) {
    usleep(50000);
    if (!__atomic_load_n(&over, __ATOMIC_RELAXED)) continue;
    for (t = 0; t < n_threads; t++) attune_study_stop(__atomic_load_n(&all_fuzzers[t]->running, __ATOMIC_ACQUIRE));
  }
  for (t = 0; t < n_threads; t++) pthread_join(threads[t], NULL);
}

static void print_counts(void) {
  uint64_t total = 0;
  struct counter *c, *d;
  int functions = 0;
  puts("     calls  succeeded function");
  for (c = counters; c; c = c->next) {
    if (!c->name) continue;
    for (d = c->next; d; d = d->next)
      if (d->name && strcmp(c->name, d->name) == 0) c->n += d->n, c->succeeded += d->succeeded, d->name = NULL;
    printf("%10llu %10llu %s\n", (unsigned long long)c->n, (unsigned long long)c->succeeded, c->name);
    total += c->n;
    functions++;
  }
  printf("%llu calls of %d functions, seed %llu, %d thread%s\n", (unsigned long long)total, functions, (unsigned long long)seed, n_threads,
         n_threads == 1 ? "" : "s");
}

int main(int argc, char **argv) {
  pthread_t threads[64];
  double seconds = 10;
  uint64_t limit = UINT64_MAX, i;
  double slowest = 0;
  const char *temporary = getenv("TMPDIR");
  struct fuzzer *main_fuzzer;
  int kind, t;
  for (t = 1; t < argc; t++) {
    if (strcmp(argv[t], "--trace") == 0) trace = 1;
    else if (strcmp(argv[t], "--files") == 0) only_files = 1;
    else if (t + 1 == argc) { fprintf(stderr, "fuzz: %s: expected --seconds, --seed, --threads or --calls with a number\n", argv[t]); return 2; }
    else if (strcmp(argv[t], "--seconds") == 0) seconds = atof(argv[++t]);
    else if (strcmp(argv[t], "--seed") == 0) seed = strtoull(argv[++t], NULL, 10);
    else if (strcmp(argv[t], "--threads") == 0) n_threads = atoi(argv[++t]);
    else if (strcmp(argv[t], "--calls") == 0) limit = strtoull(argv[++t], NULL, 10);
    else { fprintf(stderr, "fuzz: %s: unknown, expected --seconds, --seed, --threads, --calls, --trace or --files\n", argv[t]); return 2; }
  }
  if (n_threads < 1 || n_threads > 64) n_threads = n_threads < 1 ? 1 : 64;
  snprintf(folder, sizeof folder, "%s/attune-fuzz-XXXXXX", temporary && strlen(temporary) < 400 ? temporary : "/tmp");
  setvbuf(stdout, NULL, _IOLBF, 0); /* a crash must not swallow what was found before it */
  if (!mkdtemp(folder) || chdir(folder) != 0) { perror(folder); return 2; }
  memset(huge_text, 'a', sizeof huge_text - 1);
  memset(deep_text, '[', sizeof deep_text - 1);
  report_fatal_signals();
  if (!trace) { /* the default log goes to standard error, which would drown everything */
    int file = open("stderr", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    report = fcntl(2, F_DUPFD_CLOEXEC, 3);
    if (file < 0 || report < 0 || dup2(file, 2) < 0) { perror("stderr"); return 2; }
    close(file);
  }
  deadline = now() + seconds;
  /* A run of five trials may wait a minute for each, where another handle has the same points and never tells them. */
  alarm((unsigned)seconds + 600);
  for (t = 0; t < n_threads; t++) {
    struct fuzzer *f = calloc(1, sizeof *f);
    f->state = seed * 1000003u + (uint64_t)t;
    f->index = t;
    f->limit = limit;
    all_fuzzers[t] = f;
  }
  if (n_threads == 1) run(all_fuzzers[0]);
  else {
    for (t = 0; t < n_threads; t++) pthread_create(&threads[t], NULL, run, all_fuzzers[t]);
    join_all(threads);
  }
  main_fuzzer = self = all_fuzzers[0];
  for (kind = KINDS - 1; kind >= 0; kind--)
    for (i = 0; i < SLOTS; i++) if (shared[kind][i]) destroy((enum kind)kind, shared[kind][i]);
  NOTE(attune_set_log);
  attune_set_log(NULL, ATTUNE_LOG_WARN, NULL, NULL);
  if (destroyed_count != registered_count) {
    char counts[100];
    snprintf(counts, sizeof counts, "%llu registrations, %llu calls", (unsigned long long)registered_count,
             (unsigned long long)destroyed_count);
    violation("destroy", "expected one call for each registration", counts);
  }
  print_counts();
  for (t = 0; t < n_threads; t++) if (all_fuzzers[t]->slowest_seconds > slowest) {
    slowest = all_fuzzers[t]->slowest_seconds;
    printf("slowest call of thread %d: %.3f s, %s\n", t, slowest, all_fuzzers[t]->slowest);
  }
  if (violations) {
    printf("%llu violations:\n", (unsigned long long)violations);
    for (i = 0; i < violations && i < KEPT_VIOLATIONS; i++) puts(violation_texts[i]);
  }
  for (t = 0; t < n_threads; t++) free(all_fuzzers[t]);
  (void)main_fuzzer;
  if (chdir("/") == 0) {
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) perror(folder);
  }
  printf("%d passed, %d failed\n", violations ? 0 : 1, violations ? 1 : 0);
  return violations ? 1 : 0;
}

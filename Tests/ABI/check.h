/* check.h - counts what holds and what does not, and says where.
 *
 * A test is a main() of CHECK_... lines that ends in `return check_done();`. Its last line of output is
 * "N passed, N failed"; the exit status is 1 when anything failed. Counting is thread-safe.
 *
 * OK(call) and FAILS(call, status, "text", ...) expect the call to pass &e as its error. Both set e to a
 * pointer that is no error before the call, so that a call which forgets to write *err is found.
 */
#ifndef CHECK_H
#define CHECK_H

#include "attune.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#  define CHECK_UNUSED __attribute__((unused))
#else
#  define CHECK_UNUSED
#endif

static int check_passed, check_failed;
static char check_poison_byte;
#define CHECK_POISON ((attune_error *)(void *)&check_poison_byte)

/* The error of the last call; each thread of a test has its own. */
static __thread attune_error *e CHECK_UNUSED;

static CHECK_UNUSED int check_count(int holds) {
  if (holds) __atomic_add_fetch(&check_passed, 1, __ATOMIC_RELAXED);
  else __atomic_add_fetch(&check_failed, 1, __ATOMIC_RELAXED);
  return holds;
}

static CHECK_UNUSED int check_that(const char *file, int line, const char *text, int holds) {
  if (!check_count(holds)) printf("%s:%d: expected: %s\n", file, line, text);
  return holds;
}

static CHECK_UNUSED int check_int(const char *file, int line, const char *text, long long got, long long want) {
  if (!check_count(got == want)) printf("%s:%d: %s: expected %lld, got %lld\n", file, line, text, want, got);
  return got == want;
}

/* Equal numbers; NaN equals NaN. */
static CHECK_UNUSED int check_double(const char *file, int line, const char *text, double got, double want) {
  int holds = got == want || (isnan(got) && isnan(want));
  if (!check_count(holds)) printf("%s:%d: %s: expected %.17g, got %.17g\n", file, line, text, want, got);
  return holds;
}

static CHECK_UNUSED int check_string(const char *file, int line, const char *text, const char *got, const char *want) {
  int holds = got && want ? strcmp(got, want) == 0 : got == want;
  if (!check_count(holds))
    printf("%s:%d: %s: expected \"%s\", got \"%s\"\n", file, line, text, want ? want : "NULL", got ? got : "NULL");
  return holds;
}

static CHECK_UNUSED int check_has(const char *file, int line, const char *text, const char *got, const char *part) {
  int holds = got && strstr(got, part);
  if (!check_count(holds))
    printf("%s:%d: %s: expected text with \"%s\", got \"%.600s\"\n", file, line, text, part, got ? got : "NULL");
  return holds;
}

/* Text search in JSON that does not care for the writer's spaces; `part` is written without any. */
static CHECK_UNUSED int check_json(const char *file, int line, const char *text, const char *json, const char *part) {
  char *tight = json ? malloc(strlen(json) + 1) : NULL;
  size_t n = 0;
  int quoted = 0, holds;
  const char *p;
  for (p = json; tight && *p; p++) {
    if (quoted && *p == '\\' && p[1]) {
      tight[n++] = *p++;
      tight[n++] = *p;
      continue;
    }
    if (*p == '"') quoted = !quoted;
    if (quoted || !strchr(" \t\r\n", *p)) tight[n++] = *p;
  }
  if (tight) tight[n] = 0;
  holds = tight && strstr(tight, part);
  if (!check_count(holds))
    printf("%s:%d: %s: expected JSON with %s, got %.2000s\n", file, line, text, part, tight ? tight : "NULL");
  free(tight);
  return holds;
}

static CHECK_UNUSED int check_ok(const char *file, int line, const char *text, attune_status got) {
  int holds = got == ATTUNE_OK && e == NULL;
  if (!check_count(holds)) {
    if (e == CHECK_POISON) printf("%s:%d: %s: expected *err to be set to NULL, it was left alone\n", file, line, text);
    else if (got == ATTUNE_OK) printf("%s:%d: %s: expected *err NULL on success, got an error\n", file, line, text);
    else printf("%s:%d: %s: expected success, got %s: %s\n", file, line, text, attune_status_name(got),
                e ? attune_error_message(e) : "(no error object)");
  }
  if (e != CHECK_POISON) attune_error_free(e);
  e = NULL;
  return holds;
}

/* want 0 accepts any error status. parts: texts that the message must have, then NULL. */
static CHECK_UNUSED int check_fails(const char *file, int line, const char *text, attune_status got, attune_status want,
                                    const char *const *parts) {
  const char *message = e && e != CHECK_POISON ? attune_error_message(e) : NULL;
  int holds = (want ? got == want : got < 0) && message && *message && !strchr(message, '\n') &&
              attune_error_status(e) == got;
  if (!holds) {
    if (want ? got != want : got >= 0)
      printf("%s:%d: %s: expected %s, got %s (%s)\n", file, line, text, want ? attune_status_name(want) : "an error",
             attune_status_name(got), message ? message : "no message");
    else if (!message || !*message) printf("%s:%d: %s: expected an error with a message, got none\n", file, line, text);
    else if (strchr(message, '\n')) printf("%s:%d: %s: expected a message of one line, got: %s\n", file, line, text, message);
    else printf("%s:%d: %s: returned %s, but its error says %s\n", file, line, text, attune_status_name(got),
                attune_status_name(attune_error_status(e)));
  }
  for (; *parts; parts++) {
    if (message && strstr(message, *parts)) continue;
    if (holds) printf("%s:%d: %s: expected a message with \"%s\", got \"%s\"\n", file, line, text, *parts, message);
    holds = 0;
  }
  check_count(holds);
  if (e != CHECK_POISON) attune_error_free(e);
  e = NULL;
  return holds;
}

static CHECK_UNUSED int check_done(void) {
  printf("%d passed, %d failed\n", check_passed, check_failed);
  fflush(stdout);
  return check_failed ? 1 : 0;
}

#define CHECK(condition) check_that(__FILE__, __LINE__, #condition, (condition) ? 1 : 0)
#define CHECK_INT(got, want) check_int(__FILE__, __LINE__, #got, (long long)(got), (long long)(want))
#define CHECK_DOUBLE(got, want) check_double(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_STRING(got, want) check_string(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_HAS(got, part) check_has(__FILE__, __LINE__, #got, (got), (part))
#define CHECK_JSON(json, part) check_json(__FILE__, __LINE__, #json, (json), (part))
#define OK(call) check_ok(__FILE__, __LINE__, #call, (e = CHECK_POISON, (call)))
/* FAILS(call, status, "text the message has", ...): at least one text, which may be "". */
#define FAILS(call, ...) FAILS_(call, __VA_ARGS__, NULL)
#define FAILS_(call, want, ...) \
  check_fails(__FILE__, __LINE__, #call, (e = CHECK_POISON, (call)), (want), (const char *const[]){__VA_ARGS__})

#define ANY_ERROR ((attune_status)0)
#define INVALID ATTUNE_E_INVALID_ARGUMENT

#endif

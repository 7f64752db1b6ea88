/* table.h - a numeric table read from a CSV file, for the example plugins.
 *
 * The file has one header line and then numbers separated by commas; the last column is the target. A plugin names
 * a table by a bare file name, looked for beside the plugin, or by a path, taken as it is. Rows are dealt to folds,
 * and features standardized, without any global random numbers: the same file gives the same folds everywhere.
 *
 * Everything is static, plain C11 and C++17. Include this header first: it needs dladdr and strtod_l.
 */
#ifndef EXAMPLES_TABLE_H
#define EXAMPLES_TABLE_H

#ifndef _GNU_SOURCE
#  define _GNU_SOURCE
#endif
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#  include <xlocale.h>
#endif

struct table {
  int rows;
  int columns;    /* features: the target is not counted */
  double *x;      /* rows x columns, row after row       */
  double *target; /* one a row                           */
};

static inline void table_free(struct table *table) {
  free(table->x);
  free(table->target);
  memset(table, 0, sizeof *table);
}

/* The next of a stream of random 64-bit numbers (splitmix64: Steele, Lea, Flood 2014). */
static inline uint64_t table_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* 0, 1, ... n - 1 in an order that depends on the seed alone. */
static inline void table_shuffle(int *order, int n, uint64_t seed) {
  for (int i = 0; i < n; i++) order[i] = i;
  for (int i = n - 1; i > 0; i--) {
    int j = (int)(table_random(&seed) % (uint64_t)(i + 1));
    int other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
}

/* Reads one line of numbers into row; returns how many, or -1 at the first that is none. */
static inline int table_parse_line(char *line, double *row, int capacity, locale_t plain) {
  int n = 0;
  for (char *at = line;; at++) {
    char *end = at;
    double value = strtod_l(at, &end, plain);
    if (end == at || !isfinite(value)) return -1;
    while (*end == ' ' || *end == '\r' || *end == '\n') end++;
    if (n < capacity) row[n] = value;
    n++;
    if (*end == '\0') return n;
    if (*end != ',') return -1;
    at = end;
  }
}

static inline int table_append(struct table *table, const double *row, int *capacity) {
  if (table->rows == *capacity) {
    size_t grown = *capacity ? 2 * (size_t)*capacity : 256;
    double *x = (double *)realloc(table->x, grown * (size_t)table->columns * sizeof *x);
    if (x) table->x = x;
    double *target = (double *)realloc(table->target, grown * sizeof *target);
    if (target) table->target = target;
    if (!x || !target) return -1;
    *capacity = (int)grown;
  }
  memcpy(table->x + (size_t)table->rows * (size_t)table->columns, row, (size_t)table->columns * sizeof *row);
  table->target[table->rows++] = row[table->columns];
  return 0;
}

/* Reads an open file. Returns 0, or -1 with the reason in error; then the table is empty. */
static inline int table_read(struct table *table, FILE *file, char *error, size_t size) {
  char *line = NULL;
  size_t line_size = 0;
  double *row = NULL;
  int capacity = 0, number = 1;
  /* The host may have set a locale whose numbers have decimal commas. */
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  memset(table, 0, sizeof *table);
  error[0] = '\0';
  if (getline(&line, &line_size, file) < 0) {
    snprintf(error, size, "empty, wanted a header line");
    goto done;
  }
  for (const char *c = line; *c; c++) table->columns += *c == ',';
  row = (double *)malloc(((size_t)table->columns + 1) * sizeof *row);
  if (!row || !plain || table->columns == 0) {
    snprintf(error, size, "line 1: wanted the names of at least two columns");
    goto done;
  }
  while (getline(&line, &line_size, file) >= 0) {
    number++;
    if (line[strspn(line, " \r\n")] == '\0') continue;
    int n = table_parse_line(line, row, table->columns + 1, plain);
    if (n != table->columns + 1) {
      snprintf(error, size, "line %d: wanted %d finite numbers", number, table->columns + 1);
      goto done;
    }
    if (table_append(table, row, &capacity) != 0) {
      snprintf(error, size, "line %d: out of memory", number);
      goto done;
    }
  }
  if (table->rows == 0) snprintf(error, size, "no rows below the header");
done:
  if (error[0]) table_free(table);
  if (plain) freelocale(plain);
  free(row);
  free(line);
  return error[0] ? -1 : 0;
}

/* Finds and reads a table: a name with a slash is a path; a bare name is looked for in ../data from the plugin's own
 * folder, in that folder, and in the working directory. Returns 0, or -1 with the reason in error. */
static inline int table_load(struct table *table, const char *name, char *error, size_t size) {
  char paths[3][1024], folder[512] = ".";
  int n = 0;
  Dl_info self;
  memset(table, 0, sizeof *table);
  if (dladdr((const void *)(uintptr_t)&table_free, &self) && self.dli_fname && strchr(self.dli_fname, '/')) {
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(self.dli_fname, '/') - self.dli_fname), self.dli_fname);
  }
  if (!strchr(name, '/')) {
    snprintf(paths[n++], sizeof paths[0], "%s/../data/%.400s", folder, name);
    snprintf(paths[n++], sizeof paths[0], "%s/%.400s", folder, name);
  }
  snprintf(paths[n++], sizeof paths[0], "%s", name);
  for (int i = 0; i < n; i++) {
    FILE *file = fopen(paths[i], "re");
    if (!file) continue;
    char reason[128];
    int status = table_read(table, file, reason, sizeof reason);
    fclose(file);
    if (status != 0) snprintf(error, size, "%.1000s: %s", paths[i], reason);
    return status;
  }
  int used = snprintf(error, size, "cannot open the table (%s); tried", strerror(errno));
  for (int i = 0; i < n && used > 0 && (size_t)used < size; i++) {
    used += snprintf(error + used, size - (size_t)used, "%s %s", i ? "," : "", paths[i]);
  }
  return -1;
}

struct table_rank {
  double target;
  int row;
  int place; /* in the shuffled order */
};

static inline int table_compare(const void *left, const void *right) {
  const struct table_rank *a = (const struct table_rank *)left, *b = (const struct table_rank *)right;
  if (a->target != b->target) return a->target < b->target ? -1 : 1;
  return a->place - b->place;
}

/* Deals the rows to folds, each with its share of every class (or of every stretch of a real target): rows ordered by
 * target, equal ones shuffled by the seed, are dealt like cards. fold has one entry a row. Returns 0, or -1 when out
 * of memory. */
static inline int table_folds(const struct table *table, int folds, uint64_t seed, int *fold) {
  struct table_rank *ranks = (struct table_rank *)malloc((size_t)table->rows * sizeof *ranks);
  if (!ranks) return -1;
  table_shuffle(fold, table->rows, seed);
  for (int i = 0; i < table->rows; i++) {
    ranks[i].row = fold[i];
    ranks[i].target = table->target[fold[i]];
    ranks[i].place = i;
  }
  qsort(ranks, (size_t)table->rows, sizeof *ranks, table_compare);
  for (int i = 0; i < table->rows; i++) fold[ranks[i].row] = i % folds;
  free(ranks);
  return 0;
}

/* Writes all features to scaled (rows x columns) with mean 0 and deviation 1 over the rows outside the held-out fold:
 * what is measured on the held-out rows has not looked at them. A constant column becomes 0. */
static inline void table_standardize(const struct table *table, const int *fold, int held_out, double *scaled) {
  for (int j = 0; j < table->columns; j++) {
    double mean = 0, squares = 0;
    int n = 0;
    for (int i = 0; i < table->rows; i++) {
      if (fold[i] == held_out) continue;
      double value = table->x[(size_t)i * (size_t)table->columns + (size_t)j];
      double step = value - mean;
      mean += step / ++n; /* Welford 1962: no cancellation */
      squares += step * (value - mean);
    }
    double deviation = n > 1 ? sqrt(squares / n) : 0;
    for (int i = 0; i < table->rows; i++) {
      size_t at = (size_t)i * (size_t)table->columns + (size_t)j;
      scaled[at] = deviation > 0 ? (table->x[at] - mean) / deviation : 0;
    }
  }
}

#endif /* EXAMPLES_TABLE_H */

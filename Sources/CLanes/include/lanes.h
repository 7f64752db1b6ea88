/* The innermost loops over numbers, with the widest registers that the processor has.
 *
 * Each loop is written once and compiled twice where that gains: for every processor of the kind, and for those with
 * AVX2. Both give the same bits: they do the same IEEE 754 operations on each number in the same order, never fused.
 * Nothing here allocates, and nothing is kept between calls, so any thread may call. Rows may lie at any address that
 * suits their elements.
 */
#ifndef ATTUNE_LANES_H
#define ATTUNE_LANES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Points by axes: coordinate j of point i at columns[j * stride + i], stride a multiple of 4. The ordered axes come
 * first. weights holds 1/l^2 of the unordered axes, indexed by axis. */
typedef struct lanes_points {
  const double *_Nonnull columns;
  ptrdiff_t stride;
  ptrdiff_t count;
  ptrdiff_t ordered_count;
  ptrdiff_t axis_count;
  const double *_Nonnull weights;
} lanes_points;

/* So many points are evaluated together, and so many blocks of kernels: their exponents stay in the nearest cache. */
enum { LANES_TILE = 4, LANES_CHUNK = 16 };

/* A density of kernels in blocks of eight lanes, block_length numbers each: the log weights; for each numeric variable
 * mean and 1 / (deviation * sqrt 2); the categories; the tables. */
typedef struct lanes_density {
  const float *_Nonnull elements;
  const int32_t *_Nonnull lacking_counts; /* for each block, how many of its categories are lacking (below 0) */
  ptrdiff_t block_length;
  ptrdiff_t numeric_count;
  ptrdiff_t categorical_count;
  ptrdiff_t table_count;
  const float *_Nullable category_logs; /* for each categorical variable what agreement adds, then what difference */
  float absent; /* the log weight of a lane without kernel */
  float reach;  /* blocks whose exponents are all so far below the largest so far add nothing */
} lanes_density;

/* The loops. Which are compiled for what, only the functions below tell. */
typedef struct lanes_kernels {
  /* e^x of each number, for x <= 700; below -700 as at -700. Not-a-number is not kept. Relative error below 2^-49,
   * exact at 0; a third of the operations of a full exponential. In place is fine. */
  void (*_Nonnull quick_exp)(const double *_Nonnull x, ptrdiff_t count, double *_Nonnull result);

  /* e^x of each number in single precision, for x <= 88; below -87.3 as there, never 0. Relative error below
   * 4e-7 + 7.5e-8 * |x|. In place is fine. */
  void (*_Nonnull fast_exp)(const float *_Nonnull x, ptrdiff_t count, float *_Nonnull result);

  /* Of Matern's kernel s^2 (1 + a + a^2/3) e^-a, a = sqrt(5) r, between `query` and each point. Rows of results have
   * room for the count rounded up to a multiple of 4; what lies beyond the count becomes 0. slopes are
   * s^2 (5/3) (1 + a) e^-a, bends s^2 (25/3) e^-a; bends may be NULL. About 9 ns for four points of ten axes. */
  void (*_Nonnull matern_values)(lanes_points points, const double *_Nonnull query, double signal,
                                 double *_Nonnull values);
  void (*_Nonnull matern_slopes)(lanes_points points, const double *_Nonnull query, double signal,
                                 double *_Nonnull values, double *_Nonnull slopes, double *_Nullable bends);
  /* r^2 of `query` and each point, but for what they differ by along `axis`; room as above, nothing becomes 0. */
  void (*_Nonnull matern_squares)(lanes_points points, const double *_Nonnull query, ptrdiff_t axis,
                                  double *_Nonnull squares);
  /* As matern_values for a query at `coordinate` along `axis`, `squares` being what it differs by else. */
  void (*_Nonnull matern_along)(lanes_points points, const double *_Nonnull squares, ptrdiff_t axis,
                                double coordinate, double signal, double *_Nonnull values);
  /* Values and slopes of pairs of points: differences[j * pair_count + p] is the square of what pair p differs by
   * along axis j, to be multiplied with weights[j]. pair_count is a multiple of 4. */
  void (*_Nonnull matern_pairs)(const double *_Nonnull differences, ptrdiff_t pair_count,
                                const double *_Nonnull weights, ptrdiff_t axis_count, double signal,
                                double *_Nonnull values, double *_Nonnull slopes);

  /* Adds the kernels of the blocks first..<end, at most LANES_CHUNK, to the sums of exponentials at LANES_TILE points.
   * sums: eight lanes a point, relative to e to the power `largest`, one a point, which starts at the least exponent
   * that counts. x: the points' coordinates, numeric variables and then categories, LANES_TILE numbers each; tables
   * likewise where the entry of each table starts in a block, or -1. About 0.5 us for 128 kernels of ten variables. */
  void (*_Nonnull density_add)(const lanes_density *_Nonnull density, ptrdiff_t first, ptrdiff_t end,
                               const float *_Nonnull x, const ptrdiff_t *_Nonnull tables, float *_Nonnull sums,
                               float *_Nonnull largest);

  /* For L with L Lt = A, by rows `stride` elements apart, and the reciprocals of its diagonal; only its lower triangle
   * is read. solve_row replaces the elements first..<last of x by those of the y with L y = x, the ones before being
   * found; solve_rows does so for `count` rows; elements before `origin` are taken as 0 and not read. first and origin
   * are even. solve_upper replaces all of x by the y with Lt y = x. */
  void (*_Nonnull solve_row)(double *_Nonnull x, const double *_Nonnull l, ptrdiff_t stride,
                             const double *_Nonnull inverse, ptrdiff_t first, ptrdiff_t last, ptrdiff_t origin);
  void (*_Nonnull solve_rows)(double *_Nonnull x, ptrdiff_t x_stride, ptrdiff_t count, const double *_Nonnull l,
                              ptrdiff_t stride, const double *_Nonnull inverse, ptrdiff_t first, ptrdiff_t last,
                              ptrdiff_t origin);
  void (*_Nonnull solve_upper)(double *_Nonnull x, const double *_Nonnull l, ptrdiff_t stride,
                               const double *_Nonnull inverse, ptrdiff_t count);
  /* Computes the diagonal element of a row that is solved up to it, and its reciprocal; 0 if its pivot is not above
   * 0 and least_pivot, or not finite. */
  int (*_Nonnull finish_row)(double *_Nonnull x, ptrdiff_t row, double *_Nonnull inverse, double least_pivot);
  /* Replaces the lower triangle of A by L; returns the row whose pivot fails, or -1. */
  ptrdiff_t (*_Nonnull factor)(double *_Nonnull l, ptrdiff_t stride, double *_Nonnull inverse, ptrdiff_t count,
                               double least_pivot);
} lanes_kernels;

/* For every processor of this kind. */
const lanes_kernels *_Nonnull lanes_baseline(void);
/* For processors with AVX2; NULL where this one has none, or is of another kind. */
const lanes_kernels *_Nullable lanes_avx2(void);
/* The fastest for this processor. A few instructions. */
const lanes_kernels *_Nonnull lanes_chosen(void);

#ifdef __cplusplus
}
#endif
#endif

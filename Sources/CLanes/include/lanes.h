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

/* Kernels in blocks of eight lanes: log weights, mean and scale of each numeric variable, categories, tables. */
typedef struct lanes_density {
  const float *_Nonnull elements;
  const int32_t *_Nonnull lacking_counts; /* for each block, how many of its categories are lacking */
  ptrdiff_t block_length;
  ptrdiff_t numeric_count;
  ptrdiff_t categorical_count;
  ptrdiff_t table_count;
  const float *_Nullable same_and_different; /* for each category what agreement adds, and what difference */
} lanes_density;

/* The loops. Which are compiled for what, only the functions below tell. */
typedef struct lanes_kernels {
  /* e^x of each number, for x <= 700; below -700 as at -700. Not-a-number is not kept. Relative error below 2^-49,
   * exact at 0; a third of the operations of a full exponential. In place is fine. */
  void (*_Nonnull quick_exp)(const double *_Nonnull x, ptrdiff_t count, double *_Nonnull result);

  /* e^x of each number in single precision, for x <= 88: see `lanes_kernels.density_add`. In place is fine. */
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

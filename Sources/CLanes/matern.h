/* Matern's kernel of smoothness 5/2, four points at once; two such groups in turns where there are as many, so that
 * the processor has work while a result is on its way. */

/* What the points from `column` on and a coordinate add to r^2 along an ordered axis. */
INLINE doubles ordered_square(const double *column, double coordinate) {
  doubles difference = load(column) - coordinate;
  return difference * difference;
}

/* The same along an unordered axis. */
INLINE doubles unordered_square(const double *column, double coordinate, double weight) {
  bits64 differs = load(column) != coordinate;
  return (doubles)(differs & (bits64)all(weight));
}

/* r^2 of `groups` times four points. */
INLINE void distances(lanes_points points, const double *query, ptrdiff_t start, int groups, doubles *sums) {
  const double *column = points.columns + start;
  for (int g = 0; g < groups; g++) sums[g] = all(0);
  ptrdiff_t axis = 0;
  for (; axis < points.ordered_count; axis++, column += points.stride) {
    for (int g = 0; g < groups; g++) sums[g] += ordered_square(column + 4 * g, query[axis]);
  }
  for (; axis < points.axis_count; axis++, column += points.stride) {
    for (int g = 0; g < groups; g++) {
      sums[g] += unordered_square(column + 4 * g, query[axis], points.weights[axis]);
    }
  }
}

INLINE doubles scaled(doubles square) { return root(5 * square); }

INLINE doubles polynomial(doubles a) { return 1 + a + a * a * (1.0 / 3); }

INLINE doubles matern(doubles square, double signal) {
  doubles a = scaled(square);
  return signal * polynomial(a) * quick_exp4(-a);
}

INLINE void matern_with_slopes(doubles square, double signal, double *values, double *slopes, double *bends) {
  doubles a = scaled(square);
  doubles decay = signal * quick_exp4(-a);
  store(values, polynomial(a) * decay);
  store(slopes, (5.0 / 3) * (1 + a) * decay);
  if (bends) store(bends, (25.0 / 3) * decay);
}

/* The count rounded up to a multiple of 4. */
INLINE ptrdiff_t padded(ptrdiff_t count) { return (count + 3) & ~(ptrdiff_t)3; }

INLINE void clear_tail(ptrdiff_t count, double *values) {
  for (ptrdiff_t i = count; i < padded(count); i++) values[i] = 0;
}

static void matern_values(lanes_points points, const double *query, double signal, double *values) {
  doubles sums[2];
  ptrdiff_t start = 0;
  for (; start + 4 < points.count; start += 8) {
    distances(points, query, start, 2, sums);
    store(values + start, matern(sums[0], signal));
    store(values + start + 4, matern(sums[1], signal));
  }
  if (start < points.count) {
    distances(points, query, start, 1, sums);
    store(values + start, matern(sums[0], signal));
  }
  clear_tail(points.count, values);
}

INLINE void slopes_of(lanes_points points, const double *query, double signal, double *values, double *slopes,
                      double *bends) {
  doubles sums[2];
  ptrdiff_t start = 0;
  for (; start + 4 < points.count; start += 8) {
    distances(points, query, start, 2, sums);
    matern_with_slopes(sums[0], signal, values + start, slopes + start, bends ? bends + start : NULL);
    matern_with_slopes(sums[1], signal, values + start + 4, slopes + start + 4, bends ? bends + start + 4 : NULL);
  }
  if (start < points.count) {
    distances(points, query, start, 1, sums);
    matern_with_slopes(sums[0], signal, values + start, slopes + start, bends ? bends + start : NULL);
  }
  clear_tail(points.count, values);
  clear_tail(points.count, slopes);
  if (bends) clear_tail(points.count, bends);
}

static void matern_slopes(lanes_points points, const double *query, double signal, double *values,
                          double *slopes, double *bends) {
  /* Apart, so that the usual loop has no branch for bends. */
  if (bends) {
    slopes_of(points, query, signal, values, slopes, bends);
  } else {
    slopes_of(points, query, signal, values, slopes, NULL);
  }
}

static void matern_squares(lanes_points points, const double *query, ptrdiff_t axis, double *squares) {
  for (ptrdiff_t start = 0; start < points.count; start += 4) {
    doubles sum = all(0);
    const double *column = points.columns + start;
    for (ptrdiff_t other = 0; other < points.axis_count; other++, column += points.stride) {
      if (other == axis) continue;
      sum += other < points.ordered_count ? ordered_square(column, query[other])
                                           : unordered_square(column, query[other], points.weights[other]);
    }
    store(squares + start, sum);
  }
}

static void matern_along(lanes_points points, const double *squares, ptrdiff_t axis, double coordinate,
                         double signal, double *values) {
  const double *column = points.columns + axis * points.stride;
  ptrdiff_t count = points.count;
  if (axis < points.ordered_count) {
    for (ptrdiff_t start = 0; start < count; start += 4) {
      store(values + start, matern(load(squares + start) + ordered_square(column + start, coordinate), signal));
    }
  } else {
    double weight = points.weights[axis];
    for (ptrdiff_t start = 0; start < count; start += 4) {
      doubles square = unordered_square(column + start, coordinate, weight);
      store(values + start, matern(load(squares + start) + square, signal));
    }
  }
  clear_tail(count, values);
}

static void matern_pairs(const double *differences, ptrdiff_t pair_count, const double *weights, ptrdiff_t axis_count,
                         double signal, double *values, double *slopes) {
  for (ptrdiff_t start = 0; start < pair_count; start += 4) {
    doubles sum = all(0);
    const double *place = differences + start;
    for (ptrdiff_t axis = 0; axis < axis_count; axis++, place += pair_count) sum += load(place) * weights[axis];
    matern_with_slopes(sum, signal, values + start, slopes + start, NULL);
  }
}

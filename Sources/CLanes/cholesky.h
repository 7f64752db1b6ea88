/* The loops of the Cholesky factorisation and of the solves with its rows.
 *
 * Inner products are summed in the order of `DotKernel`: the elements of even and of odd index in two running sums,
 * which are added last. Two rows share a wide value, so a product has the same bits whatever the width and the tile.
 *
 * Element j of a row x solved against L is (x[j] - sum over k < j of x[k] L[j][k]) / L[j][j]. The sum over k < j & ~1
 * is an inner product; for odd j the last term is subtracted after it. */

/* Rows that are solved together: their elements so far stay in the nearest cache. */
enum { STRIP = 16 };

/* Elements k and k + 1 of two rows. */
INLINE doubles joined(pair low, pair high) { return __builtin_shufflevector(low, high, 0, 1, 2, 3); }
INLINE doubles twice(pair value) { return joined(value, value); }
INLINE pair low_pair(doubles value) { return __builtin_shufflevector(value, value, 0, 1); }
INLINE pair high_pair(doubles value) { return __builtin_shufflevector(value, value, 2, 3); }
/* The low halves of two values, and their high ones. */
INLINE doubles low_pairs(doubles a, doubles b) { return __builtin_shufflevector(a, b, 0, 1, 4, 5); }
INLINE doubles high_pairs(doubles a, doubles b) { return __builtin_shufflevector(a, b, 2, 3, 6, 7); }
/* The elements of even index in turns, and those of odd index. */
INLINE doubles evens(doubles a, doubles b) { return __builtin_shufflevector(a, b, 0, 4, 2, 6); }
INLINE doubles odds(doubles a, doubles b) { return __builtin_shufflevector(a, b, 1, 5, 3, 7); }

INLINE double sum_of(pair sums) { return sums[0] + sums[1]; }

INLINE double dot(const double *a, const double *b, ptrdiff_t even_count) {
  pair sums = {0, 0};
  for (ptrdiff_t k = 0; k < even_count; k += 2) sums += load_pair(a + k) * load_pair(b + k);
  return sum_of(sums);
}

/* Solves two elements of a row, given their inner products; `corner` is the diagonal block's place in L. */
INLINE void solve_pair(double *x, double first, double second, const double *corner, ptrdiff_t stride,
                       const double *inverse) {
  double a = (x[0] - first) * inverse[0];
  x[0] = a;
  x[1] = ((x[1] - second) - a * corner[stride]) * inverse[1];
}

INLINE void solve_element(double *x, const double *l, ptrdiff_t stride, const double *inverse, ptrdiff_t column,
                          ptrdiff_t origin) {
  const double *row = l + column * stride;
  ptrdiff_t even = column & ~(ptrdiff_t)1;
  double value = x[column] - dot(x + origin, row + origin, even - origin);
  if (even < column) value -= x[even] * row[even];
  x[column] = value * inverse[column];
}

/* The running sums of the products of x with eight rows, two rows in each. */
INLINE void eight_products(const double *x, const double *rows, ptrdiff_t stride, ptrdiff_t even_count,
                           doubles sums[4]) {
  for (int i = 0; i < 4; i++) sums[i] = all(0);
  ptrdiff_t k = 0;
  for (; k + 4 <= even_count; k += 4) {
    doubles u = load(x + k);
    for (int i = 0; i < 4; i++) {
      doubles a = u * load(rows + 2 * i * stride + k), b = u * load(rows + (2 * i + 1) * stride + k);
      sums[i] += low_pairs(a, b);
      sums[i] += high_pairs(a, b);
    }
  }
  if (k < even_count) {
    doubles u = twice(load_pair(x + k));
    for (int i = 0; i < 4; i++) {
      const double *row = rows + 2 * i * stride + k;
      sums[i] += u * joined(load_pair(row), load_pair(row + stride));
    }
  }
}

static void solve_row(double *x, const double *l, ptrdiff_t stride, const double *inverse, ptrdiff_t first,
                      ptrdiff_t last, ptrdiff_t origin) {
  ptrdiff_t column = first;
  for (; column + 8 <= last; column += 8) {
    const double *rows = l + column * stride;
    doubles sums[4];
    eight_products(x + origin, rows + origin, stride, column - origin, sums);
    /* The diagonal block: each pair that is found adds to the sums of those after it. */
    for (int i = 0; i < 4; i++) {
      ptrdiff_t place = column + 2 * i;
      const double *corner = rows + 2 * i * stride + place;
      solve_pair(x + place, sum_of(low_pair(sums[i])), sum_of(high_pair(sums[i])), corner, stride, inverse + place);
      doubles found = twice(load_pair(x + place));
      for (int j = i + 1; j < 4; j++) {
        const double *row = rows + 2 * j * stride + place;
        sums[j] += found * joined(load_pair(row), load_pair(row + stride));
      }
    }
  }
  for (; column < last; column++) solve_element(x, l, stride, inverse, column, origin);
}

/* Solves `pairs` times two elements of four rows, from `column` on. */
INLINE void solve_tile(double *x, ptrdiff_t x_stride, const double *l, ptrdiff_t stride, const double *inverse,
                       ptrdiff_t column, ptrdiff_t origin, int pairs) {
  const double *x1 = x + x_stride, *x2 = x + 2 * x_stride, *x3 = x + 3 * x_stride;
  const double *rows = l + column * stride;
  /* For each of L's rows, the running sums of x's first two rows and of the others. */
  doubles low[2 * LANES_PAIRS], high[2 * LANES_PAIRS];
  for (int i = 0; i < 2 * pairs; i++) low[i] = high[i] = all(0);
  for (ptrdiff_t k = origin; k < column; k += 2) {
    doubles u = joined(load_pair(x + k), load_pair(x1 + k));
    doubles v = joined(load_pair(x2 + k), load_pair(x3 + k));
    for (int i = 0; i < 2 * pairs; i++) {
      doubles w = twice(load_pair(rows + i * stride + k));
      low[i] += u * w;
      high[i] += v * w;
    }
  }
  for (int i = 0; i < pairs; i++) {
    ptrdiff_t place = column + 2 * i;
    doubles own = joined(load_pair(x + place), load_pair(x1 + place));
    doubles others = joined(load_pair(x2 + place), load_pair(x3 + place));
    /* By rows of x in the order 0, 2, 1, 3. */
    doubles first = evens(low[2 * i], high[2 * i]) + odds(low[2 * i], high[2 * i]);
    doubles second = evens(low[2 * i + 1], high[2 * i + 1]) + odds(low[2 * i + 1], high[2 * i + 1]);
    doubles a = (evens(own, others) - first) * inverse[place];
    doubles b = ((odds(own, others) - second) - a * rows[(2 * i + 1) * stride + place]) * inverse[place + 1];
    own = evens(a, b);
    others = odds(a, b);
    store_pair(x + place, low_pair(own));
    store_pair(x + x_stride + place, high_pair(own));
    store_pair(x + 2 * x_stride + place, low_pair(others));
    store_pair(x + 3 * x_stride + place, high_pair(others));
    for (int j = 2 * i + 2; j < 2 * pairs; j++) {
      doubles w = twice(load_pair(rows + j * stride + place));
      low[j] += own * w;
      high[j] += others * w;
    }
  }
}

static void solve_rows(double *x, ptrdiff_t x_stride, ptrdiff_t count, const double *l, ptrdiff_t stride,
                       const double *inverse, ptrdiff_t first, ptrdiff_t last, ptrdiff_t origin) {
  for (ptrdiff_t start = 0; start < count; start += STRIP) {
    double *strip = x + start * x_stride;
    ptrdiff_t rows = count - start < STRIP ? count - start : STRIP;
    ptrdiff_t whole = rows & ~(ptrdiff_t)3;
    ptrdiff_t column = first;
    for (; column + 2 * LANES_PAIRS <= last; column += 2 * LANES_PAIRS) {
      for (ptrdiff_t row = 0; row < whole; row += 4) {
        solve_tile(strip + row * x_stride, x_stride, l, stride, inverse, column, origin, LANES_PAIRS);
      }
    }
    for (; column + 2 <= last; column += 2) {
      for (ptrdiff_t row = 0; row < whole; row += 4) {
        solve_tile(strip + row * x_stride, x_stride, l, stride, inverse, column, origin, 1);
      }
    }
    if (column < last) {
      for (ptrdiff_t row = 0; row < whole; row++) {
        solve_element(strip + row * x_stride, l, stride, inverse, column, origin);
      }
    }
    for (ptrdiff_t row = whole; row < rows; row++) {
      solve_row(strip + row * x_stride, l, stride, inverse, first, last, origin);
    }
  }
}

static int finish_row(double *x, ptrdiff_t row, double *inverse, double least_pivot) {
  ptrdiff_t even = row & ~(ptrdiff_t)1;
  double pivot = x[row] - dot(x, x, even);
  if (even < row) pivot -= x[even] * x[even];
  double least = 0 >= least_pivot ? 0 : least_pivot;
  if (!(pivot > least && pivot < __builtin_inf())) return 0;
  double square_root = __builtin_elementwise_sqrt(pivot);
  x[row] = square_root;
  inverse[row] = 1 / square_root;
  return 1;
}

static ptrdiff_t factor(double *l, ptrdiff_t stride, double *inverse, ptrdiff_t count, double least_pivot) {
  for (ptrdiff_t start = 0; start < count; start += STRIP) {
    ptrdiff_t end = count - start < STRIP ? count : start + STRIP;
    solve_rows(l + start * stride, stride, end - start, l, stride, inverse, 0, start, 0);
    for (ptrdiff_t row = start; row < end; row++) {
      double *x = l + row * stride;
      solve_row(x, l, stride, inverse, start, row, 0);
      if (!finish_row(x, row, inverse, least_pivot)) return row;
    }
  }
  return -1;
}

/* Adds four rows times `factors`, in order, to the row y. */
INLINE void add_four(const double *rows, ptrdiff_t stride, const double *factors, double *y, ptrdiff_t count) {
  ptrdiff_t k = 0;
  for (; k + 4 <= count; k += 4) {
    doubles sum = load(y + k);
    for (int i = 0; i < 4; i++) sum += load(rows + i * stride + k) * factors[i];
    store(y + k, sum);
  }
  for (; k < count; k++) {
    for (int i = 0; i < 4; i++) y[k] += rows[i * stride + k] * factors[i];
  }
}

INLINE void add(const double *row, double factor, double *y, ptrdiff_t count) {
  for (ptrdiff_t k = 0; k < count; k++) y[k] += row[k] * factor;
}

static void solve_upper(double *x, const double *l, ptrdiff_t stride, const double *inverse, ptrdiff_t count) {
  ptrdiff_t row = count;
  while (row >= 4) {
    row -= 4;
    const double *own = l + row * stride;
    double factors[4];
    for (int i = 3; i >= 0; i--) {
      x[row + i] *= inverse[row + i];
      factors[i] = -x[row + i];
      add(own + i * stride + row, factors[i], x + row, i);
    }
    add_four(own, stride, factors, x, row);
  }
  while (row > 0) {
    row--;
    x[row] *= inverse[row];
    add(l + row * stride, -x[row], x, row);
  }
}

/* The exponents of kernels at points, and the sum of their exponentials: eight kernels at once, at four points in turns
 * so that a block of kernels is loaded once for them. */

/* The largest lane. */
INLINE float largest_lane(floats lanes) {
  floats a = lanes;
  a = larger(__builtin_shufflevector(a, a, 4, 5, 6, 7, 4, 5, 6, 7), a);
  a = larger(__builtin_shufflevector(a, a, 2, 3, 2, 3, 2, 3, 2, 3), a);
  return a[1] > a[0] ? a[1] : a[0];
}

/* What was added too much to kernels of a block for categories that they lack. */
INLINE floats lacking(const lanes_density *density, const float *categories) {
  floats sum = all_floats(0);
  for (ptrdiff_t v = 0; v < density->categorical_count; v++, categories += 8) {
    bits32 is_lacking = load_floats(categories) < 0;
    sum += (floats)(is_lacking & (bits32)all_floats(density->category_logs[2 * v + 1]));
  }
  return sum;
}

/* Writes the exponents of some blocks at each point, and the largest at each. */
INLINE void density_exponents(const lanes_density *density, ptrdiff_t first, ptrdiff_t end, const float *x,
                              const ptrdiff_t *tables, float logs[LANES_TILE][8 * LANES_CHUNK], float *maxima) {
  floats m[LANES_TILE];
  for (int p = 0; p < LANES_TILE; p++) m[p] = all_floats(density->absent);
  float everywhere = 0;
  for (ptrdiff_t v = 0; v < density->categorical_count; v++) everywhere += density->category_logs[2 * v + 1];
  for (ptrdiff_t index = first; index < end; index++) {
    const float *block = density->elements + index * density->block_length;
    const float *place = block + 8;
    const float *coordinate = x;
    floats a[LANES_TILE];
    a[0] = load_floats(block) + everywhere;
    if (density->lacking_counts[index]) a[0] -= lacking(density, place + 16 * density->numeric_count);
    for (int p = 1; p < LANES_TILE; p++) a[p] = a[0];
    for (ptrdiff_t v = 0; v < density->numeric_count; v++, place += 16, coordinate += LANES_TILE) {
      floats mean = load_floats(place), scale = load_floats(place + 8);
      for (int p = 0; p < LANES_TILE; p++) {
        floats t = (coordinate[p] - mean) * scale;
        a[p] -= t * t;
      }
    }
    for (ptrdiff_t v = 0; v < density->categorical_count; v++, place += 8, coordinate += LANES_TILE) {
      floats own = load_floats(place);
      bits32 more = (bits32)all_floats(density->category_logs[2 * v] - density->category_logs[2 * v + 1]);
      for (int p = 0; p < LANES_TILE; p++) a[p] += (floats)((own == coordinate[p]) & more);
    }
    for (ptrdiff_t v = 0; v < density->table_count; v++) {
      for (int p = 0; p < LANES_TILE; p++) {
        ptrdiff_t offset = tables[LANES_TILE * v + p];
        if (offset >= 0) a[p] += load_floats(block + offset);
      }
    }
    for (int p = 0; p < LANES_TILE; p++) {
      store_floats(logs[p] + 8 * (index - first), a[p]);
      m[p] = larger(a[p], m[p]);
    }
  }
  for (int p = 0; p < LANES_TILE; p++) maxima[p] = largest_lane(m[p]);
}

/* Adds the exponentials of some blocks' exponents at one point, of which `maximum` is the largest. */
INLINE void add_exponentials(const float *logs, ptrdiff_t block_count, float maximum, float reach, float *sums,
                             float *largest) {
  floats sum = load_floats(sums);
  if (maximum > *largest) {
    sum *= fast_exp8(all_floats(*largest - maximum));
    *largest = maximum;
  }
  float bound = *largest - reach;
  if (maximum > bound) {
    for (ptrdiff_t block = 0; block < block_count; block++) {
      floats lanes = load_floats(logs + 8 * block);
      if (__builtin_reduce_or(lanes > bound)) sum += fast_exp8(lanes - *largest);
    }
  }
  store_floats(sums, sum);
}

static void density_add(const lanes_density *density, ptrdiff_t first, ptrdiff_t end, const float *x,
                        const ptrdiff_t *tables, float *sums, float *largest) {
  float logs[LANES_TILE][8 * LANES_CHUNK];
  float maxima[LANES_TILE];
  density_exponents(density, first, end, x, tables, logs, maxima);
  for (int p = 0; p < LANES_TILE; p++) {
    add_exponentials(logs[p], end - first, maxima[p], density->reach, sums + 8 * p, largest + p);
  }
}

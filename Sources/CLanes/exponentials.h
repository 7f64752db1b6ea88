/* Exponentials of several numbers at once, with the same bits on every machine.
 *
 * The exponent is split off by adding 1.5 * 2^52, or 1.5 * 2^23, which rounds to whole numbers and leaves the number
 * itself in the low bits: conversions between numbers and integers of a vector are many times slower.
 */

/* One polynomial of degree ten serves the whole of |r| <= ln 2 / 2, with the coefficients of the interpolation of
 * (e^r - 1 - r) / r^2 at Chebyshev nodes. */
INLINE doubles quick_exp4(doubles x) {
  x = choose(x < -700, all(-700), x);
  doubles shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52;
  doubles n = shifted - 0x1.8p52;
  /* ln 2 in two parts; the first has 40 bits, so that its multiples up to 2^11 are exact. */
  doubles r = (x - n * 0x1.62e42fefa2p-1) - n * 0x1.9ef35793c7673p-41;
  doubles r2 = r * r;
  doubles a = 0.5 + r * 0x1.5555555553b78p-3;
  doubles b = 0x1.5555555554cb7p-5 + r * 0x1.1111111c478ebp-7;
  doubles c = 0x1.6c16c1738ff55p-10 + r * 0x1.a019ada3609f3p-13;
  doubles d = 0x1.a019c9a5652d3p-16 + r * 0x1.72c72ca338df0p-19;
  doubles q = a + r2 * (b + r2 * (c + r2 * (d + r2 * 0x1.2880411bad1aap-22)));
  doubles y = 1 + (r + r2 * q);
  /* y is near 1 and the result a normal number, so its exponent can be added to. */
  return (doubles)((bits64)y + ((bits64)shifted << 52));
}

/* A polynomial of degree five gives 2^f for |f| <= 1/2. Relative error below 4e-7 + 7.5e-8 * |x|; never 0. */
INLINE floats fast_exp8(floats x) {
  floats t = x * 1.442695f;
  floats clamped = choose_floats(t < -126, all_floats(-126), t);
  floats shifted = clamped + 12582912;
  floats f = clamped - (shifted - 12582912);
  floats p = 0x1.5ec866p-10f * f + 0x1.3cbf6p-7f;
  p = p * f + 0x1.c6afeep-5f;
  p = p * f + 0x1.ebfa4cp-3f;
  p = p * f + 0x1.62e43p-1f;
  p = p * f + 1;
  return (floats)((bits32)p + ((bits32)shifted << 23));
}

static void quick_exp(const double *x, ptrdiff_t count, double *result) {
  ptrdiff_t i = 0;
  for (; i + 4 <= count; i += 4) store(result + i, quick_exp4(load(x + i)));
  for (; i < count; i++) result[i] = quick_exp4(all(x[i]))[0];
}

static void fast_exp(const float *x, ptrdiff_t count, float *result) {
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) store_floats(result + i, fast_exp8(load_floats(x + i)));
  for (; i < count; i++) result[i] = fast_exp8(all_floats(x[i]))[0];
}

/* Native functions of every argument and result type. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int8_t echo_i8(int8_t x) { return x; }
int16_t echo_i16(int16_t x) { return x; }
int32_t echo_i32(int32_t x) { return x; }
int64_t echo_i64(int64_t x) { return x; }
uint8_t echo_u8(uint8_t x) { return x; }
uint16_t echo_u16(uint16_t x) { return x; }
uint32_t echo_u32(uint32_t x) { return x; }
uint64_t echo_u64(uint64_t x) { return x; }
float echo_f32(float x) { return x; }
double echo_f64(double x) { return x; }
bool echo_bool(bool x) { return x; }
double length(const char *x) { return x ? (double)strlen(x) : -1; }
double first_byte(const char *x) { return x ? (double)(unsigned char)x[0] : -1; }

/* Everything at once, more than fits in registers, weighted so that no two arguments can be mixed up. */
double all(int8_t a, uint8_t b, int16_t c, uint16_t d, int32_t e, uint32_t f, int64_t g, uint64_t h, float i, double j,
           bool k, const char *l, double m, double n, double o, double p, double q, double r, double s, double t) {
  return a + 2.0 * b + 3.0 * c + 5.0 * d + 7.0 * e + 11.0 * f + 13.0 * (double)g + 17.0 * (double)h + 19.0 * (double)i +
         23 * j + 29.0 * k + 31.0 * (double)strlen(l) + 37 * m + 41 * n + 43 * o + 47 * p + 53 * q + 59 * r + 61 * s +
         67 * t;
}

int32_t two(double x, double *out, void *context) {
  out[0] = x;
  out[1] = 1 - x;
  return context ? *(int32_t *)context : 0;
}

void fill(double x, double *out) {
  out[0] = x;
  out[1] = 2 * x;
  out[2] = 3 * x;
}

double slope(double x, int32_t n, double *gradient) {
  if (gradient) {
    gradient[0] = 2 * x;
    gradient[1] = (double)n;
  }
  return x * x + n * n / 2.0;
}

/* As NLopt wants them. */
double nlopt_style(unsigned n, const double *x, double *gradient, void *data) {
  double sum = data ? *(double *)data : 0;
  for (unsigned i = 0; i < n; i++) {
    sum += (i + 1) * x[i] * x[i];
    if (gradient) gradient[i] = 2 * (i + 1) * x[i];
  }
  return sum;
}

double nothing(void) { return 42; }
double is_nan(double x, int32_t n, bool b) { return isnan(x) ? 100 + n + b : 0; }

static int running, overlaps;
#include <sched.h>
double crowded(double x) {
  if (__atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST) > 1) __atomic_add_fetch(&overlaps, 1, __ATOMIC_SEQ_CST);
  for (int i = 0; i < 20; i++) sched_yield();
  __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
  return x;
}
int32_t overlap_count(void) { return overlaps; }

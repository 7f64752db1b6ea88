/* Four numbers of double precision, or eight of single, as one value: one register with AVX2, else two. A pair is one in any
 * case. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Wide values are passed between inlined functions alone, so it does not matter how others would get them. */
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef double doubles __attribute__((vector_size(32), aligned(32)));
typedef uint64_t bits64 __attribute__((vector_size(32), aligned(32)));
typedef double pair __attribute__((vector_size(16), aligned(16)));
typedef float floats __attribute__((vector_size(32), aligned(32)));
typedef uint32_t bits32 __attribute__((vector_size(32), aligned(32)));

INLINE doubles load(const double *place) {
  doubles value;
  memcpy(&value, place, sizeof value);
  return value;
}

INLINE void store(double *place, doubles value) { memcpy(place, &value, sizeof value); }

INLINE pair load_pair(const double *place) {
  pair value;
  memcpy(&value, place, sizeof value);
  return value;
}

INLINE void store_pair(double *place, pair value) { memcpy(place, &value, sizeof value); }

INLINE floats load_floats(const float *place) {
  floats value;
  memcpy(&value, place, sizeof value);
  return value;
}

INLINE void store_floats(float *place, floats value) { memcpy(place, &value, sizeof value); }

INLINE doubles all(double value) { return (doubles){value, value, value, value}; }

INLINE floats all_floats(float value) {
  return (floats){value, value, value, value, value, value, value, value};
}

/* Where the mask is set `yes`, else `no`. */
INLINE doubles choose(bits64 mask, doubles yes, doubles no) {
  return (doubles)((mask & (bits64)yes) | (~mask & (bits64)no));
}

INLINE floats choose_floats(bits32 mask, floats yes, floats no) {
  return (floats)((mask & (bits32)yes) | (~mask & (bits32)no));
}

INLINE floats larger(floats value, floats than) { return choose_floats(value > than, value, than); }

INLINE doubles root(doubles x) { return __builtin_elementwise_sqrt(x); }

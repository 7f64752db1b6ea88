/* Which loops a processor gets. */
#include "tables.h"

const lanes_kernels *lanes_baseline(void) { return &lanes_baseline_table; }

const lanes_kernels *lanes_avx2(void) {
#if defined(__x86_64__)
  /* Also tells whether the system keeps the wide registers. The answer lies ready since the library was loaded. */
  if (__builtin_cpu_supports("avx2")) return &lanes_avx2_table;
#endif
  return NULL;
}

const lanes_kernels *lanes_chosen(void) {
  const lanes_kernels *wide = lanes_avx2();
  return wide ? wide : &lanes_baseline_table;
}

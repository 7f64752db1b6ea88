/* The loops for processors with AVX2. Not with FMA: fused operations round differently. */
#include "tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define LANES_TABLE lanes_avx2_table
#define LANES_PAIRS 2
#include "kernels.h"
#pragma clang attribute pop
#endif

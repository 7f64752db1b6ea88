/* The tables that the loops are compiled into. */
#ifndef ATTUNE_LANES_TABLES_H
#define ATTUNE_LANES_TABLES_H

#include "lanes.h"

extern const lanes_kernels lanes_baseline_table;
#if defined(__x86_64__)
extern const lanes_kernels lanes_avx2_table;
#endif

#endif

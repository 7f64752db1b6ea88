/* The loops for every processor of this kind. */
#include "tables.h"

#define LANES_TABLE lanes_baseline_table
#if defined(__x86_64__)
#define LANES_PAIRS 1
#else
#define LANES_PAIRS 2
#endif
#include "kernels.h"

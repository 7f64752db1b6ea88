/* The loops for every processor of this kind. */
#include "tables.h"

#define LANES_TABLE lanes_baseline_table
#include "kernels.h"

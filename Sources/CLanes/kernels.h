/* All loops, and the table of them named LANES_TABLE. Included once for each kind of processor. */

/* The bits of results must not depend on the processor. */
#pragma STDC FP_CONTRACT OFF

#include "vectors.h"

#include "exponentials.h"
#include "matern.h"

const lanes_kernels LANES_TABLE = {
    .quick_exp = quick_exp,
    .fast_exp = fast_exp,
    .matern_values = matern_values,
    .matern_slopes = matern_slopes,
    .matern_squares = matern_squares,
    .matern_along = matern_along,
    .matern_pairs = matern_pairs,
};

/* All loops, and the table of them named LANES_TABLE. Included once for each kind of processor. LANES_PAIRS times two
 * elements of four rows are solved together, as many as there are registers for. */

/* The bits of results must not depend on the processor. */
#pragma STDC FP_CONTRACT OFF

#include "vectors.h"

#include "exponentials.h"
#include "matern.h"
#include "density.h"
#include "cholesky.h"

const lanes_kernels LANES_TABLE = {
    .quick_exp = quick_exp,
    .fast_exp = fast_exp,
    .matern_values = matern_values,
    .matern_slopes = matern_slopes,
    .matern_squares = matern_squares,
    .matern_along = matern_along,
    .matern_pairs = matern_pairs,
    .density_add = density_add,
    .solve_row = solve_row,
    .solve_rows = solve_rows,
    .solve_upper = solve_upper,
    .finish_row = finish_row,
    .factor = factor,
};

/* The learning rate of attune_rate.h. */
#include "fixtures.h"

#include <attune_rate.h>

static void it_grows_while_gradients_agree_and_shrinks_while_they_do_not(void) {
  double up[2] = {3, 4}, back[2] = {-3, -4}, across[2] = {4, -3}, before[2] = {9, 9};
  attune_rate rate;
  attune_rate_start(&rate, 0.5, 0.02);
  CHECK_DOUBLE(attune_rate_next(&rate, up, before, 2), 0.5); /* nothing came before */
  CHECK_DOUBLE(attune_rate_next(&rate, up, before, 2), 0.5 * 1.02);
  CHECK_DOUBLE(attune_rate_next(&rate, back, before, 2), 0.5 * 1.02 * 0.98);
  CHECK_DOUBLE(attune_rate_next(&rate, across, before, 2), 0.5 * 1.02 * 0.98); /* a right angle */
  CHECK_DOUBLE(before[0], 4);
}

static void it_stays_within_ten_times_of_the_first(void) {
  attune_rate rate;
  int i;
  attune_rate_start(&rate, 0.5, 0.2);
  for (i = 0; i < 100; i++) attune_rate_adapt(&rate, 1, 1, 1);
  CHECK_DOUBLE(rate.value, 5);
  for (i = 0; i < 100; i++) attune_rate_adapt(&rate, -1, 1, 1);
  CHECK_DOUBLE(rate.value, 0.5 / 10);
}

static void what_is_no_number_changes_nothing(void) {
  attune_rate rate;
  attune_rate_start(&rate, 0.5, 0.2);
  CHECK_DOUBLE(attune_rate_adapt(&rate, NAN, 1, 1), 0.5);
  CHECK_DOUBLE(attune_rate_adapt(&rate, 0, 0, 1), 0.5);
  CHECK_DOUBLE(attune_rate_adapt(&rate, INFINITY, INFINITY, 1), 0.5);
  CHECK_DOUBLE(attune_rate_adapt(&rate, 1, NAN, 1), 0.5);
}

/* f(x, y) = (x^2 + 10 y^2) / 2 by plain descent; the value after so many steps. */
static double descended(double first, double gain, int steps) {
  double x[2] = {10, 1}, gradient[2], before[2];
  attune_rate rate;
  int i;
  attune_rate_start(&rate, first, gain);
  for (i = 0; i < steps; i++) {
    double step;
    gradient[0] = x[0];
    gradient[1] = 10 * x[1];
    step = attune_rate_next(&rate, gradient, before, 2);
    x[0] -= step * gradient[0];
    x[1] -= step * gradient[1];
  }
  return (x[0] * x[0] + 10 * x[1] * x[1]) / 2;
}

static void a_rate_that_was_chosen_too_low_does_much_better(void) {
  CHECK(descended(0.005, 0.02, 200) < 0.01 * descended(0.005, 0, 200));
}

int main(void) {
  it_grows_while_gradients_agree_and_shrinks_while_they_do_not();
  it_stays_within_ten_times_of_the_first();
  what_is_no_number_changes_nothing();
  a_rate_that_was_chosen_too_low_does_much_better();
  return check_done();
}

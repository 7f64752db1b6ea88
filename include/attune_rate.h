/* attune_rate.h - a learning rate that is tuned while an objective trains, for C and C++.
 *
 * Hypergradient descent (A. G. Baydin and others, "Online learning rate adaptation with hypergradient descent", ICLR
 * 2018), multiplicative: where a gradient points as the one before did, longer steps would have been better, and the
 * rate grows; where it points back, it shrinks:
 *
 *   rate *= 1 + gain * cos(gradient, gradient before)
 *
 * The rate stays within a tenth and ten times of the first. What is tuned then is the first rate, and it matters less.
 * With plain descent pass the gradients; with momentum or Adam pass as gradients the steps that were made, turned and
 * divided by the rate, or just the changes of the weights: only directions count. gain: 0.02 for steps on batches, some
 * 0.2 for whole epochs.
 *
 *   attune_rate rate;
 *   attune_rate_start(&rate, 0.01, 0.02);
 *   for each step:
 *     compute gradient[0..n-1];
 *     attune_rate_next(&rate, gradient, before, n);     // before: n numbers of yours, which it fills
 *     weights -= rate.value * gradient;
 *
 * All of it is in this header; it uses sqrt of the C library, no part of Attune, and no memory but yours.
 */
#ifndef ATTUNE_RATE_H
#define ATTUNE_RATE_H

#include <math.h>
#include <stddef.h>

#if defined(__GNUC__)
#  define ATTUNE_RATE_FUNCTION static __attribute__((unused))
#else
#  define ATTUNE_RATE_FUNCTION static
#endif

/* One rate: of a whole model, or of a layer. Plain data: copy it as you like. */
typedef struct attune_rate {
  double value;    /* the rate now                       */
  double first;    /* what it began with                 */
  double gain;     /* how fast it changes, 0 for not     */
  int has_before;  /* whether a gradient came before     */
} attune_rate;

/* Begins at a rate above 0. */
ATTUNE_RATE_FUNCTION void attune_rate_start(attune_rate *self, double value, double gain) {
  self->value = self->first = value;
  self->gain = gain;
  self->has_before = 0;
}

/* One change, from the inner product of two gradients that follow each other and of each with itself; the new rate.
 * What is no number, or 0, changes nothing. */
ATTUNE_RATE_FUNCTION double attune_rate_adapt(attune_rate *self, double product, double square, double square_before) {
  double size = sqrt(square) * sqrt(square_before), cosine = product / size;
  if (!(size > 0) || !(cosine >= -2 && cosine <= 2)) return self->value;
  cosine = cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
  self->value *= 1 + self->gain * cosine;
  if (self->value > 10 * self->first) self->value = 10 * self->first;
  if (self->value < self->first / 10) self->value = self->first / 10;
  return self->value;
}

/* Takes the gradient of a step about to be made and gives the rate to make it with; before is kept for the next one. */
ATTUNE_RATE_FUNCTION double attune_rate_next(attune_rate *self, const double *gradient, double *before, size_t count) {
  double product = 0, square = 0, square_before = 0;
  size_t i;
  for (i = 0; i < count; i++) {
    if (self->has_before) {
      product += gradient[i] * before[i];
      square_before += before[i] * before[i];
    }
    square += gradient[i] * gradient[i];
    before[i] = gradient[i];
  }
  if (self->has_before) attune_rate_adapt(self, product, square, square_before);
  self->has_before = 1;
  return self->value;
}

#endif /* ATTUNE_RATE_H */

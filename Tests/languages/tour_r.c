/* What tour.R calls: each function turns R's values into those of attune.h, and a failure into R's error. */
#include <attune.h>

#include <R.h>
#include <Rinternals.h>
#include <stdio.h>
#include <string.h>

static int destroyed;

/* Raises what a failed call says. The text is copied first: error() does not return. */
static void check(attune_status status, attune_error *failed) {
  char text[1024];
  if (status == ATTUNE_OK) return;
  snprintf(text, sizeof text, "%s: %s", attune_status_name(status), attune_error_message(failed));
  attune_error_free(failed);
  errorcall(R_NilValue, "%s", text);
}

/* ---- handles as external pointers: the finalizer runs when R forgets one, or at its end */

static void *handle(SEXP pointer) { return R_ExternalPtrAddr(pointer); }

#define FINALIZER(name, release)          \
  static void name(SEXP pointer) {        \
    release(R_ExternalPtrAddr(pointer));  \
    R_ClearExternalPtr(pointer);          \
  }
FINALIZER(close_study, attune_study_close)
FINALIZER(destroy_space, attune_space_destroy)
FINALIZER(release_trial, attune_trial_release)
FINALIZER(destroy_objective, attune_objective_destroy)

static SEXP owned(void *made, R_CFinalizer_t finalizer) {
  SEXP pointer = PROTECT(R_MakeExternalPtr(made, R_NilValue, R_NilValue));
  R_RegisterCFinalizerEx(pointer, finalizer, TRUE);
  UNPROTECT(1);
  return pointer;
}

static const char *text(SEXP string) { return CHAR(asChar(string)); }

/* ---- the functions */

SEXP tour_version(void) { return mkString(attune_version_string()); }

SEXP tour_space_create(void) {
  attune_space *space;
  attune_error *failed;
  check(attune_space_create(&space, &failed), failed);
  return owned(space, destroy_space);
}

SEXP tour_space_add_float(SEXP space, SEXP name, SEXP low, SEXP high, SEXP step, SEXP flags) {
  attune_error *failed;
  check(attune_space_add_float(handle(space), text(name), asReal(low), asReal(high), asReal(step), (uint32_t)asInteger(flags),
                               &failed), failed);
  return R_NilValue;
}

SEXP tour_space_add_int(SEXP space, SEXP name, SEXP low, SEXP high, SEXP step, SEXP flags) {
  attune_error *failed;
  check(attune_space_add_int(handle(space), text(name), (int64_t)asReal(low), (int64_t)asReal(high), (int64_t)asReal(step),
                             (uint32_t)asInteger(flags), &failed), failed);
  return R_NilValue;
}

SEXP tour_space_add_categorical(SEXP space, SEXP name, SEXP choices) {
  attune_error *failed;
  R_xlen_t n = XLENGTH(choices);
  const char **texts = (const char **)R_alloc((size_t)n, sizeof *texts);
  for (R_xlen_t i = 0; i < n; i++) texts[i] = CHAR(STRING_ELT(choices, i));
  check(attune_space_add_categorical(handle(space), text(name), texts, (size_t)n, 0, &failed), failed);
  return R_NilValue;
}

SEXP tour_study_create(SEXP space, SEXP strategy, SEXP seed) {
  attune_options *options;
  attune_study *study;
  attune_error *failed;
  check(attune_options_create(&options, &failed), failed);
  check(attune_options_set_int(options, "seed", (int64_t)asReal(seed), &failed), failed);
  attune_status status = attune_study_create(NULL, NULL, handle(space), NULL, 0, isNull(strategy) ? NULL : text(strategy),
                                             options, &study, &failed);
  attune_options_destroy(options);
  check(status, failed);
  return owned(study, close_study);
}

SEXP tour_ask(SEXP study) {
  attune_trial *trial;
  attune_error *failed;
  check(attune_study_ask(handle(study), &trial, &failed), failed);
  return owned(trial, release_trial);
}

SEXP tour_tell(SEXP study, SEXP trial, SEXP value) {
  attune_error *failed;
  double number = asReal(value);
  check(attune_study_tell(handle(study), handle(trial), &number, 1, NULL, &failed), failed);
  return R_NilValue;
}

SEXP tour_trial_float(SEXP trial, SEXP name) {
  double out;
  attune_error *failed;
  check(attune_trial_float(handle(trial), text(name), &out, &failed), failed);
  return ScalarReal(out);
}

/* R has no integers of 64 bits; a double holds those of the tour. */
SEXP tour_trial_int(SEXP trial, SEXP name) {
  int64_t out;
  attune_error *failed;
  check(attune_trial_int(handle(trial), text(name), &out, &failed), failed);
  return ScalarReal((double)out);
}

SEXP tour_trial_choice(SEXP trial, SEXP name) {
  const char *out;
  attune_error *failed;
  check(attune_trial_choice(handle(trial), text(name), &out, &failed), failed);
  return mkString(out);
}

SEXP tour_best(SEXP study) {
  attune_trials *best;
  attune_error *failed;
  int64_t number;
  double value;
  const char *names[] = {"number", "value", "params", ""};
  SEXP out = PROTECT(mkNamed(VECSXP, names)), params = PROTECT(allocVector(REALSXP, 4));
  check(attune_study_best_trials(handle(study), &best, &failed), failed);
  attune_status status = attune_trials_number(best, 0, &number, &failed);
  if (status == ATTUNE_OK) status = attune_trials_value(best, 0, 0, &value, &failed);
  if (status == ATTUNE_OK) status = attune_trials_copy_params(best, REAL(params), 4, NULL, &failed);
  attune_trials_destroy(best);
  check(status, failed);
  SET_VECTOR_ELT(out, 0, ScalarReal((double)number));
  SET_VECTOR_ELT(out, 1, ScalarReal(value));
  SET_VECTOR_ELT(out, 2, params);
  UNPROTECT(2);
  return out;
}

/* ---- the callback: R's errors are jumps, which R_tryEval ends here, before the library */

static attune_status objective(attune_trial *trial, double *values, size_t n_values, void *data) {
  int is_wrong = 0;
  SEXP borrowed = PROTECT(R_MakeExternalPtr(trial, R_NilValue, R_NilValue));
  SEXP call = PROTECT(lang2((SEXP)data, borrowed));
  SEXP value = R_tryEval(call, R_GlobalEnv, &is_wrong);
  if (!is_wrong && n_values == 1) values[0] = asReal(value);
  R_ClearExternalPtr(borrowed);
  UNPROTECT(2);
  return is_wrong || n_values != 1 ? ATTUNE_E_OBJECTIVE : ATTUNE_OK;
}

static void let_go(void *data) {
  R_ReleaseObject((SEXP)data);
  destroyed++;
}

SEXP tour_objective(SEXP closure) {
  attune_objective *out;
  attune_error *failed;
  R_PreserveObject(closure);
  check(attune_objective_from_callback(objective, closure, let_go, &out, &failed), failed);
  return owned(out, destroy_objective);
}

SEXP tour_optimize(SEXP study, SEXP callback, SEXP n_trials) {
  const char *reason;
  attune_error *failed;
  check(attune_study_optimize(handle(study), handle(callback), asInteger(n_trials), 0, NULL, &reason, &failed), failed);
  return mkString(reason);
}

SEXP tour_objective_destroy(SEXP callback) {
  destroy_objective(callback);
  return R_NilValue;
}

/* Closes a study; gives the number of trials that the closed handle still shows. */
SEXP tour_close(SEXP study) {
  attune_study *closed = handle(study);
  close_study(study);
  return ScalarReal((double)attune_study_trial_count(closed));
}

SEXP tour_destroyed(void) { return ScalarInteger(destroyed); }

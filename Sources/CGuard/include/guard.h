/* Calls foreign functions so that a C++ exception ends as a text.
 *
 * A C++ exception that unwinds Swift frames skips every release and unlock in them. Each function here makes one
 * foreign call inside try and catch, which costs nothing until something is thrown. Forced unwinding (pthread_exit,
 * pthread_cancel) goes on, as it must. longjmp cannot be seen and stays forbidden.
 */
#ifndef ATTUNE_GUARD_H
#define ATTUNE_GUARD_H

#include "attune.h"
#include "attune_plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a caught exception leaves its text. The caller sets text, capacity (at least 1) and thrown = 0. */
typedef struct attune_caught {
  char *text;      /* NUL-terminated, cut at a character boundary where it does not fit */
  size_t capacity;
  int32_t thrown;  /* set to 1 when an exception was caught; the returned value then says nothing */
} attune_caught;

const attune_plugin *attune_guard_entry(attune_plugin_entry_fn entry, uint32_t major, uint32_t minor,
                                        attune_caught *caught);
int32_t attune_guard_create(const attune_objective_descriptor *descriptor, const attune_host *host,
                            const char *config_json, void **out_instance, attune_caught *caught);
int32_t attune_guard_evaluate(const attune_objective_descriptor *descriptor, void *instance,
                              const attune_eval *eval, attune_caught *caught);
/* Also a plugin's destroy. fn may be NULL. */
void attune_guard_destroy(attune_destroy_fn fn, void *user_data, attune_caught *caught);

int32_t attune_guard_objective(attune_objective_fn fn, attune_trial *trial, double *values, size_t n_values,
                               void *user_data, attune_caught *caught);
int32_t attune_guard_progress(attune_progress_fn fn, attune_study *study, int64_t trial_number, int32_t state,
                              const double *values, size_t n_values, void *user_data, attune_caught *caught);
void attune_guard_log(attune_log_fn fn, int32_t level, const char *component, const char *message,
                      void *user_data, attune_caught *caught);

/* Anything else: body(context), where body is a C function. */
void attune_guard_call(void (*body)(void *context), void *context, attune_caught *caught);

#ifdef __cplusplus
}
#endif
#endif

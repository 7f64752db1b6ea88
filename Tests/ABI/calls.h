/* calls.h - every function that takes a handle, called with `h` where the handle stands and good arguments elsewhere.
 *
 * STATUS(call) marks one that returns attune_status and takes &e; VALUE(call, none) one without a status and what it
 * answers for no valid handle; DROP(call) one that returns nothing. Used by handles.c with handles that are none and
 * by fork.c with live ones in a child.
 */
#ifndef CALLS_H
#define CALLS_H

#include "fixtures.h"

/* Good arguments. Made by calls_prepare; outs are only ever written. */
static struct {
  attune_study *study;
  attune_trial *trial;
  attune_space *space;
  attune_options *options;
  attune_objective *objective;
  attune_trials *trials;
  attune_error *error;
} live;
static const char *const call_choices[] CHECK_UNUSED = {"a", "b"};
static double call_values[64] CHECK_UNUSED = {1};
static double out_doubles[64] CHECK_UNUSED;
static size_t out_size CHECK_UNUSED;
static int64_t out_int64 CHECK_UNUSED;
static int32_t out_int32 CHECK_UNUSED;
static const char *out_borrowed CHECK_UNUSED;
static char *out_text CHECK_UNUSED;
static attune_trial *out_trial CHECK_UNUSED, *out_batch[4] CHECK_UNUSED;
static attune_trials *out_trials CHECK_UNUSED;
static attune_study *out_study CHECK_UNUSED;
static attune_objective *out_objective CHECK_UNUSED;

static CHECK_UNUSED attune_status call_objective(attune_trial *trial, double *values, size_t n, void *data) {
  (void)trial, (void)n, (void)data;
  values[0] = 1;
  return ATTUNE_OK;
}
static CHECK_UNUSED double call_native(double x) { return x; }
static CHECK_UNUSED void call_log(attune_log_level level, const char *component, const char *message, void *data) {
  (void)level, (void)component, (void)message, (void)data;
}
static CHECK_UNUSED int32_t call_progress(attune_study *study, int64_t number, attune_trial_state state, const double *values,
                                          size_t n, void *data) {
  (void)study, (void)number, (void)state, (void)values, (void)n, (void)data;
  return 0;
}

static CHECK_UNUSED void calls_prepare(void) {
  live.study = memory_study(line_json, "random");
  live.trial = ask(live.study);
  live.space = space_of(line_json);
  live.options = options_of("{\"seed\": 1}");
  OK(attune_objective_from_callback(call_objective, NULL, NULL, &live.objective, &e));
  OK(attune_study_trials(live.study, 0, &live.trials, &e));
  attune_space_add_float(live.space, "", 0, 1, 0, 0, &live.error);
  CHECK(live.error != NULL);
}
static CHECK_UNUSED void calls_release(void) {
  attune_trials_destroy(live.trials);
  attune_objective_destroy(live.objective);
  attune_options_destroy(live.options);
  attune_space_destroy(live.space);
  attune_trial_release(live.trial);
  attune_study_close(live.study);
  attune_error_free(live.error);
}

#define ERROR_CALLS(STATUS, VALUE, DROP) \
  VALUE(attune_error_status(h), ATTUNE_E_INVALID_ARGUMENT) \
  VALUE(attune_error_user_code(h), 0) \
  DROP(attune_error_free(h))

#define OPTIONS_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_options_set_string(h, "k", "v", &e)) \
  STATUS(attune_options_set_int(h, "k", 1, &e)) \
  STATUS(attune_options_set_float(h, "k", 1.5, &e)) \
  STATUS(attune_options_set_bool(h, "k", 1, &e)) \
  DROP(attune_options_destroy(h))

/* Functions that take options among others: NULL is allowed there, so these are not run with NULL. */
#define OPTIONAL_OPTIONS_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_study_create(NULL, NULL, live.space, NULL, 0, "random", h, &out_study, &e)) \
  STATUS(attune_study_open("none.db", "x", NULL, h, &out_study, &e)) \
  STATUS(attune_study_set_pruner(live.study, "none", h, &e)) \
  STATUS(attune_study_optimize(live.study, live.objective, 0, 0, h, NULL, &e)) \
  STATUS(attune_objective_from_native((attune_native_fn)call_native, "f64(f64 x)", NULL, h, &out_objective, &e)) \
  STATUS(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", h, &out_objective, &e)) \
  STATUS(attune_objective_from_plugin("./none.attune.so", NULL, NULL, h, &out_objective, &e)) \
  STATUS(attune_objective_from_command(call_choices, 2, h, &out_objective, &e))
#define OPTIONAL_SPACE_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_study_create(NULL, NULL, h, NULL, 0, "random", NULL, &out_study, &e))

#define SPACE_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_space_to_json(h, &out_text, &e)) \
  STATUS(attune_space_add_float(h, "p", 0, 1, 0, 0, &e)) \
  STATUS(attune_space_add_int(h, "p", 0, 1, 1, 0, &e)) \
  STATUS(attune_space_add_categorical(h, "p", call_choices, 2, 0, &e)) \
  STATUS(attune_space_add_categorical_json(h, "p", "[1, 2]", 0, &e)) \
  STATUS(attune_space_add_fixed_json(h, "p", "1", &e)) \
  STATUS(attune_space_active_if_choice(h, "p", "x", call_choices, 2, &e)) \
  STATUS(attune_space_active_if_choice_json(h, "p", "x", "[1]", &e)) \
  STATUS(attune_space_active_if_range(h, "p", "x", 0, 1, &e)) \
  VALUE(attune_space_count(h), 0) \
  VALUE((intptr_t)attune_space_name(h, 0), 0) \
  VALUE(attune_space_kind(h, 0), -1) \
  DROP(attune_space_destroy(h))

#define STUDY_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_study_set_pruner(h, "median", NULL, &e)) \
  STATUS(attune_study_enqueue(h, "{\"x\": 0.5}", &e)) \
  STATUS(attune_study_add_trial(h, "{\"params\": {\"x\": 0.5}, \"value\": 1}", &out_int64, &e)) \
  STATUS(attune_study_space_json(h, &out_text, &e)) \
  STATUS(attune_study_set_attribute(h, "k", "1", &e)) \
  STATUS(attune_study_get_attribute(h, "k", &out_text, &e)) \
  STATUS(attune_study_ask(h, &out_trial, &e)) \
  STATUS(attune_study_ask_params(h, &out_trial, &out_int64, NULL, out_doubles, 64, &out_size, &e)) \
  STATUS(attune_study_ask_batch(h, 2, out_batch, &out_size, &e)) \
  STATUS(attune_study_tell(h, live.trial, call_values, 1, &out_int32, &e)) \
  STATUS(attune_study_tell_state(h, live.trial, ATTUNE_TRIAL_FAIL, "r", &e)) \
  STATUS(attune_study_resume_trial(h, 0, &out_trial, &e)) \
  STATUS(attune_study_set_progress(h, call_progress, NULL, NULL, &e)) \
  STATUS(attune_study_optimize(h, live.objective, 1, 0, NULL, &out_borrowed, &e)) \
  STATUS(attune_study_trials(h, 0, &out_trials, &e)) \
  STATUS(attune_study_best_trials(h, &out_trials, &e)) \
  STATUS(attune_study_importances(h, NULL, &out_text, &e)) \
  STATUS(attune_study_export_json(h, &out_text, &e)) \
  STATUS(attune_study_export_csv(h, &out_text, &e)) \
  VALUE((intptr_t)attune_study_name(h), 0) \
  VALUE((intptr_t)attune_study_strategy(h), 0) \
  VALUE(attune_study_seed(h), 0) \
  VALUE(attune_study_direction_count(h), 0) \
  VALUE(attune_study_direction(h, 0), -1) \
  VALUE(attune_study_trial_count(h), 0) \
  DROP(attune_study_stop(h)) \
  DROP(attune_study_close(h))

#define TRIAL_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_study_tell(live.study, h, call_values, 1, &out_int32, &e)) \
  STATUS(attune_study_tell_state(live.study, h, ATTUNE_TRIAL_FAIL, "r", &e)) \
  STATUS(attune_trial_index(h, "x", &out_size, &e)) \
  STATUS(attune_trial_is_active(h, 0, &out_int32, &e)) \
  STATUS(attune_trial_float(h, "x", out_doubles, &e)) \
  STATUS(attune_trial_int(h, "x", &out_int64, &e)) \
  STATUS(attune_trial_choice(h, "x", &out_borrowed, &e)) \
  STATUS(attune_trial_choice_index(h, "x", &out_int64, &e)) \
  STATUS(attune_trial_choice_type(h, "x", &out_int32, &e)) \
  STATUS(attune_trial_copy_params(h, out_doubles, 64, &out_size, &e)) \
  STATUS(attune_trial_params_json(h, &out_text, &e)) \
  STATUS(attune_trial_suggest_float(h, "x", 0, 1, 0, 0, out_doubles, &e)) \
  STATUS(attune_trial_suggest_int(h, "n", 0, 1, 1, 0, &out_int64, &e)) \
  STATUS(attune_trial_suggest_categorical(h, "c", call_choices, 2, 0, &out_int64, &e)) \
  STATUS(attune_trial_suggest_categorical_json(h, "c", "[1, 2]", 0, &out_int64, &e)) \
  STATUS(attune_trial_report(h, 1, 0.5, &e)) \
  STATUS(attune_trial_report_values(h, 1, call_values, 1, &e)) \
  STATUS(attune_trial_should_prune(h, &out_int32, &e)) \
  STATUS(attune_trial_set_attribute(h, "k", "1", &e)) \
  STATUS(attune_trial_set_constraint(h, "c", 1, &e)) \
  STATUS(attune_trial_set_gradient(h, call_values, 1, &e)) \
  STATUS(attune_trial_set_error(h, 1, "text", &e)) \
  VALUE(attune_trial_number(h), -1) \
  VALUE(attune_trial_seed(h), 0) \
  VALUE(attune_trial_should_stop(h), 1) \
  DROP(attune_trial_release(h))

#define OBJECTIVE_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_objective_describe(h, &out_text, &e)) \
  STATUS(attune_study_optimize(live.study, h, 1, 0, NULL, &out_borrowed, &e)) \
  DROP(attune_objective_destroy(h))

#define TRIALS_CALLS(STATUS, VALUE, DROP) \
  STATUS(attune_trials_number(h, 0, &out_int64, &e)) \
  STATUS(attune_trials_state(h, 0, &out_int32, &e)) \
  STATUS(attune_trials_value(h, 0, 0, out_doubles, &e)) \
  STATUS(attune_trials_json(h, 0, &out_text, &e)) \
  STATUS(attune_trials_copy_values(h, out_doubles, 64, &out_size, &e)) \
  STATUS(attune_trials_copy_params(h, out_doubles, 64, &out_size, &e)) \
  VALUE(attune_trials_count(h), 0) \
  DROP(attune_trials_destroy(h))

/* Those with a status and no handle. */
#define OTHER_CALLS(STATUS) \
  STATUS(attune_options_create(&out_options, &e)) \
  STATUS(attune_options_from_json("{}", &out_options, &e)) \
  STATUS(attune_space_create(&out_space, &e)) \
  STATUS(attune_space_from_json("{}", &out_space, &e)) \
  STATUS(attune_strategy_describe("sobol", &out_text, &e)) \
  STATUS(attune_pruner_describe("median", &out_text, &e)) \
  STATUS(attune_stop_rule_describe("target", &out_text, &e)) \
  STATUS(attune_study_create(NULL, NULL, NULL, NULL, 0, NULL, NULL, &out_study, &e)) \
  STATUS(attune_study_open("x.db", NULL, NULL, NULL, &out_study, &e)) \
  STATUS(attune_study_delete("x.db", "x", &e)) \
  STATUS(attune_storage_studies("x.db", &out_text, &e)) \
  STATUS(attune_objective_from_callback(call_objective, NULL, NULL, &out_objective, &e)) \
  STATUS(attune_objective_from_native((attune_native_fn)call_native, "f64(f64 x)", NULL, NULL, &out_objective, &e)) \
  STATUS(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", NULL, &out_objective, &e)) \
  STATUS(attune_objective_from_plugin("./x.attune.so", NULL, NULL, NULL, &out_objective, &e)) \
  STATUS(attune_objective_from_command(call_choices, 2, NULL, &out_objective, &e)) \
  STATUS(attune_plugin_scan(NULL, &out_text, &e)) \
  STATUS(attune_study_import_json(NULL, NULL, "{}", &out_study, &e))

#endif

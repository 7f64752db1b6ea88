/* Plain functions called by signature, and symbols of shared libraries. */
#include "fixtures.h"

#include <stdbool.h>

static double last[8];
static char last_text[64];

static double three_kinds(double lr, int32_t depth, const char *kernel) {
  last[0] = lr;
  last[1] = depth;
  snprintf(last_text, sizeof last_text, "%s", kernel);
  return lr * depth + (double)strlen(kernel);
}
static double small_ints(int8_t a, int16_t b, uint8_t c, uint16_t d) {
  last[0] = a, last[1] = b, last[2] = c, last[3] = d;
  return (double)a + b + c + d;
}
static double large_ints(int64_t a, uint32_t b, uint64_t c, bool d) {
  last[0] = (double)a, last[1] = b, last[2] = (double)c, last[3] = d;
  return d ? 1 : 2;
}
static float single(float x) { return x * 2.0f; }
static int8_t negative_byte(double x) { return x < 2 ? -5 : 5; }
static uint8_t large_byte(double x) { return x < 2 ? 250 : 0; }
static int32_t negative_int(double x) { return x < 2 ? -70000 : 1; }
static uint64_t large_uint(double x) { return x < 2 ? UINT64_MAX : 0; }
static bool truth(double x) { return x < 2; }
static double with_context(double x, void *context) { return x + *(double *)context; }
static double with_gradient(double x, double *gradient) {
  gradient[0] = 2 * x;
  return x * x;
}
static double nothing_to_choose(void) { return 4.5; }
static double gives_nan(double x) { return x < 2 ? NAN : x; }

static attune_objective *native(attune_native_fn fn, const char *signature, void *context) {
  attune_objective *objective = NULL;
  if (!OK(attune_objective_from_native(fn, signature, context, NULL, &objective, &e))) printf("  with %s\n", signature);
  return objective;
}
#define FN(f) ((attune_native_fn)(f))

/* One trial of `space` with the objective; its first value, or NaN. */
static double evaluate(const char *space, attune_objective *objective) {
  attune_study *study = memory_study(space, "random");
  attune_trials *ts = NULL;
  double value = NAN;
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  OK(attune_study_trials(study, 0, &ts, &e));
  if (attune_trials_value(ts, 0, 0, &value, NULL) != ATTUNE_OK) {
    char *json = NULL;
    attune_trials_json(ts, 0, &json, NULL);
    printf("  trial: %s\n", json ? json : "");
    attune_string_free(json);
  }
  attune_trials_destroy(ts);
  attune_study_close(study);
  return value;
}

static void numbers_and_texts_are_passed(void) {
  attune_objective *objective = native(FN(three_kinds), "f64(f64 lr, i32 depth, cstr kernel)", NULL);
  double value = evaluate("{\"depth\": {\"type\": \"int\", \"low\": 3, \"high\": 3}, \"lr\": {\"type\": \"fixed\", \"value\": 0.5},"
                          " \"kernel\": {\"type\": \"categorical\", \"choices\": [\"rbf\"]}}", objective);
  CHECK_DOUBLE(value, 4.5);
  CHECK_DOUBLE(last[0], 0.5);
  CHECK_DOUBLE(last[1], 3);
  CHECK_STRING(last_text, "rbf");
  attune_objective_destroy(objective);
}

static void every_integer_type_is_passed(void) {
  attune_objective *objective = native(FN(small_ints), "f64(i8 a, i16 b, u8 c, u16 d)", NULL);
  CHECK_DOUBLE(evaluate("{\"a\": {\"type\": \"int\", \"low\": -128, \"high\": -128}, \"b\": {\"type\": \"int\", \"low\": -32768,"
                        " \"high\": -32768}, \"c\": {\"type\": \"int\", \"low\": 255, \"high\": 255},"
                        " \"d\": {\"type\": \"int\", \"low\": 65535, \"high\": 65535}}", objective),
               -128.0 - 32768 + 255 + 65535);
  CHECK_DOUBLE(last[0], -128);
  CHECK_DOUBLE(last[1], -32768);
  CHECK_DOUBLE(last[2], 255);
  CHECK_DOUBLE(last[3], 65535);
  attune_objective_destroy(objective);
  objective = native(FN(large_ints), "f64(i64 a, u32 b, u64 c, bool d)", NULL);
  CHECK_DOUBLE(evaluate("{\"a\": {\"type\": \"int\", \"low\": -9007199254740991, \"high\": -9007199254740991}, \"b\": {\"type\": \"int\","
                        " \"low\": 4294967295, \"high\": 4294967295}, \"c\": {\"type\": \"int\", \"low\": 9007199254740991,"
                        " \"high\": 9007199254740991}, \"d\": {\"type\": \"categorical\", \"choices\": [true]}}", objective), 1);
  CHECK_DOUBLE(last[0], -9007199254740991.0);
  CHECK_DOUBLE(last[1], 4294967295.0);
  CHECK_DOUBLE(last[2], 9007199254740991.0);
  CHECK_DOUBLE(last[3], 1);
  attune_objective_destroy(objective);
}

static void every_result_type_is_read(void) {
  static const struct { attune_native_fn fn; const char *signature; double want; } results[] = {
      {FN(negative_byte), "i8(f64 x)", -5},      {FN(large_byte), "u8(f64 x)", 250},
      {FN(negative_int), "i32(f64 x)", -70000},  {FN(large_uint), "u64(f64 x)", 18446744073709551615.0},
      {FN(truth), "bool(f64 x)", 1}};
  size_t i;
  attune_objective *objective;
  for (i = 0; i < sizeof results / sizeof results[0]; i++) {
    objective = native(results[i].fn, results[i].signature, NULL);
    CHECK_DOUBLE(evaluate(line_json, objective), results[i].want);
    attune_objective_destroy(objective);
  }
  objective = native(FN(single), "f32(f32 x)", NULL);
  CHECK_DOUBLE(evaluate("{\"x\": {\"type\": \"fixed\", \"value\": 0.25}}", objective), 0.5);
  attune_objective_destroy(objective);
  objective = native(FN(nothing_to_choose), "f64()", NULL);
  CHECK_DOUBLE(evaluate("{}", objective), 4.5);
  attune_objective_destroy(objective);
}

static void context_and_gradient_are_passed(void) {
  double context = 100;
  attune_objective *objective = native(FN(with_context), "f64(f64 x, ptr = ctx)", &context);
  CHECK_DOUBLE(evaluate("{\"x\": {\"type\": \"fixed\", \"value\": 0.25}}", objective), 100.25);
  attune_objective_destroy(objective);
  objective = native(FN(with_gradient), "f64(f64 x, f64* grad)", NULL);
  CHECK_DOUBLE(evaluate("{\"x\": {\"type\": \"fixed\", \"value\": 0.5}}", objective), 0.25);
  attune_objective_destroy(objective);
}

static void two_outputs(double x, double *out) {
  out[0] = x;
  out[1] = -x;
}

static void several_values_come_by_an_output_array(void) {
  static const attune_direction both[] = {ATTUNE_MINIMIZE, ATTUNE_MAXIMIZE};
  attune_objective *objective = native(FN(two_outputs), "void(f64 x, f64* out[2])", NULL);
  attune_study *study = study_of(NULL, NULL, "{\"x\": {\"type\": \"fixed\", \"value\": 0.25}}", both, 2, "random", NULL);
  attune_trials *ts = NULL;
  double values[2] = {0, 0};
  OK(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e));
  OK(attune_study_trials(study, 0, &ts, &e));
  OK(attune_trials_copy_values(ts, values, 2, NULL, &e));
  CHECK_DOUBLE(values[0], 0.25);
  CHECK_DOUBLE(values[1], -0.25);
  attune_trials_destroy(ts);
  attune_study_close(study);
  attune_objective_destroy(objective);
}

static void a_nan_result_is_a_failed_trial(void) {
  attune_objective *objective = native(FN(gives_nan), "f64(f64 x)", NULL);
  attune_study *study = memory_study(line_json, "random");
  OK(attune_study_optimize(study, objective, 2, 0, NULL, NULL, &e));
  CHECK_INT(count_states(study, FAIL_MASK), 2);
  attune_objective_destroy(objective);
  attune_study_close(study);
}

static void wrong_signatures_point_to_the_column(void) {
  static const struct { const char *signature, *a; } bad[] = {
      {"", ""}, {"f64", ""}, {"f64(", ""}, {"f64(f64 x", ""}, {"f64(f64 x))", "11"}, {"f46(f64 x)", "f46"},
      {"f64(f46 x)", "f46"}, {"f64(f64)", ""}, {"f64(f64 x, f64 x)", "x"}, {"f64(f64 x,)", ""}, {"f64(f64 x, ...)", "..."},
      {"f64(struct s x)", "struct"}, {"cstr(f64 x)", "cstr"}, {"f64(f64 x; f64 y)", ";"},
      {"f64(f64* out[0])", "0"}, {"f64(f64* out[99999999999999999999])", "9999"}, {"f64(f64* grad, f64* grad)", "grad"},
      {"(f64 x)", ""}, {"f64(void x)", "void"}, {"f64(f64 1x)", "1x"}};
  attune_objective *objective;
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    objective = (attune_objective *)(void *)&i;
    if (!FAILS(attune_objective_from_native(FN(gives_nan), bad[i].signature, NULL, NULL, &objective, &e), ANY_ERROR, bad[i].a,
               "column"))
      printf("  with %s\n", bad[i].signature);
    CHECK(objective == NULL);
  }
  FAILS(attune_objective_from_native(NULL, "f64(f64 x)", NULL, NULL, &objective, &e), INVALID, "fn");
  FAILS(attune_objective_from_native(FN(gives_nan), NULL, NULL, NULL, &objective, &e), INVALID, "signature");
  FAILS(attune_objective_from_native(FN(gives_nan), "f64(f64 x)", NULL, NULL, NULL, &e), INVALID, "out");
  FAILS(attune_objective_from_native(FN(gives_nan), not_utf8[0], NULL, NULL, &objective, &e), INVALID, "UTF-8");
}

static int called_early;
static double notes_a_call(double x) {
  called_early++;
  return x;
}

static void names_and_types_are_checked_before_the_first_call(void) {
  static const struct { const char *signature, *space, *a; } bad[] = {
      {"f64(f64 x, f64 y)", "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "y"},
      {"f64(f64 y)", "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "y"},
      {"f64(i32 x)", "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "x"},
      {"f64(cstr x)", "{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "x"},
      {"f64(i8 x)", "{\"x\": {\"type\": \"int\", \"low\": 0, \"high\": 128}}", "128"},
      {"f64(u8 x)", "{\"x\": {\"type\": \"int\", \"low\": -1, \"high\": 5}}", "-1"},
      {"f64(f64 x)", "{\"x\": {\"type\": \"categorical\", \"choices\": [\"rbf\"]}}", "x"}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_objective *objective = native(FN(notes_a_call), bad[i].signature, NULL);
    attune_study *study = memory_study(bad[i].space, "random");
    if (!FAILS(attune_study_optimize(study, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, bad[i].a))
      printf("  with %s on %s\n", bad[i].signature, bad[i].space);
    CHECK_INT(attune_study_trial_count(study), 0);
    attune_objective_destroy(objective);
    attune_study_close(study);
  }
  CHECK_INT(called_early, 0);
  {
    attune_objective *objective = native(FN(notes_a_call), "f64(f64 x)", NULL);
    static const attune_direction both[] = {ATTUNE_MINIMIZE, ATTUNE_MINIMIZE};
    attune_study *two = study_of(NULL, NULL, line_json, both, 2, "random", NULL);
    attune_study *undeclared = memory_study(NULL, "random");
    FAILS(attune_study_optimize(two, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, "1", "2");
    FAILS(attune_study_optimize(undeclared, objective, 1, 0, NULL, NULL, &e), ANY_ERROR, "x");
    attune_objective_destroy(objective);
    attune_study_close(two);
    attune_study_close(undeclared);
  }
}

static void options_are_checked(void) {
  attune_objective *objective = NULL;
  attune_options *options = options_of("{\"thread_safe\": false}"), *wrong = options_of("{\"thread_save\": false}");
  OK(attune_objective_from_native(FN(notes_a_call), "f64(f64 x)", NULL, options, &objective, &e));
  attune_objective_destroy(objective);
  FAILS(attune_objective_from_native(FN(notes_a_call), "f64(f64 x)", NULL, wrong, &objective, &e), INVALID, "thread_save",
        "thread_safe");
  FAILS(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", wrong, &objective, &e), INVALID, "thread_save");
  attune_options_destroy(options);
  attune_options_destroy(wrong);
}

static void a_symbol_of_a_library_is_called(void) {
  attune_objective *objective = NULL;
  char *json = NULL;
  OK(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", NULL, &objective, &e));
  CHECK_DOUBLE(evaluate("{\"x\": {\"type\": \"fixed\", \"value\": 0.0}}", objective), 1);
  OK(attune_objective_describe(objective, &json, &e));
  CHECK_JSON(json, "\"kind\":\"native\"");
  CHECK_HAS(json, "cos");
  CHECK_HAS(json, "libm");
  attune_string_free(json);
  attune_objective_destroy(objective);

  FAILS(attune_objective_from_symbol("libm.so.6", "cosine", "f64(f64 x)", NULL, &objective, &e), ANY_ERROR, "cosine", "libm.so.6");
  FAILS(attune_objective_from_symbol("libnothere.so.9", "cos", "f64(f64 x)", NULL, &objective, &e), ANY_ERROR, "libnothere.so.9");
  FAILS(attune_objective_from_symbol("/no/such/lib.so", "cos", "f64(f64 x)", NULL, &objective, &e), ANY_ERROR, "/no/such/lib.so");
  FAILS(attune_objective_from_symbol("/etc/passwd", "cos", "f64(f64 x)", NULL, &objective, &e), ANY_ERROR, "/etc/passwd");
  FAILS(attune_objective_from_symbol("", "cos", "f64(f64 x)", NULL, &objective, &e), INVALID, "");
  FAILS(attune_objective_from_symbol("libm.so.6", "", "f64(f64 x)", NULL, &objective, &e), ANY_ERROR, "");
  FAILS(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64", NULL, &objective, &e), INVALID, "column");
  FAILS(attune_objective_from_symbol(NULL, "cos", "f64(f64 x)", NULL, &objective, &e), INVALID, "library_path");
  FAILS(attune_objective_from_symbol("libm.so.6", NULL, "f64(f64 x)", NULL, &objective, &e), INVALID, "symbol");
  FAILS(attune_objective_from_symbol("libm.so.6", "cos", NULL, NULL, &objective, &e), INVALID, "signature");
  FAILS(attune_objective_from_symbol("libm.so.6", "cos", "f64(f64 x)", NULL, NULL, &e), INVALID, "out");
}

int main(void) {
  alarm(300);
  numbers_and_texts_are_passed();
  every_integer_type_is_passed();
  every_result_type_is_read();
  context_and_gradient_are_passed();
  several_values_come_by_an_output_array();
  a_nan_result_is_a_failed_trial();
  wrong_signatures_point_to_the_column();
  names_and_types_are_checked_before_the_first_call();
  options_are_checked();
  a_symbol_of_a_library_is_called();
  return check_done();
}

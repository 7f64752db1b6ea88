/* Search spaces: built call by call or read from JSON; every malformed one is refused by name. */
#include "fixtures.h"

static attune_space *empty_space(void) {
  attune_space *space = NULL;
  OK(attune_space_create(&space, &e));
  CHECK_INT(attune_space_count(space), 0);
  return space;
}

static void a_space_built_by_calls_equals_the_same_json(void) {
  static const char *const kernels[] = {"rbf", "poly", "linear"}, *const poly[] = {"poly"};
  attune_space *built = empty_space(), *read = space_of(mixed_json), *again = NULL;
  char *a = NULL, *b = NULL, *c = NULL;
  OK(attune_space_add_float(built, "lr", 1e-5, 0.1, 0, ATTUNE_PARAM_LOG, &e));
  OK(attune_space_add_int(built, "layers", 1, 8, 1, 0, &e));
  OK(attune_space_add_categorical(built, "kernel", kernels, 3, 0, &e));
  OK(attune_space_add_int(built, "degree", 2, 5, 1, 0, &e));
  OK(attune_space_active_if_choice(built, "degree", "kernel", poly, 1, &e));
  OK(attune_space_add_float(built, "momentum", 0, 1, 0.25, 0, &e));
  OK(attune_space_add_fixed_json(built, "tol", "0.001", &e));
  OK(attune_space_to_json(built, &a, &e));
  OK(attune_space_to_json(read, &b, &e));
  CHECK_STRING(a, b);
  OK(attune_space_from_json(a, &again, &e));
  OK(attune_space_to_json(again, &c, &e));
  CHECK_STRING(c, a);
  CHECK_JSON(a, "\"when\":{\"kernel\":[\"poly\"]}");

  CHECK_INT(attune_space_count(built), MIXED_COUNT);
  CHECK_STRING(attune_space_name(built, MIXED_LR), "lr");
  CHECK_STRING(attune_space_name(built, MIXED_TOL), "tol");
  CHECK(attune_space_name(built, MIXED_COUNT) == NULL);
  CHECK(attune_space_name(built, (size_t)-1) == NULL);
  CHECK_INT(attune_space_kind(built, MIXED_LR), ATTUNE_PARAM_FLOAT);
  CHECK_INT(attune_space_kind(built, MIXED_LAYERS), ATTUNE_PARAM_INT);
  CHECK_INT(attune_space_kind(built, MIXED_KERNEL), ATTUNE_PARAM_CATEGORICAL);
  CHECK_INT(attune_space_kind(built, MIXED_TOL), ATTUNE_PARAM_FIXED);
  CHECK_INT(attune_space_kind(built, MIXED_COUNT), -1);
  CHECK_INT(attune_space_kind(built, (size_t)-1), -1);
  attune_string_free(a);
  attune_string_free(b);
  attune_string_free(c);
  attune_space_destroy(built);
  attune_space_destroy(read);
  attune_space_destroy(again);
}

static void typed_choices_keep_their_types(void) {
  attune_space *space = empty_space();
  char *json = NULL;
  OK(attune_space_add_categorical_json(space, "any", "[null, true, 3, 2.5, \"rbf\"]", ATTUNE_PARAM_ORDERED, &e));
  OK(attune_space_add_float(space, "child", 0, 1, 0, 0, &e));
  OK(attune_space_active_if_choice_json(space, "child", "any", "[null, 3]", &e));
  OK(attune_space_add_int(space, "n", 1, 3, 1, 0, &e));
  OK(attune_space_add_int(space, "of_int", 1, 3, 1, 0, &e));
  OK(attune_space_active_if_choice_json(space, "of_int", "n", "[1, 2]", &e));
  OK(attune_space_add_fixed_json(space, "f", "\"adam\"", &e));
  OK(attune_space_add_int(space, "of_fixed", 1, 3, 1, 0, &e));
  OK(attune_space_active_if_choice_json(space, "of_fixed", "f", "[\"adam\"]", &e));
  OK(attune_space_add_fixed_json(space, "nothing", "null", &e));
  OK(attune_space_to_json(space, &json, &e));
  CHECK_JSON(json, "[null,true,3,2.5,\"rbf\"]");
  CHECK_JSON(json, "\"ordered\":true");
  CHECK_JSON(json, "\"when\":{\"any\":[null,3]}");
  attune_string_free(json);
  attune_space_destroy(space);
}

static void ranges_gate_children(void) {
  attune_space *space = empty_space();
  char *json = NULL;
  OK(attune_space_add_float(space, "x", 0, 1, 0, 0, &e));
  OK(attune_space_add_int(space, "n", 0, 9, 1, 0, &e));
  OK(attune_space_add_float(space, "child", 0, 1, 0, 0, &e));
  OK(attune_space_active_if_range(space, "child", "x", -INFINITY, 0.5, &e));
  OK(attune_space_active_if_range(space, "child", "n", 3, INFINITY, &e));
  OK(attune_space_to_json(space, &json, &e));
  CHECK_JSON(json, "\"child\":");
  {
    attune_space *again = NULL;
    OK(attune_space_from_json(json, &again, &e)); /* open ends survive the text */
    attune_space_destroy(again);
  }
  FAILS(attune_space_active_if_range(space, "child", "x", NAN, 1, &e), INVALID, "child", "nan");
  FAILS(attune_space_active_if_range(space, "child", "x", 2, 1, &e), INVALID, "child", "x", "2");
  attune_string_free(json);
  attune_space_destroy(space);
}

static void full_integer_ranges_work(void) {
  attune_space *space = empty_space();
  char *json = NULL;
  OK(attune_space_add_int(space, "all", INT64_MIN, INT64_MAX, 1, 0, &e));
  OK(attune_space_add_int(space, "positive", 1, INT64_MAX, 1, ATTUNE_PARAM_LOG, &e));
  OK(attune_space_add_int(space, "wide_step", INT64_MIN, INT64_MAX, INT64_MAX, 0, &e));
  OK(attune_space_add_int(space, "one", INT64_MAX, INT64_MAX, 1, 0, &e));
  OK(attune_space_to_json(space, &json, &e));
  CHECK_JSON(json, "-9223372036854775808");
  CHECK_JSON(json, "9223372036854775807");
  attune_string_free(json);
  attune_space_destroy(space);
}

static void names_may_be_any_unicode_text(void) {
  attune_space *space = empty_space();
  char *json = NULL;
  OK(attune_space_add_float(space, "gr\xc3\xb6\xc3\x9f" "e", 0, 1, 0, 0, &e));
  OK(attune_space_add_float(space, "\xf0\x9f\x8e\x9b", 0, 1, 0, 0, &e));
  OK(attune_space_add_float(space, "a \"quoted\"\\name\n", 0, 1, 0, 0, &e));
  CHECK_STRING(attune_space_name(space, 0), "gr\xc3\xb6\xc3\x9f" "e");
  CHECK_STRING(attune_space_name(space, 1), "\xf0\x9f\x8e\x9b");
  OK(attune_space_to_json(space, &json, &e));
  attune_space_destroy(space);
  OK(attune_space_from_json(json, &space, &e));
  CHECK_STRING(attune_space_name(space, 2), "a \"quoted\"\\name\n");
  attune_string_free(json);
  attune_space_destroy(space);
}

static void bad_floats_are_refused(attune_space *s) {
  FAILS(attune_space_add_float(s, "gamma", 2, 1, 0, 0, &e), INVALID, "gamma", "low", "2", "wanted");
  FAILS(attune_space_add_float(s, "gamma", NAN, 1, 0, 0, &e), INVALID, "gamma", "low", "nan", "finite");
  FAILS(attune_space_add_float(s, "gamma", 0, NAN, 0, 0, &e), INVALID, "gamma", "high", "nan", "finite");
  FAILS(attune_space_add_float(s, "gamma", -INFINITY, 1, 0, 0, &e), INVALID, "gamma", "low", "inf", "finite");
  FAILS(attune_space_add_float(s, "gamma", 0, INFINITY, 0, 0, &e), INVALID, "gamma", "high", "inf", "finite");
  FAILS(attune_space_add_float(s, "gamma", -1e308, 1e308, 0, 0, &e), INVALID, "gamma", "1e+308");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, 0, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "low", "0", "log");
  FAILS(attune_space_add_float(s, "gamma", -1, 1, 0, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "low", "-1", "log");
  FAILS(attune_space_add_float(s, "gamma", 1, 2, 0.5, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "step", "0.5");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, -0.5, 0, &e), INVALID, "gamma", "step", "-0.5");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, NAN, 0, &e), INVALID, "gamma", "step", "nan");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, INFINITY, 0, &e), INVALID, "gamma", "step", "inf");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, 3, 0, &e), INVALID, "gamma", "step", "3");
  FAILS(attune_space_add_float(s, "gamma", 0, 1e300, 5e-324, 0, &e), INVALID, "gamma", "step");
  FAILS(attune_space_add_float(s, "gamma", 0, 1, 0, ATTUNE_PARAM_ORDERED, &e), INVALID, "gamma", "flag");
  FAILS(attune_space_add_float(s, "gamma", 1, 2, 0, 0x80000000u, &e), INVALID, "gamma", "flag");
}

static void bad_ints_are_refused(attune_space *s) {
  FAILS(attune_space_add_int(s, "gamma", 2, 1, 1, 0, &e), INVALID, "gamma", "low", "2");
  FAILS(attune_space_add_int(s, "gamma", INT64_MAX, INT64_MIN, 1, 0, &e), INVALID, "gamma", "9223372036854775807");
  FAILS(attune_space_add_int(s, "gamma", 0, 9, 0, 0, &e), INVALID, "gamma", "step", "0");
  FAILS(attune_space_add_int(s, "gamma", 0, 9, -1, 0, &e), INVALID, "gamma", "step", "-1");
  FAILS(attune_space_add_int(s, "gamma", 0, 9, INT64_MIN, 0, &e), INVALID, "gamma", "step");
  FAILS(attune_space_add_int(s, "gamma", 0, 9, 10, 0, &e), INVALID, "gamma", "step", "10");
  FAILS(attune_space_add_int(s, "gamma", 0, 9, 1, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "low", "0", "log");
  FAILS(attune_space_add_int(s, "gamma", 1, 9, 2, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "step", "2");
  FAILS(attune_space_add_int(s, "gamma", 1, 9, 1, ATTUNE_PARAM_ORDERED, &e), INVALID, "gamma", "flag");
  FAILS(attune_space_add_int(s, "gamma", 1, 9, 1, 64, &e), INVALID, "gamma", "flag");
}

static void bad_choices_are_refused(attune_space *s) {
  static const char *const good[] = {"a", "b"}, *const twice[] = {"a", "b", "a"}, *const hole[] = {"a", NULL};
  const char *const broken[] = {"a", not_utf8[0]};
  FAILS(attune_space_add_categorical(s, "gamma", good, 0, 0, &e), INVALID, "gamma", "0");
  FAILS(attune_space_add_categorical(s, "gamma", NULL, 2, 0, &e), INVALID, "choices");
  FAILS(attune_space_add_categorical(s, "gamma", twice, 3, 0, &e), INVALID, "gamma", "\"a\"");
  FAILS(attune_space_add_categorical(s, "gamma", hole, 2, 0, &e), INVALID, "gamma", "1");
  FAILS(attune_space_add_categorical(s, "gamma", broken, 2, 0, &e), INVALID, "UTF-8");
  FAILS(attune_space_add_categorical(s, "gamma", good, (size_t)-1, 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_categorical(s, "gamma", good, (size_t)1 << 40, 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_categorical(s, "gamma", good, 2, ATTUNE_PARAM_LOG, &e), INVALID, "gamma", "flag");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[]", 0, &e), INVALID, "gamma", "empty");
  FAILS(attune_space_add_categorical_json(s, "gamma", NULL, 0, &e), INVALID, "choices_json");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[1, 1]", 0, &e), INVALID, "gamma", "1");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[3, 3.0]", 0, &e), INVALID, "gamma", "3");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[[1]]", 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_categorical_json(s, "gamma", "{\"a\": 1}", 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[1, 2", 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_categorical_json(s, "gamma", "[NaN]", 0, &e), INVALID, "gamma");
  FAILS(attune_space_add_fixed_json(s, "gamma", "[1]", &e), INVALID, "gamma");
  FAILS(attune_space_add_fixed_json(s, "gamma", "", &e), INVALID, "gamma");
  FAILS(attune_space_add_fixed_json(s, "gamma", "adam", &e), INVALID, "gamma");
  FAILS(attune_space_add_fixed_json(s, "gamma", "Infinity", &e), INVALID, "gamma");
  FAILS(attune_space_add_fixed_json(s, "gamma", NULL, &e), INVALID, "value_json");
}

static void bad_names_are_refused(attune_space *s) {
  static const char *const one[] = {"a"};
  size_t i;
  FAILS(attune_space_add_float(s, "", 0, 1, 0, 0, &e), INVALID, "name", "empty");
  FAILS(attune_space_add_float(s, "taken", 0, 1, 0, 0, &e), INVALID, "taken");
  FAILS(attune_space_add_int(s, "taken", 0, 1, 1, 0, &e), INVALID, "taken");
  FAILS(attune_space_add_categorical(s, "taken", one, 1, 0, &e), INVALID, "taken");
  FAILS(attune_space_add_fixed_json(s, "taken", "1", &e), INVALID, "taken");
  FAILS(attune_space_add_float(s, NULL, 0, 1, 0, 0, &e), INVALID, "name");
  FAILS(attune_space_add_int(s, NULL, 0, 1, 1, 0, &e), INVALID, "name");
  FAILS(attune_space_add_categorical(s, NULL, one, 1, 0, &e), INVALID, "name");
  FAILS(attune_space_add_categorical_json(s, NULL, "[1]", 0, &e), INVALID, "name");
  FAILS(attune_space_add_fixed_json(s, NULL, "1", &e), INVALID, "name");
  for (i = 0; i < NOT_UTF8_COUNT; i++) FAILS(attune_space_add_float(s, not_utf8[i], 0, 1, 0, 0, &e), INVALID, "UTF-8");
}

static void bad_conditions_are_refused(attune_space *s) {
  static const char *const u[] = {"u"}, *const missing[] = {"w"}, *const hole[] = {NULL};
  FAILS(attune_space_active_if_choice(s, "nobody", "cat", u, 1, &e), ANY_ERROR, "nobody");
  FAILS(attune_space_active_if_choice(s, "taken", "catt", u, 1, &e), ANY_ERROR, "catt", "cat");
  FAILS(attune_space_active_if_choice(s, "taken", "cat", missing, 1, &e), INVALID, "cat", "\"w\"");
  FAILS(attune_space_active_if_choice(s, "taken", "cat", u, 0, &e), INVALID, "cat", "0");
  FAILS(attune_space_active_if_choice(s, "taken", "cat", hole, 1, &e), INVALID, "");
  FAILS(attune_space_active_if_choice(s, "taken", "cat", NULL, 1, &e), INVALID, "choices");
  FAILS(attune_space_active_if_choice(s, "taken", "cat", u, (size_t)-1, &e), INVALID, "");
  FAILS(attune_space_active_if_choice(s, NULL, "cat", u, 1, &e), INVALID, "child");
  FAILS(attune_space_active_if_choice(s, "taken", NULL, u, 1, &e), INVALID, "parent");
  FAILS(attune_space_active_if_choice(s, "cat", "cat", u, 1, &e), INVALID, "cat");
  FAILS(attune_space_active_if_choice_json(s, "taken", "cat", "[3]", &e), INVALID, "cat", "3");
  FAILS(attune_space_active_if_choice_json(s, "taken", "cat", "\"u\"", &e), INVALID, "");
  FAILS(attune_space_active_if_choice_json(s, "taken", "cat", NULL, &e), INVALID, "choices_json");
  FAILS(attune_space_active_if_choice_json(s, NULL, "cat", "[\"u\"]", &e), INVALID, "child");
  FAILS(attune_space_active_if_choice_json(s, "taken", NULL, "[\"u\"]", &e), INVALID, "parent");
  FAILS(attune_space_active_if_range(s, "taken", "cat", 0, 1, &e), INVALID, "cat", "categorical");
  FAILS(attune_space_active_if_range(s, NULL, "cat", 0, 1, &e), INVALID, "child");
  FAILS(attune_space_active_if_range(s, "taken", NULL, 0, 1, &e), INVALID, "parent");
  /* cat depends on taken; taken on cat would close the circle. */
  OK(attune_space_active_if_range(s, "cat", "taken", 0, 0.5, &e));
  FAILS(attune_space_active_if_choice(s, "taken", "cat", u, 1, &e), INVALID, "cat", "taken");
}

static void a_builder_that_fails_leaves_the_space_as_it_was(void) {
  static const char *const uv[] = {"u", "v"};
  attune_space *s = empty_space();
  char *before = NULL, *after = NULL;
  OK(attune_space_add_float(s, "taken", 0, 1, 0, 0, &e));
  OK(attune_space_add_categorical(s, "cat", uv, 2, 0, &e));
  OK(attune_space_to_json(s, &before, &e));
  bad_floats_are_refused(s);
  bad_ints_are_refused(s);
  bad_choices_are_refused(s);
  bad_names_are_refused(s);
  OK(attune_space_to_json(s, &after, &e));
  CHECK_STRING(after, before);
  CHECK_INT(attune_space_count(s), 2);
  bad_conditions_are_refused(s);
  attune_string_free(before);
  attune_string_free(after);
  attune_space_destroy(s);
}

static void bad_json_names_parameter_found_and_wanted(void) {
  static const struct { const char *json, *a, *b; } bad[] = {
      {"{\"gamma\": {\"type\": \"float\", \"low\": 2, \"high\": 1}}", "gamma", "low"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0}}", "gamma", "high"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": \"0\", \"high\": 1}}", "gamma", "low"},
      {"{\"gamma\": {\"type\": \"flaot\", \"low\": 0, \"high\": 1}}", "gamma", "flaot"},
      {"{\"gamma\": {\"low\": 0, \"high\": 1}}", "gamma", "type"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"lgo\": true}}", "gamma", "lgo"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"log\": \"yes\"}}", "gamma", "log"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": NaN, \"high\": 1}}", "gamma", "low"},
      {"{\"gamma\": {\"type\": \"int\", \"low\": 0.5, \"high\": 1}}", "gamma", "0.5"},
      {"{\"gamma\": {\"type\": \"int\", \"low\": 0, \"high\": 9223372036854775808}}", "gamma", "high"},
      {"{\"gamma\": {\"type\": \"int\", \"low\": 0, \"high\": 1e300}}", "gamma", "high"},
      {"{\"gamma\": {\"type\": \"categorical\", \"choices\": []}}", "gamma", "choices"},
      {"{\"gamma\": {\"type\": \"categorical\"}}", "gamma", "choices"},
      {"{\"gamma\": {\"type\": \"categorical\", \"choices\": \"ab\"}}", "gamma", "choices"},
      {"{\"gamma\": {\"type\": \"fixed\"}}", "gamma", "value"},
      {"{\"gamma\": {\"type\": \"fixed\", \"value\": {}}}", "gamma", "value"},
      {"{\"gamma\": 3}", "gamma", "3"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"when\": {\"q\": [1]}}}", "gamma", "q"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"when\": {\"gamma\": {\"low\": 0, \"high\": 1}}}}", "gamma", "gamma"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1, \"when\": 3}}", "gamma", "when"},
      {"{\"gamma\": {\"type\": \"float\", \"low\": 0, \"high\": 1}, \"gamma\": {\"type\": \"fixed\", \"value\": 1}}", "gamma", ""},
      {"{\"\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "empty", ""},
      {"{\"a\\u0000b\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", "NUL", ""},
      {"[]", "", ""}, {"", "", ""}, {"3", "", ""}, {"{", "", ""}, {"{} {}", "", ""}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_space *space = (attune_space *)(void *)&i;
    if (!FAILS(attune_space_from_json(bad[i].json, &space, &e), INVALID, bad[i].a, bad[i].b)) printf("  with %s\n", bad[i].json);
    CHECK(space == NULL);
  }
}

static void deep_and_long_json_does_not_break_the_reader(void) {
  enum { DEPTH = 200000 };
  char *deep = malloc(2 * DEPTH + 1);
  attune_space *space = NULL;
  memset(deep, '[', DEPTH);
  memset(deep + DEPTH, ']', DEPTH);
  deep[2 * DEPTH] = 0;
  FAILS(attune_space_from_json(deep, &space, &e), INVALID, "");
  memset(deep, 'x', 2 * DEPTH);
  FAILS(attune_space_from_json(deep, &space, &e), INVALID, "");
  space = empty_space();
  FAILS(attune_space_add_float(space, deep, 0, 1, 0, 0, &e), INVALID, ""); /* a name of 400,000 bytes */
  attune_space_destroy(space);
  free(deep);
}

static void a_chain_of_conditions_of_any_depth_works(void) {
  attune_space *space = empty_space();
  int i;
  for (i = 0; i < 500; i++) {
    char name[16], parent[16];
    snprintf(name, sizeof name, "p%d", i);
    snprintf(parent, sizeof parent, "p%d", i - 1);
    if (attune_space_add_float(space, name, 0, 1, 0, 0, &e) != ATTUNE_OK) break;
    if (i && attune_space_active_if_range(space, name, parent, 0, 0.9, &e) != ATTUNE_OK) break;
  }
  CHECK_INT(i, 500);
  CHECK_INT(attune_space_count(space), 500);
  attune_space_destroy(space);
}

static void nulls_are_refused(void) {
  attune_space *space = NULL;
  char *json = NULL;
  FAILS(attune_space_create(NULL, &e), INVALID, "out");
  FAILS(attune_space_from_json(NULL, &space, &e), INVALID, "json");
  FAILS(attune_space_from_json("{}", NULL, &e), INVALID, "out");
  FAILS(attune_space_to_json(NULL, &json, &e), INVALID, "space");
  space = empty_space();
  FAILS(attune_space_to_json(space, NULL, &e), INVALID, "out");
  attune_space_destroy(space);
  attune_space_destroy(NULL);
  CHECK_INT(attune_space_count(NULL), 0);
  CHECK(attune_space_name(NULL, 0) == NULL);
  CHECK_INT(attune_space_kind(NULL, 0), -1);
}

static const char constrained_json[] =
    "{\"x\": {\"type\": \"int\", \"low\": 0, \"high\": 4}, \"y\": {\"type\": \"int\", \"low\": 0, \"high\": 4},"
    " \"$constraints\": [{\"linear\": {\"x\": 1, \"y\": 2}, \"at_most\": 4},"
    " {\"forbidden\": {\"x\": [0], \"y\": {\"low\": 1}}}]}";

static void constraints_hold_for_every_point(void) {
  attune_space *space = space_of(constrained_json), *again = NULL;
  attune_study *study = NULL;
  attune_trial *trial = NULL;
  char *a = NULL, *b = NULL;
  int64_t x = 0, y = 0;
  int count = 0;
  OK(attune_space_to_json(space, &a, &e));
  OK(attune_space_from_json(a, &again, &e));
  OK(attune_space_to_json(again, &b, &e));
  CHECK_STRING(b, a);
  CHECK_INT(attune_space_count(again), 2);
  /* What is added later keeps the constraints; what leaves no point is refused. */
  OK(attune_space_add_int(again, "z", 0, 1, 1, 0, &e));
  OK(attune_study_create(NULL, NULL, again, NULL, 0, "grid", NULL, &study, &e));
  FAILS(attune_study_enqueue(study, "{\"x\": 3, \"y\": 1}", &e), INVALID, "constraint 0", "at_most");
  for (;;) {
    attune_status status = attune_study_ask(study, &trial, &e);
    if (status != ATTUNE_OK) {
      CHECK_INT(status, ATTUNE_E_EXHAUSTED);
      attune_error_free(e);
      break;
    }
    OK(attune_trial_int(trial, "x", &x, &e));
    OK(attune_trial_int(trial, "y", &y, &e));
    CHECK(x + 2 * y <= 4 && (x > 0 || y == 0));
    attune_trial_release(trial);
    count++;
  }
  CHECK_INT(count, 14); /* 5 with y = 0, x = 1 or 2 with y = 1, none with y = 2, each with both z */
  attune_study_close(study);
  attune_string_free(a);
  attune_string_free(b);
  attune_space_destroy(space);
  attune_space_destroy(again);
  space = NULL;
  FAILS(attune_space_from_json("{\"x\": {\"type\": \"int\", \"low\": 0, \"high\": 4},"
                               " \"$constraints\": [{\"linear\": {\"x\": 1}, \"at_least\": 5}]}", &space, &e),
        INVALID, "constraint 0", "always 0.0 to 4.0");
}

static void a_study_copies_the_space(void) {
  attune_space *space = space_of(line_json);
  attune_study *study = NULL;
  char *json = NULL;
  OK(attune_study_create(NULL, NULL, space, NULL, 0, "random", NULL, &study, &e));
  OK(attune_space_add_int(space, "later", 1, 2, 1, 0, &e));
  attune_space_destroy(space);
  OK(attune_study_space_json(study, &json, &e));
  CHECK(json && !strstr(json, "later"));
  attune_string_free(json);
  attune_study_close(study);
}

int main(void) {
  a_space_built_by_calls_equals_the_same_json();
  typed_choices_keep_their_types();
  ranges_gate_children();
  full_integer_ranges_work();
  names_may_be_any_unicode_text();
  a_builder_that_fails_leaves_the_space_as_it_was();
  bad_json_names_parameter_found_and_wanted();
  deep_and_long_json_does_not_break_the_reader();
  a_chain_of_conditions_of_any_depth_works();
  nulls_are_refused();
  constraints_hold_for_every_point();
  a_study_copies_the_space();
  return check_done();
}

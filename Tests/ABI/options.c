/* Options: typed settings by name, checked by who takes them. */
#include "fixtures.h"

static attune_status create_with(const attune_options *options, attune_study **out, attune_error **err) {
  attune_space *space = space_of(line_json);
  attune_status status = attune_study_create(NULL, NULL, space, NULL, 0, "random", options, out, err);
  attune_error *kept = err ? *err : NULL;
  attune_space_destroy(space);
  if (err) *err = kept;
  return status;
}

static void settings_take_effect_and_the_last_counts(void) {
  attune_options *options = NULL;
  attune_study *study = NULL;
  OK(attune_options_create(&options, &e));
  OK(attune_options_set_int(options, "seed", 1, &e));
  OK(attune_options_set_int(options, "seed", 42, &e));
  OK(attune_options_set_string(options, "duplicates", "avoid", &e));
  OK(attune_options_set_bool(options, "load_if_exists", 5, &e));
  OK(create_with(options, &study, &e));
  CHECK_INT(attune_study_seed(study), 42);
  attune_study_close(study);
  /* The options are copied: changing or dropping them later is no matter; and they may be used again. */
  OK(attune_options_set_int(options, "seed", 43, &e));
  OK(create_with(options, &study, &e));
  CHECK_INT(attune_study_seed(study), 43);
  attune_options_destroy(options);
  CHECK_INT(attune_study_seed(study), 43);
  attune_study_close(study);
}

static void json_options_are_the_same_as_set_ones(void) {
  attune_options *options = NULL;
  attune_study *study = NULL;
  OK(attune_options_from_json("{\"seed\": 9007199254740993, \"duplicates\": \"allow\", \"load_if_exists\": false}", &options, &e));
  OK(create_with(options, &study, &e));
  CHECK(attune_study_seed(study) == 9007199254740993u); /* whole numbers are exact beyond 2^53 */
  attune_study_close(study);
  OK(attune_options_set_int(options, "seed", 5, &e)); /* setters replace what JSON gave */
  OK(create_with(options, &study, &e));
  CHECK_INT(attune_study_seed(study), 5);
  attune_study_close(study);
  attune_options_destroy(options);
  OK(attune_options_from_json(" {} ", &options, &e));
  attune_options_destroy(options);
}

static void an_unknown_key_names_the_nearest(void) {
  attune_options *options = options_of("{\"sead\": 7}");
  attune_study *study = (attune_study *)(void *)&options;
  FAILS(create_with(options, &study, &e), INVALID, "sead", "seed");
  CHECK(study == NULL); /* R3: a handle out becomes NULL on failure */
  attune_options_destroy(options);
}

static void a_value_of_the_wrong_kind_is_named(void) {
  static const struct { const char *json, *key, *found; } bad[] = {
      {"{\"seed\": \"abc\"}", "seed", "abc"},        {"{\"seed\": 1.5}", "seed", "1.5"},
      {"{\"duplicates\": \"nver\"}", "duplicates", "nver"}, {"{\"duplicates\": 3}", "duplicates", "3"},
      {"{\"load_if_exists\": \"perhaps\"}", "load_if_exists", "perhaps"}};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_options *options = options_of(bad[i].json);
    attune_study *study = NULL;
    FAILS(create_with(options, &study, &e), INVALID, bad[i].key, bad[i].found);
    attune_study_close(study);
    attune_options_destroy(options);
  }
}

static void bad_json_is_refused(void) {
  static const char *const bad[] = {"",         "nope",          "[1]",       "3",        "{\"seed\": }", "{\"seed\": 7",
                                    "{\"a\": [1]}", "{\"a\": {}}", "{\"a\": 1} x", "{a: 1}", "{\"a\": 1,}",   "\"seed\""};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    attune_options *options = (attune_options *)(void *)&i;
    FAILS(attune_options_from_json(bad[i], &options, &e), INVALID, "");
    CHECK(options == NULL);
  }
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    char json[64];
    attune_options *options = NULL;
    snprintf(json, sizeof json, "{\"%s\": 1}", not_utf8[i]);
    FAILS(attune_options_from_json(json, &options, &e), INVALID, "UTF-8");
  }
}

static void null_and_bad_arguments_are_refused(void) {
  attune_options *o = options_of("{}"), *none = NULL;
  size_t i;
  FAILS(attune_options_create(NULL, &e), INVALID, "out");
  FAILS(attune_options_from_json(NULL, &none, &e), INVALID, "json");
  FAILS(attune_options_from_json("{}", NULL, &e), INVALID, "out");
  FAILS(attune_options_set_string(NULL, "k", "v", &e), INVALID, "");
  FAILS(attune_options_set_string(o, NULL, "v", &e), INVALID, "key");
  FAILS(attune_options_set_string(o, "k", NULL, &e), INVALID, "k");
  FAILS(attune_options_set_int(NULL, "k", 1, &e), INVALID, "");
  FAILS(attune_options_set_int(o, NULL, 1, &e), INVALID, "key");
  FAILS(attune_options_set_float(NULL, "k", 1, &e), INVALID, "");
  FAILS(attune_options_set_float(o, NULL, 1, &e), INVALID, "key");
  FAILS(attune_options_set_float(o, "k", NAN, &e), INVALID, "k", "nan", "finite");
  FAILS(attune_options_set_float(o, "k", INFINITY, &e), INVALID, "k", "inf", "finite");
  FAILS(attune_options_set_float(o, "k", -INFINITY, &e), INVALID, "k", "inf", "finite");
  FAILS(attune_options_set_bool(NULL, "k", 1, &e), INVALID, "");
  FAILS(attune_options_set_bool(o, NULL, 1, &e), INVALID, "key");
  for (i = 0; i < NOT_UTF8_COUNT; i++) {
    FAILS(attune_options_set_string(o, not_utf8[i], "v", &e), INVALID, "UTF-8");
    FAILS(attune_options_set_string(o, "k", not_utf8[i], &e), INVALID, "UTF-8");
    FAILS(attune_options_set_int(o, not_utf8[i], 1, &e), INVALID, "UTF-8");
  }
  OK(attune_options_set_float(o, "tiny", 5e-324, &e));
  OK(attune_options_set_int(o, "least", INT64_MIN, &e));
  attune_options_destroy(o);
  attune_options_destroy(NULL);
}

int main(void) {
  settings_take_effect_and_the_last_counts();
  json_options_are_the_same_as_set_ones();
  an_unknown_key_names_the_nearest();
  a_value_of_the_wrong_kind_is_named();
  bad_json_is_refused();
  null_and_bad_arguments_are_refused();
  return check_done();
}

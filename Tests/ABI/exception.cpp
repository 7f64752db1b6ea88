// A C++ exception that leaves a callback ends as a failure with its text, and every cleanup is done.
#include "attune.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <unistd.h>

static std::atomic<int> passed{0}, failed{0};
static void check(bool holds, int line, const char *text, const std::string &got = "") {
  (holds ? passed : failed)++;
  if (!holds) std::printf("exception.cpp:%d: expected: %s%s%s\n", line, text, got.empty() ? "" : ", got: ", got.c_str());
}
#define CHECK(condition) check((condition), __LINE__, #condition)
#define CHECK_HAS(text, part) check((text).find(part) != std::string::npos, __LINE__, #text " has " part, (text))

static std::atomic<int> cleaned{0}, destroyed{0};
struct Guard {
  ~Guard() { cleaned++; }
};

static attune_status throws_error(attune_trial *, double *values, size_t, void *) {
  Guard guard;
  values[0] = 1;
  throw std::runtime_error("the kernel is not positive definite");
}
static attune_status throws_int(attune_trial *, double *, size_t, void *) {
  Guard guard;
  throw 42;
}
static attune_status throws_empty(attune_trial *, double *, size_t, void *) { throw std::runtime_error(""); }
static attune_status throws_odd_text(attune_trial *, double *, size_t, void *) {
  throw std::runtime_error("caf\xe9 \xff\nsecond line");
}
static attune_status throws_long_text(attune_trial *, double *, size_t, void *) {
  throw std::runtime_error(std::string(1000000, 'x'));
}
static void count_destroyed(void *) { destroyed++; }
static int32_t progress_throws(attune_study *, int64_t, attune_trial_state, const double *, size_t, void *) {
  throw std::runtime_error("the progress bar broke");
}
static void destroy_throws(void *) { throw std::runtime_error("destroy broke"); }
static void log_throws(attune_log_level, const char *, const char *, void *) { throw std::runtime_error("the log broke"); }
static attune_status fine(attune_trial *, double *values, size_t, void *) {
  values[0] = 1;
  return ATTUNE_OK;
}

static attune_study *make_study() {
  attune_study *study = nullptr;
  attune_space *space = nullptr;
  attune_space_from_json("{\"x\": {\"type\": \"float\", \"low\": 0, \"high\": 1}}", &space, nullptr);
  CHECK(attune_study_create(nullptr, nullptr, space, nullptr, 0, "random", nullptr, &study, nullptr) == ATTUNE_OK);
  attune_space_destroy(space);
  return study;
}

static std::string first_trial(attune_study *study) {
  attune_trials *trials = nullptr;
  char *json = nullptr;
  std::string text;
  attune_study_trials(study, 0, &trials, nullptr);
  if (attune_trials_json(trials, 0, &json, nullptr) == ATTUNE_OK) text = json;
  attune_string_free(json);
  attune_trials_destroy(trials);
  return text;
}

// Runs four trials on n_jobs threads; the first trial as JSON.
static std::string run(attune_objective_fn fn, int n_jobs) {
  attune_study *study = make_study();
  attune_objective *objective = nullptr;
  attune_options *options = nullptr;
  attune_options_create(&options, nullptr);
  attune_options_set_int(options, "n_jobs", n_jobs, nullptr);
  CHECK(attune_objective_from_callback(fn, nullptr, count_destroyed, &objective, nullptr) == ATTUNE_OK);
  CHECK(attune_study_optimize(study, objective, 4, 0, options, nullptr, nullptr) == ATTUNE_OK);
  CHECK(attune_study_trial_count(study) == 4);
  std::string text = first_trial(study);
  attune_options_destroy(options);
  attune_objective_destroy(objective);
  attune_study_close(study);
  return text;
}

int main() {
  alarm(300);
  for (int n_jobs = 1; n_jobs <= 3; n_jobs += 2) {
    cleaned = destroyed = 0;
    std::string text = run(throws_error, n_jobs);
    CHECK_HAS(text, "\"FAIL\"");
    CHECK_HAS(text, "the kernel is not positive definite");
    CHECK(cleaned == 4);
    CHECK(destroyed == 1);
    text = run(throws_int, n_jobs);
    CHECK_HAS(text, "\"FAIL\"");
    CHECK_HAS(text, "exception");
    CHECK_HAS(run(throws_empty, n_jobs), "\"FAIL\"");
    CHECK_HAS(run(throws_odd_text, n_jobs), "\"FAIL\"");
    CHECK_HAS(run(throws_long_text, n_jobs), "\"FAIL\"");
  }

  // on_failure "stop": the text comes back in the error.
  {
    attune_study *study = make_study();
    attune_objective *objective = nullptr;
    attune_options *options = nullptr;
    attune_error *error = nullptr;
    attune_options_from_json("{\"on_failure\": \"stop\"}", &options, nullptr);
    attune_objective_from_callback(throws_error, nullptr, nullptr, &objective, nullptr);
    CHECK(attune_study_optimize(study, objective, 4, 0, options, nullptr, &error) == ATTUNE_E_OBJECTIVE);
    CHECK_HAS(std::string(attune_error_message(error)), "the kernel is not positive definite");
    attune_error_free(error);
    attune_options_destroy(options);
    attune_objective_destroy(objective);
    attune_study_close(study);
  }

  // Exceptions from the other callbacks do not end the process, and the study is usable afterwards.
  {
    attune_study *study = make_study();
    attune_objective *objective = nullptr;
    attune_objective_from_callback(fine, nullptr, destroy_throws, &objective, nullptr);
    CHECK(attune_study_set_progress(study, progress_throws, nullptr, destroy_throws, nullptr) == ATTUNE_OK);
    attune_set_log(log_throws, ATTUNE_LOG_TRACE, nullptr, nullptr);
    attune_study_optimize(study, objective, 4, 0, nullptr, nullptr, nullptr);
    CHECK(attune_study_trial_count(study) >= 1);
    attune_set_log(nullptr, ATTUNE_LOG_OFF, nullptr, nullptr);
    CHECK(attune_study_set_progress(study, nullptr, nullptr, nullptr, nullptr) == ATTUNE_OK);
    CHECK(attune_study_optimize(study, objective, 4, 0, nullptr, nullptr, nullptr) == ATTUNE_OK);
    attune_objective_destroy(objective);
    attune_study_close(study);
  }
  std::printf("%d passed, %d failed\n", passed.load(), failed.load());
  return failed ? 1 : 0;
}

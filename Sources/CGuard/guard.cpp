#include "guard.h"

#include <cstring>
#include <exception>
#include <string>

#if defined(__GLIBCXX__)
#include <cxxabi.h>
#endif

namespace {

/* Copies a text; what is cut off is cut between characters of UTF-8. */
void keep(attune_caught *caught, const char *text) noexcept {
  caught->thrown = 1;
  if (caught->text == nullptr || caught->capacity == 0) return;
  if (text == nullptr) text = "a null text";
  size_t size = strnlen(text, caught->capacity);
  if (size == caught->capacity) {
    size -= 1;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) size -= 1;
  }
  std::memcpy(caught->text, text, size);
  caught->text[size] = '\0';
}

/* Calls body; an exception becomes a text and `otherwise` is returned. */
template <typename Result, typename Body>
inline Result guarded(attune_caught *caught, Result otherwise, Body body) {
  try {
    return body();
  }
#if defined(__GLIBCXX__)
  catch (abi::__forced_unwind &) {
    throw;
  }
#endif
  catch (const std::exception &error) {
    keep(caught, error.what());
  } catch (const std::string &text) {
    keep(caught, text.c_str());
  } catch (const char *text) {
    keep(caught, text);
  } catch (...) {
    keep(caught, "unknown C++ exception");
  }
  return otherwise;
}

}  // namespace

extern "C" {

const attune_plugin *attune_guard_entry(attune_plugin_entry_fn entry, uint32_t major, uint32_t minor,
                                        attune_caught *caught) {
  return guarded<const attune_plugin *>(caught, nullptr, [&] { return entry(major, minor); });
}

int32_t attune_guard_create(const attune_objective_descriptor *descriptor, const attune_host *host,
                            const char *config_json, void **out_instance, attune_caught *caught) {
  return guarded<int32_t>(caught, ATTUNE_PLUGIN_FAILED, [&] {
    return descriptor->create(descriptor, host, config_json, out_instance);
  });
}

int32_t attune_guard_evaluate(const attune_objective_descriptor *descriptor, void *instance,
                              const attune_eval *eval, attune_caught *caught) {
  return guarded<int32_t>(caught, ATTUNE_PLUGIN_FAILED,
                          [&] { return descriptor->evaluate(instance, eval); });
}

void attune_guard_destroy(attune_destroy_fn fn, void *user_data, attune_caught *caught) {
  if (fn == nullptr) return;
  guarded<int>(caught, 0, [&] { return fn(user_data), 0; });
}

int32_t attune_guard_objective(attune_objective_fn fn, attune_trial *trial, double *values, size_t n_values,
                               void *user_data, attune_caught *caught) {
  return guarded<int32_t>(caught, ATTUNE_E_OBJECTIVE,
                          [&] { return fn(trial, values, n_values, user_data); });
}

int32_t attune_guard_progress(attune_progress_fn fn, attune_study *study, int64_t trial_number, int32_t state,
                              const double *values, size_t n_values, void *user_data, attune_caught *caught) {
  return guarded<int32_t>(
      caught, 0, [&] { return fn(study, trial_number, state, values, n_values, user_data); });
}

void attune_guard_log(attune_log_fn fn, int32_t level, const char *component, const char *message,
                      void *user_data, attune_caught *caught) {
  guarded<int>(caught, 0, [&] { return fn(level, component, message, user_data), 0; });
}

void attune_guard_call(void (*body)(void *context), void *context, attune_caught *caught) {
  guarded<int>(caught, 0, [&] { return body(context), 0; });
}

}  // extern "C"

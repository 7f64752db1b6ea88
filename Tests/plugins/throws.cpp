// A plugin and native functions whose C++ exceptions escape.
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "attune_plugin.h"

namespace {

struct Odd {};

void throw_by_name(const char *what) {
  if (std::strcmp(what, "runtime") == 0) throw std::runtime_error("no convergence after 7 steps");
  if (std::strcmp(what, "string") == 0) throw std::string("a string went out");
  if (std::strcmp(what, "chars") == 0) throw "characters went out";
  if (std::strcmp(what, "long") == 0) throw std::runtime_error(std::string(1022, 'x') + "\xC3\xB6\xC3\xB6");
  throw Odd();
}

int32_t create(const attune_objective_descriptor *, const attune_host *, const char *config, void **) {
  if (config != nullptr) throw std::runtime_error("create has enough");
  return 0;
}

int32_t evaluate(void *, const attune_eval *eval) {
  throw_by_name(ATTUNE_PARAM(eval, 0)->text);
  return 0;
}

void destroy(void *) { throw std::runtime_error("destroy has enough"); }

const attune_objective_descriptor objective = {
    sizeof(attune_objective_descriptor), 0, "org.throws.one", "One", "1", nullptr,
    "{\"what\": {\"type\": \"categorical\", \"choices\": [\"runtime\", \"string\", \"chars\", \"long\", \"odd\"]}}",
    nullptr, nullptr, 1, 0, create, evaluate, destroy};
const attune_objective_descriptor *const objectives[] = {&objective};
const attune_plugin plugin = {sizeof(attune_plugin), 1, 0, 1, "org.throws", "Throws", "1", nullptr, objectives, nullptr};

}  // namespace

const attune_plugin *attune_plugin_entry_v1(uint32_t, uint32_t) {
#if defined(ENTRY_THROWS)
  throw std::runtime_error("entry has enough");
#endif
  return &plugin;
}

extern "C" ATTUNE_PLUGIN_EXPORT double throwing(double x) {
  if (x > 0.5) throw std::runtime_error("x is too large");
  return x;
}

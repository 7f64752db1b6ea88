/* attune_plugin.hpp - a class becomes a plugin, and an exception an error. Header-only C++17 over attune_plugin.h:
 * one file, so that an author copies or installs one.
 *
 *   #include <attune_plugin.hpp>
 *
 *   class Parabola {
 *    public:
 *     static attune::Description description() {
 *       attune::Description d;
 *       d.id = "com.example.parabola";
 *       d.name = "Parabola";
 *       d.version = "1.0.0";
 *       d.space = R"({"x": {"type": "float", "low": -5, "high": 5}})";
 *       d.capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC;
 *       return d;
 *     }
 *     explicit Parabola(const attune::Config &config) : centre_(config.number("centre", 1.0)) {}
 *     double evaluate(attune::Evaluation &evaluation) const {
 *       double x = evaluation.params.number("x");
 *       return (x - centre_) * (x - centre_);
 *     }
 *    private:
 *     double centre_;
 *   };
 *   ATTUNE_PLUGIN(Parabola)
 *
 * Build: c++ -std=c++17 -shared -fPIC -fvisibility=hidden -Wl,--version-script=plugin.map parabola.cpp
 *            -o parabola.attune.so
 * where plugin.map reads { global: attune_plugin_entry_v1; local: *; }; since -fvisibility=hidden alone leaves
 * templates of the standard library visible.
 *
 * The class offers:
 *   static attune::Description description();     what the objective is; called once
 *   a constructor from const attune::Config &, or one without arguments; it may throw
 *   evaluate(attune::Evaluation &)                returns a double, or a container of n_values() doubles, or nothing
 *                                                 after it filled evaluation.value(i); it may throw
 * With ATTUNE_CAP_THREAD_SAFE several threads call evaluate of one instance at once: make it const.
 *
 * What is thrown: attune::pruned{} ends the trial as PRUNED; attune::paused{} pauses it; any other exception fails the
 * trial, or the creation, with its what() as the text. attune::end_run(value) is no exception: return it.
 *
 * An evaluation allocates nothing here as long as nothing goes wrong.
 */
#ifndef ATTUNE_PLUGIN_HPP
#define ATTUNE_PLUGIN_HPP

#include "attune_plugin.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <limits>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace attune {

/* Thrown to end a trial early, after should_prune() said so. */
struct pruned {};

/* Thrown when this trial's state is in state_folder() for a later call: where may_pause() holds, after should_prune() said
 * so. */
struct paused {};

/* A mistake in the use of a parameter, a value or the configuration. */
class plugin_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class direction : std::int32_t { minimize = 0, maximize = 1 };

/* What an objective is. The fields of attune_objective_descriptor; those without a value here must be set. */
struct Description {
  std::string id;      /* "com.example.svm-cv": [a-z0-9._-], never changes */
  std::string name;    /* for people */
  std::string version; /* semantic version */
  std::string description{};
  std::string space;           /* the default space, JSON */
  std::string config_schema{}; /* JSON Schema of the configuration */
  std::vector<direction> directions{direction::minimize}; /* one an objective value */
  std::uint32_t capabilities = 0; /* ATTUNE_CAP_..., or-ed */
  std::uint32_t max_poll_ms = 0;  /* with ATTUNE_CAP_CANCEL */
  std::string license{};          /* SPDX; of the first class of ATTUNE_PLUGIN, for the whole plugin */
};

namespace detail {

/* Reads JSON just as far as the names of a space and the fields of a configuration need. Malformed text throws. */
class JSON {
 public:
  explicit JSON(std::string_view text) : text_(text) {}

  /* Calls visit(key, raw text of the value) for each member of the one object the text is. */
  template <class Visit>
  void members(Visit visit) {
    expect('{');
    bool more = !accept('}');
    while (more) {
      std::string key = string();
      expect(':');
      blanks();
      std::size_t start = at_;
      skip(0);
      visit(key, text_.substr(start, at_ - start));
      more = accept(',');
      if (!more) expect('}');
    }
    blanks();
    if (at_ != text_.size()) fail("the end of the text");
  }

  /* Reads one string with its quotes. */
  std::string string() {
    std::string out;
    expect('"');
    while (at_ < text_.size() && text_[at_] != '"') {
      char c = text_[at_++];
      if (c == '\\') escape(out);
      else out += c;
    }
    if (at_++ >= text_.size()) fail("the end of a string");
    return out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;

  [[noreturn]] void fail(const char *wanted) const {
    throw plugin_error("JSON: wanted " + std::string(wanted) + " at byte " + std::to_string(at_) + ", found \"" +
                       std::string(text_.substr(at_ < text_.size() ? at_ : text_.size(), 20)) + "\"");
  }

  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) at_++;
  }

  bool accept(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    at_++;
    return true;
  }

  void expect(char c) {
    const char wanted[] = {c, '\0'};
    if (!accept(c)) fail(wanted);
  }

  unsigned hexadecimal() {
    unsigned value = 0;
    const char *first = text_.data() + at_, *last = first + 4;
    if (text_.size() - at_ < 4 || std::from_chars(first, last, value, 16).ptr != last) fail("four digits behind \\u");
    at_ += 4;
    return value;
  }

  void escape(std::string &out) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (std::size_t i = letters.find(c); i != std::string_view::npos) {
      out += meanings[i];
      return;
    }
    if (c != 'u') fail("an escape of JSON");
    unsigned code = hexadecimal();
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      code = 0x10000 + ((code - 0xD800) << 10) + ((hexadecimal() - 0xDC00) & 0x3FF);
    }
    if (code < 0x80) {
      out += static_cast<char>(code);
      return;
    }
    int tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static constexpr unsigned leads[] = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[tails] | (code >> (6 * tails)));
    while (tails-- > 0) out += static_cast<char>(0x80 | ((code >> (6 * tails)) & 0x3F));
  }

  /* Passes over one value. */
  void skip(int depth) {
    blanks();
    char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '"') {
      string();
    } else if (c == '{' || c == '[') {
      if (depth > 64) fail("less depth");
      at_++;
      char close = c == '{' ? '}' : ']';
      bool more = !accept(close);
      while (more) {
        if (c == '{') {
          blanks();
          string();
          expect(':');
        }
        skip(depth + 1);
        more = accept(',');
        if (!more) expect(close);
      }
    } else {
      std::size_t end = text_.find_first_of(",]} \t\r\n", at_);
      if (end == at_ || c == '\0') fail("a value");
      at_ = end == std::string_view::npos ? text_.size() : end;
    }
  }
};

/* Adds the names of the parameters that one member of a space stands for: its own, or those of a cell's edges. */
inline void add_names(const std::string &name, std::string_view member, std::vector<std::string> &names) {
  bool cell = false;
  int nodes = 0, inputs = 0;
  if (!member.empty() && member[0] == '{') {
    JSON(member).members([&](const std::string &key, std::string_view value) {
      if (key == "type") cell = value == "\"cell\"";
      if (key == "nodes") std::from_chars(value.data(), value.data() + value.size(), nodes);
      if (key == "inputs") std::from_chars(value.data(), value.data() + value.size(), inputs);
    });
  }
  if (!cell) names.push_back(name);
  for (int node = 1; cell && node < nodes && node < 64; node++) {
    bool chooses = inputs > 0 && inputs < node;
    for (int i = 0; i < (chooses ? inputs : node); i++) {
      if (chooses) {
        std::string start = name + "_" + std::to_string(node), end = "_" + std::to_string(i + 1);
        names.push_back(start + "_from" + end);
        names.push_back(start + "_op" + end);
      } else {
        names.push_back(name + "_" + std::to_string(i) + "_" + std::to_string(node));
      }
    }
  }
}

inline std::vector<std::string> names_of(const std::string &space) {
  std::vector<std::string> names;
  JSON(space).members([&](const std::string &name, std::string_view member) {
    if (name != "$constraints") add_names(name, member, names);
  });
  return names;
}

/* A whole JSON number. The host may have set a locale with decimal commas, and from_chars for doubles is not
 * everywhere that C++17 is: a stream with a locale of its own reads and writes the same text on any platform. */
inline bool parse(const std::string &raw, double &value) {
  std::istringstream stream(raw);
  stream.imbue(std::locale::classic());
  return (stream >> value) && stream.peek() == std::istringstream::traits_type::eof();
}

inline bool parse(const std::string &raw, std::int64_t &value) {
  auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  return error == std::errc() && end == raw.data() + raw.size();
}

/* The fewest digits that read back as the same number; null, as JSON has no other, for NaN and infinities. */
inline std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  for (int digits = 15;; digits++) {
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.precision(digits);
    stream << value;
    double back = 0;
    if (digits == 17 || (parse(stream.str(), back) && back == value)) return stream.str();
  }
}

}  // namespace detail

/* The configuration of an instance: a flat view of one JSON object. Absent keys give the fallback; a value of another
 * type throws. */
class Config {
 public:
  explicit Config(const char *json_or_null) : json_(json_or_null ? json_or_null : "") {
    if (json_.find_first_not_of(" \t\r\n") == std::string::npos) return;
    try {
      detail::JSON(json_).members([&](const std::string &key, std::string_view raw) {
        fields_.emplace_back(key, std::string(raw));
      });
    } catch (const plugin_error &error) {
      throw plugin_error(std::string("config: ") + error.what());
    }
  }

  /* The whole text, "" when there is none. */
  const std::string &json() const { return json_; }

  bool has(std::string_view key) const { return raw(key) != nullptr; }

  double number(std::string_view key, double fallback) const {
    const std::string *found = raw(key);
    double value = fallback;
    if (found && !detail::parse(*found, value)) fail(key, *found, "a number");
    return value;
  }

  std::int64_t integer(std::string_view key, std::int64_t fallback,
                       std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t high = std::numeric_limits<std::int64_t>::max()) const {
    const std::string *found = raw(key);
    std::int64_t value = fallback;
    if (found && (!detail::parse(*found, value) || value < low || value > high)) {
      fail(key, *found, "an integer in " + std::to_string(low) + " ... " + std::to_string(high));
    }
    return value;
  }

  bool boolean(std::string_view key, bool fallback) const {
    const std::string *found = raw(key);
    if (!found) return fallback;
    if (*found != "true" && *found != "false") fail(key, *found, "true or false");
    return *found == "true";
  }

  std::string text(std::string_view key, std::string fallback) const {
    const std::string *found = raw(key);
    if (!found) return fallback;
    if ((*found)[0] != '"') fail(key, *found, "a string");
    return detail::JSON(*found).string();
  }

  /* Throws when the configuration has a key that is none of these: a misspelt one does not pass for absent. */
  void only(std::initializer_list<std::string_view> keys) const {
    for (const auto &field : fields_) {
      bool known = false;
      std::string list;
      for (std::string_view key : keys) {
        known = known || key == field.first;
        list += (list.empty() ? "" : ", ") + std::string(key);
      }
      if (!known) throw plugin_error("config: unknown key \"" + field.first + "\", wanted one of " + list);
    }
  }

 private:
  std::string json_;
  std::vector<std::pair<std::string, std::string>> fields_;

  const std::string *raw(std::string_view key) const {
    for (const auto &field : fields_) {
      if (field.first == key) return &field.second;
    }
    return nullptr;
  }

  [[noreturn]] static void fail(std::string_view key, const std::string &found, const std::string &wanted) {
    throw plugin_error("config: \"" + std::string(key) + "\" is " + found.substr(0, 40) + ", wanted " + wanted);
  }
};

/* The parameters of one trial, by name. A name the space lacks, a parameter that is inactive in this trial and a
 * value of another type throw. Reading them in the order of the space costs one comparison each. One thread reads. */
class Parameters {
 public:
  Parameters(const attune_eval *eval, const std::vector<std::string> &names) : eval_(eval), names_(names) {}

  /* False for a conditional parameter that is off in this trial. */
  bool active(std::string_view name) const { return find(name).active != 0; }

  /* A float or an integer; or a choice that is a number or a bool. */
  double number(std::string_view name) const { return number_of(name, on(name)); }

  std::int64_t integer(std::string_view name) const { return integer_of(name, on(name)); }

  /* A choice as text: "rbf", "3", "true", "null". Valid during the evaluation. */
  const char *text(std::string_view name) const { return text_of(name, on(name)); }

  bool boolean(std::string_view name) const {
    const attune_param_value &value = on(name);
    if (value.choice_type != ATTUNE_PLUGIN_CHOICE_BOOL) mistake(name, "is no choice of booleans");
    return value.choice_integer != 0;
  }

  /* The index of a choice. */
  std::int64_t choice(std::string_view name) const {
    const attune_param_value &value = on(name);
    if (value.kind != ATTUNE_PLUGIN_CATEGORICAL) mistake(name, "is no categorical");
    return value.integer;
  }

  /* The same with a fallback for a parameter that is inactive. */
  double number(std::string_view name, double inactive) const {
    const attune_param_value &value = find(name);
    return value.active ? number_of(name, value) : inactive;
  }
  std::int64_t integer(std::string_view name, std::int64_t inactive) const {
    const attune_param_value &value = find(name);
    return value.active ? integer_of(name, value) : inactive;
  }
  const char *text(std::string_view name, const char *inactive) const {
    const attune_param_value &value = find(name);
    return value.active ? text_of(name, value) : inactive;
  }

  /* The i-th parameter of the space, as the host passed it. */
  const attune_param_value &operator[](std::size_t i) const { return *ATTUNE_PARAM(eval_, i); }
  std::size_t size() const { return names_.size(); }

 private:
  const attune_eval *eval_;
  const std::vector<std::string> &names_;
  mutable std::size_t next_ = 0; /* where the last search ended: authors mostly read in order */

  const attune_param_value &find(std::string_view name) const {
    for (std::size_t tried = 0; tried < names_.size(); tried++) {
      std::size_t i = next_ < names_.size() ? next_ : 0;
      if (names_[i] == name) return (*this)[i]; /* next_ stays: active(name) is followed by number(name) */
      next_ = i + 1;
    }
    mistake(name, "is not in the space");
  }

  const attune_param_value &on(std::string_view name) const {
    const attune_param_value &value = find(name);
    if (!value.active) mistake(name, "is inactive in this trial: ask active() first, or pass a fallback");
    return value;
  }

  double number_of(std::string_view name, const attune_param_value &value) const {
    if (value.kind != ATTUNE_PLUGIN_CATEGORICAL) return value.number;
    if (std::isnan(value.choice_number)) mistake(name, "is a choice that is no number");
    return value.choice_number;
  }

  std::int64_t integer_of(std::string_view name, const attune_param_value &value) const {
    if (value.kind == ATTUNE_PLUGIN_INT) return value.integer;
    if (value.choice_type == ATTUNE_PLUGIN_CHOICE_INT || value.choice_type == ATTUNE_PLUGIN_CHOICE_BOOL) {
      return value.choice_integer;
    }
    mistake(name, "is no integer");
  }

  const char *text_of(std::string_view name, const attune_param_value &value) const {
    if (!value.text) mistake(name, "is no categorical");
    return value.text;
  }

  [[noreturn]] void mistake(std::string_view name, const char *what) const {
    std::string list;
    for (const std::string &known : names_) list += (list.empty() ? "" : ", ") + known;
    throw plugin_error("parameter \"" + std::string(name) + "\" " + what + " (the space has " + list + ")");
  }
};

/* One evaluation: its parameters, and the services of the host. Valid until evaluate returns. */
class Evaluation {
 public:
  Evaluation(const attune_eval *eval, const std::vector<std::string> &names) : params(eval, names), eval_(eval) {}
  Evaluation(const Evaluation &) = delete;
  Evaluation &operator=(const Evaluation &) = delete;

  const Parameters params;

  std::int64_t trial_number() const { return eval_->trial_number; }
  /* The same for the same trial of the same study, on any worker: seed your random numbers with it. */
  std::uint64_t seed() const { return eval_->seed; }
  /* In (0, 1]; 1 is full. */
  double fidelity() const { return eval_->fidelity; }

  /* An intermediate value at step >= 0; the first at a step counts. */
  void report(std::int64_t step, double value) { host().report(&host(), eval_, step, value); }
  void report(std::int64_t step, const std::vector<double> &values) {
    host().report_values(&host(), eval_, step, values.data(), values.size());
  }
  /* Then throw attune::pruned{}. */
  bool should_prune() const { return host().should_prune(&host(), eval_) == 1; }
  /* The run is ending: return soon, or throw anything. */
  bool should_stop() const { return host().should_stop(&host(), eval_) == 1; }
  /* Reports, then throws attune::pruned{} when the host wants no more of this trial. */
  void report_or_prune(std::int64_t step, double value) {
    report(step, value);
    if (should_prune() || should_stop()) throw pruned{};
  }

  /* Keeps a fact with the trial: a number, a flag, or a text. */
  template <class Value>
  void set_attribute(const char *key, const Value &value) {
    if constexpr (std::is_same_v<Value, bool>) {
      set_attribute_json(key, value ? "true" : "false");
    } else if constexpr (std::is_integral_v<Value>) {
      set_attribute_json(key, std::to_string(value).c_str());
    } else if constexpr (std::is_floating_point_v<Value>) {
      set_attribute_json(key, detail::json_number(static_cast<double>(value)).c_str());
    } else {
      set_attribute_json(key, quoted(value).c_str());
    }
  }
  /* The same with a value that is JSON text already. */
  void set_attribute_json(const char *key, const char *json) {
    check(host().set_attribute(&host(), eval_, key, json), "set_attribute", key);
  }
  /* A black-box constraint: value <= 0 is feasible. */
  void set_constraint(const char *name, double value) {
    check(host().set_constraint(&host(), eval_, name, value), "set_constraint", name);
  }

  enum class level : std::int32_t { trace = 0, debug = 1, info = 2, warning = 3, error = 4 };
  void log(const char *message, level at = level::info) {
    host().log(&host(), eval_, static_cast<std::int32_t>(at), message);
  }
  void log(const std::string &message, level at = level::info) { log(message.c_str(), at); }
  /* Ends the run after the running trials. */
  void request_cancel(const char *reason) { host().request_cancel(&host(), eval_, reason); }

  std::size_t n_values() const { return static_cast<std::size_t>(eval_->n_values); }
  /* The i-th objective value, for an evaluate that returns nothing. */
  double &value(std::size_t i) {
    if (i >= n_values()) throw plugin_error("value " + std::to_string(i) + " of " + std::to_string(n_values()));
    return eval_->values[i];
  }
  /* NULL unless the host wants derivatives: n_values() rows, a column for each parameter. */
  double *gradient() { return eval_->gradient; }
  /* Whether should_prune() asks to pause: then save the state in state_folder() and throw attune::paused{}. */
  bool may_pause() const { return eval_->may_pause != 0; }
  /* Whether this goes on with a trial that was paused: read the state from state_folder(). */
  bool resumes() const { return eval_->resume != 0; }
  /* The path of the trial's own folder, made by this; it is kept until the trial ends. Throws where there is none:
   * where may_pause() does not hold, or the host knows no pauses. */
  const char *state_folder() const {
    const void *found = host().get_extension(&host(), ATTUNE_HOST_STATE);
    const char *path = found ? static_cast<const attune_host_state *>(found)->folder(&host(), eval_) : nullptr;
    if (!path) throw plugin_error("the host has no folder for the state of trial " + std::to_string(trial_number()));
    return path;
  }

  const attune_host &host() const { return *eval_->host; }
  const attune_eval *raw() const { return eval_; }

 private:
  const attune_eval *eval_;

  static void check(std::int32_t status, const char *service, const char *name) {
    if (status >= 0) return;
    throw plugin_error(std::string(service) + "(\"" + name + "\") failed with status " + std::to_string(status));
  }

  static std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (char c : text) {
      char escaped[8];
      if (static_cast<unsigned char>(c) < 0x20) {
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
        json += escaped;
      } else {
        if (c == '"' || c == '\\') json += '\\';
        json += c;
      }
    }
    return json + "\"";
  }
};

/* Returned by evaluate: values that also end the run. */
template <class Values>
struct end_run {
  Values values;
  explicit end_run(Values all) : values(std::move(all)) {}
};

namespace detail {

template <class Values>
struct is_end_run : std::false_type {};
template <class Values>
struct is_end_run<end_run<Values>> : std::true_type {};

template <class Values>
std::int32_t store(const attune_eval *eval, const Values &values) {
  if constexpr (is_end_run<Values>::value) {
    store(eval, values.values);
    return ATTUNE_PLUGIN_STOP;
  } else if constexpr (std::is_arithmetic_v<Values>) {
    if (eval->n_values != 1) throw plugin_error("one value returned, wanted " + std::to_string(eval->n_values));
    eval->values[0] = static_cast<double>(values);
  } else {
    std::uint64_t n = 0;
    for (double value : values) {
      if (n < eval->n_values) eval->values[n] = value;
      n++;
    }
    if (n != eval->n_values) {
      throw plugin_error(std::to_string(n) + " values returned, wanted " + std::to_string(eval->n_values));
    }
  }
  return ATTUNE_PLUGIN_OK;
}

/* The C side of one class. Its descriptor and names are made once and live as long as the process. */
template <class Objective>
class Door {
 public:
  static const Door &shared() {
    static const Door &door = *new Door; /* never destroyed: a host may read it to its last moment */
    return door;
  }
  const attune_objective_descriptor *descriptor() const { return &descriptor_; }
  const Description &description() const { return description_; }

 private:
  Description description_ = Objective::description();
  std::vector<std::string> names_;
  std::vector<std::int32_t> directions_;
  attune_objective_descriptor descriptor_{};

  Door() {
    /* A malformed space is the host's to report: it reads the same text. */
    try {
      names_ = names_of(description_.space);
    } catch (const plugin_error &) {
      names_.clear();
    }
    for (direction d : description_.directions) directions_.push_back(static_cast<std::int32_t>(d));
    descriptor_.struct_size = sizeof descriptor_;
    descriptor_.capabilities = description_.capabilities;
    descriptor_.id = description_.id.c_str();
    descriptor_.name = description_.name.c_str();
    descriptor_.version = description_.version.c_str();
    descriptor_.description = text_or_null(description_.description);
    descriptor_.space_json = description_.space.c_str();
    descriptor_.config_schema_json = text_or_null(description_.config_schema);
    descriptor_.directions = directions_.data();
    descriptor_.n_values = static_cast<std::uint32_t>(directions_.size());
    descriptor_.max_poll_ms = description_.max_poll_ms;
    descriptor_.create = create;
    descriptor_.evaluate = evaluate;
    descriptor_.destroy = destroy;
  }

  static const char *text_or_null(const std::string &text) { return text.empty() ? nullptr : text.c_str(); }

  static Objective *make(const char *config_json) {
    if constexpr (std::is_constructible_v<Objective, const Config &>) {
      return new Objective(Config(config_json));
    } else {
      return new Objective();
    }
  }

  static std::int32_t ATTUNE_PLUGIN_CALL create(const attune_objective_descriptor *, const attune_host *host,
                                                const char *config_json, void **out_instance) noexcept {
    return guarded(host, nullptr, [&] {
      *out_instance = make(config_json);
      return 0;
    });
  }

  static std::int32_t ATTUNE_PLUGIN_CALL evaluate(void *instance, const attune_eval *eval) noexcept {
    return guarded(eval->host, eval, [&]() -> std::int32_t {
      Objective &objective = *static_cast<Objective *>(instance);
      const std::vector<std::string> &names = shared().names_;
      if (eval->n_params != names.size()) {
        throw plugin_error(std::to_string(eval->n_params) + " parameters passed, the space has " +
                           std::to_string(names.size()));
      }
      Evaluation evaluation(eval, names);
      if constexpr (std::is_void_v<decltype(objective.evaluate(evaluation))>) {
        objective.evaluate(evaluation);
        return ATTUNE_PLUGIN_OK;
      } else {
        return store(eval, objective.evaluate(evaluation));
      }
    });
  }

  static void ATTUNE_PLUGIN_CALL destroy(void *instance) noexcept { delete static_cast<Objective *>(instance); }

  /* Runs body; an exception becomes a status with its text. */
  template <class Body>
  static std::int32_t guarded(const attune_host *host, const attune_eval *eval, Body body) noexcept {
    try {
      return body();
    } catch (const pruned &) {
      if (eval) return ATTUNE_PLUGIN_PRUNED;
      host->set_error(host, nullptr, ATTUNE_PLUGIN_FAILED, "attune::pruned thrown outside of an evaluation");
    } catch (const paused &) {
      if (eval && eval->may_pause) return ATTUNE_PLUGIN_PAUSED;
      host->set_error(host, eval, ATTUNE_PLUGIN_FAILED, "attune::paused thrown where may_pause() does not hold");
    } catch (const std::exception &error) {
      host->set_error(host, eval, ATTUNE_PLUGIN_FAILED, error.what());
    } catch (...) {
      host->set_error(host, eval, ATTUNE_PLUGIN_FAILED, "an exception that is no std::exception");
    }
    return ATTUNE_PLUGIN_FAILED;
  }
};

/* The plugin of some classes; its id, name, version and license are those of the first. */
template <class First, class... Others>
const attune_plugin *plugin(std::uint32_t host_abi_major) noexcept {
  if (host_abi_major != ATTUNE_PLUGIN_ABI_MAJOR) return nullptr;
  try {
    static const attune_objective_descriptor *const objectives[] = {Door<First>::shared().descriptor(),
                                                                    Door<Others>::shared().descriptor()...};
    static const Description &first = Door<First>::shared().description();
    static const attune_plugin plugin = {
        sizeof(attune_plugin), ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 1 + sizeof...(Others),
        first.id.c_str(),      first.name.c_str(),      first.version.c_str(),
        first.license.empty() ? nullptr : first.license.c_str(), objectives, nullptr};
    return &plugin;
  } catch (...) {
    return nullptr; /* out of memory, or a description() that throws: the entry has no way to say more */
  }
}

}  // namespace detail
}  // namespace attune

/* Exports the classes, one or more, as the objectives of this shared object. Once a shared object, at file scope. */
#define ATTUNE_PLUGIN(...)                                                                                   \
  extern "C" ATTUNE_PLUGIN_EXPORT const attune_plugin *ATTUNE_PLUGIN_CALL attune_plugin_entry_v1(            \
      std::uint32_t host_abi_major, std::uint32_t) {                                                         \
    return attune::detail::plugin<__VA_ARGS__>(host_abi_major);                                              \
  }

#endif /* ATTUNE_PLUGIN_HPP */

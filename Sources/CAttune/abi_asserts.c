/* The layout that plugins are compiled against, on LP64. A failing line means a broken ABI. */
#include "attune.h"
#include "attune_plugin.h"

#define SAME(expression, value) _Static_assert((expression) == (value), #expression " changed")

#if defined(__LP64__)
SAME(sizeof(attune_param_value), 56);
SAME(offsetof(attune_param_value, integer), 8);
SAME(offsetof(attune_param_value, text), 16);
SAME(offsetof(attune_param_value, choice_number), 24);
SAME(offsetof(attune_param_value, choice_integer), 32);
SAME(offsetof(attune_param_value, kind), 40);
SAME(offsetof(attune_param_value, choice_type), 44);
SAME(offsetof(attune_param_value, active), 48);
SAME(sizeof(attune_eval), 96);
SAME(offsetof(attune_eval, host), 8);
SAME(offsetof(attune_eval, trial_number), 24);
SAME(offsetof(attune_eval, params), 48);
SAME(offsetof(attune_eval, values), 64);
SAME(offsetof(attune_eval, gradient), 80);
SAME(offsetof(attune_eval, may_pause), 88);
SAME(sizeof(attune_host), 120);
SAME(offsetof(attune_host, get_extension), 40);
SAME(offsetof(attune_host, report), 64);
SAME(offsetof(attune_host, request_cancel), 112);
SAME(sizeof(attune_objective_descriptor), 96);
SAME(offsetof(attune_objective_descriptor, n_values), 64);
SAME(offsetof(attune_objective_descriptor, create), 72);
SAME(sizeof(attune_plugin), 64);
SAME(offsetof(attune_plugin, objectives), 48);
#endif

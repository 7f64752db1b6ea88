"""The functions of attune.h that this package calls, with their types."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

#: A callback of attune_objective_from_callback: trial, values, n_values, user_data.
OBJECTIVE = ctypes.CFUNCTYPE(c_int32, c_void_p, ctypes.POINTER(c_double), c_size_t, c_void_p)
#: A callback of attune_study_set_progress: study, number, state, values, n_values, user_data.
PROGRESS = ctypes.CFUNCTYPE(c_int32, c_void_p, c_int64, c_int32, c_void_p, c_size_t, c_void_p)

# Every pointer to memory of the caller is a void * here: byref and arrays pass without a conversion.
_P = c_void_p

_STATUS: dict[str, tuple[Any, ...]] = {
    "attune_options_from_json": (c_char_p, _P),
    "attune_space_from_json": (c_char_p, _P),
    "attune_space_to_json": (_P, _P),
    "attune_strategy_describe": (c_char_p, _P),
    "attune_pruner_describe": (c_char_p, _P),
    "attune_stop_rule_describe": (c_char_p, _P),
    "attune_study_create": (c_char_p, c_char_p, _P, _P, c_size_t, c_char_p, _P, _P),
    "attune_study_open": (c_char_p, c_char_p, c_char_p, _P, _P),
    "attune_study_delete": (c_char_p, c_char_p),
    "attune_storage_studies": (c_char_p, _P),
    "attune_study_set_pruner": (_P, c_char_p, _P),
    "attune_study_enqueue": (_P, c_char_p),
    "attune_study_add_trial": (_P, c_char_p, _P),
    "attune_study_space_json": (_P, _P),
    "attune_study_set_attribute": (_P, c_char_p, c_char_p),
    "attune_study_get_attribute": (_P, c_char_p, _P),
    "attune_study_ask_params": (_P, _P, _P, _P, _P, c_size_t, _P),
    "attune_study_ask_batch": (_P, c_size_t, _P, _P),
    "attune_study_tell": (_P, _P, _P, c_size_t, _P),
    "attune_study_tell_state": (_P, _P, c_int32, c_char_p),
    "attune_study_resume_trial": (_P, c_int64, _P),
    "attune_trial_copy_params": (_P, _P, c_size_t, _P),
    "attune_trial_params_json": (_P, _P),
    "attune_trial_suggest_float": (_P, c_char_p, c_double, c_double, c_double, c_uint32, _P),
    "attune_trial_suggest_int": (_P, c_char_p, c_int64, c_int64, c_int64, c_uint32, _P),
    "attune_trial_suggest_categorical_json": (_P, c_char_p, c_char_p, c_uint32, _P),
    "attune_trial_report": (_P, c_int64, c_double),
    "attune_trial_report_values": (_P, c_int64, _P, c_size_t),
    "attune_trial_should_prune": (_P, _P),
    "attune_trial_set_attribute": (_P, c_char_p, c_char_p),
    "attune_trial_set_constraint": (_P, c_char_p, c_double),
    "attune_trial_set_gradient": (_P, _P, c_size_t),
    "attune_trial_set_error": (_P, c_int32, c_char_p),
    "attune_objective_from_callback": (OBJECTIVE, _P, _P, _P),
    "attune_objective_from_native": (_P, c_char_p, _P, _P, _P),
    "attune_objective_from_symbol": (c_char_p, c_char_p, c_char_p, _P, _P),
    "attune_objective_from_plugin": (c_char_p, c_char_p, c_char_p, _P, _P),
    "attune_objective_from_command": (_P, c_size_t, _P, _P),
    "attune_objective_describe": (_P, _P),
    "attune_plugin_scan": (c_char_p, _P),
    "attune_study_set_progress": (_P, _P, _P, _P),
    "attune_study_optimize": (_P, _P, c_int64, c_double, _P, _P),
    "attune_study_trials": (_P, c_uint32, _P),
    "attune_study_best_trials": (_P, _P),
    "attune_study_importances": (_P, c_char_p, _P),
    "attune_trials_json": (_P, c_size_t, _P),
    "attune_study_export_json": (_P, _P),
    "attune_study_export_csv": (_P, _P),
    "attune_study_import_json": (c_char_p, c_char_p, c_char_p, _P),
}

_OTHER: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "attune_abi_version": (c_int32, ()),
    "attune_version_string": (c_char_p, ()),
    "attune_build_info": (c_char_p, ()),
    "attune_string_free": (None, (_P,)),
    "attune_error_message": (c_char_p, (_P,)),
    "attune_error_subject": (c_char_p, (_P,)),
    "attune_error_user_code": (c_int32, (_P,)),
    "attune_error_free": (None, (_P,)),
    "attune_set_log": (None, (_P, c_int32, _P, _P)),
    "attune_options_destroy": (None, (_P,)),
    "attune_space_destroy": (None, (_P,)),
    "attune_strategy_count": (c_size_t, ()),
    "attune_strategy_name": (c_char_p, (c_size_t,)),
    "attune_pruner_count": (c_size_t, ()),
    "attune_pruner_name": (c_char_p, (c_size_t,)),
    "attune_stop_rule_count": (c_size_t, ()),
    "attune_stop_rule_name": (c_char_p, (c_size_t,)),
    "attune_study_close": (None, (_P,)),
    "attune_study_stop": (None, (_P,)),
    "attune_study_name": (c_char_p, (_P,)),
    "attune_study_strategy": (c_char_p, (_P,)),
    "attune_study_seed": (c_uint64, (_P,)),
    "attune_study_direction_count": (c_size_t, (_P,)),
    "attune_study_direction": (c_int32, (_P, c_size_t)),
    "attune_study_trial_count": (c_size_t, (_P,)),
    "attune_trial_release": (None, (_P,)),
    "attune_trial_number": (c_int64, (_P,)),
    "attune_trial_seed": (c_uint64, (_P,)),
    "attune_trial_should_stop": (c_int32, (_P,)),
    "attune_objective_destroy": (None, (_P,)),
    "attune_trials_count": (c_size_t, (_P,)),
    "attune_trials_destroy": (None, (_P,)),
}


def declare(lib: Any) -> None:
    """Gives every function its types; the last argument of those that can fail is the error."""
    for name, arguments in _STATUS.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = c_int32, [*arguments, _P]
    for name, (result, arguments) in _OTHER.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, list(arguments)


def untyped(lib: Any, name: str) -> Any:
    """A function of its own that takes ctypes objects as they are: half a microsecond cheaper than a typed one."""
    function = lib[name]
    function.restype = c_int32
    return function

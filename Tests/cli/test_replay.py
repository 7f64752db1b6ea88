"""One seed, one search: the command and a C host propose the same trials."""
import ctypes
import json
import math
import os
import re

from harness import test
from spaces import COS


def trials_of_a_host(seed, count, strategy):
    """x of each trial as a host of libattune.so asks for it, telling cos x."""
    lib = ctypes.CDLL(os.path.join(os.environ["ATTUNE_TREE"], "lib", "libattune.so"))
    handle, text = ctypes.c_void_p, ctypes.c_char_p
    out = ctypes.POINTER(handle)
    lib.attune_space_from_json.argtypes = [text, out, out]
    lib.attune_options_from_json.argtypes = [text, out, out]
    lib.attune_study_create.argtypes = [text, text, handle, handle, ctypes.c_size_t, text, handle, out, out]
    lib.attune_study_ask.argtypes = [handle, out, out]
    lib.attune_trial_copy_params.argtypes = [handle, handle, ctypes.c_size_t, handle, out]
    lib.attune_study_tell.argtypes = [handle, handle, handle, ctypes.c_size_t, handle, out]
    lib.attune_trial_release.argtypes = lib.attune_study_close.argtypes = [handle]
    lib.attune_space_destroy.argtypes = lib.attune_options_destroy.argtypes = [handle]
    space, options, study = handle(), handle(), handle()
    bounds = {"x": {"type": "float", "low": 0, "high": 6}}
    assert lib.attune_space_from_json(json.dumps(bounds).encode(), space, None) == 0
    assert lib.attune_options_from_json(json.dumps({"seed": seed}).encode(), options, None) == 0
    assert lib.attune_study_create(
        None, None, space, None, 0, strategy.encode() if strategy else None, options, study, None) == 0
    found = []
    for _ in range(count):
        trial, x = handle(), ctypes.c_double()
        assert lib.attune_study_ask(study, trial, None) == 0
        assert lib.attune_trial_copy_params(trial, ctypes.byref(x), 1, None, None) == 0
        value = ctypes.c_double(math.cos(x.value))
        assert lib.attune_study_tell(study, trial, ctypes.byref(value), 1, None, None) == 0
        lib.attune_trial_release(trial)
        found.append(x.value)
    lib.attune_study_close(study)
    lib.attune_space_destroy(space)
    lib.attune_options_destroy(options)
    return found


@test
def the_command_and_a_c_host_propose_the_same_trials(place):
    for strategy in (None, "gp", "tpe", "sobol"):
        named = ["--strategy", strategy] if strategy else []
        result = place.run(*COS, "-n", "25", "--seed", "5", *named).ok()
        told = [float(x) for x in re.findall(r"'x': (\S+)\}", result.err)]
        asked = trials_of_a_host(5, 25, strategy)
        assert told == asked, (strategy, list(zip(told, asked)))

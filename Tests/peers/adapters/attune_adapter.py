"""Attune through its C ABI (include/attune.h) by ctypes: sequential ask and tell, one thread, library defaults.

The library is told the space, the seed and nothing else: no budget, no option, no fact of the problem. ATTUNE_LIB names
libattune.so.
"""
import ctypes
import json
import os

_OPEN = {}


class _Library:
    """The few functions of libattune that ask and tell need, with their types."""

    def __init__(self, path):
        lib = ctypes.CDLL(path)
        ptr, text = ctypes.c_void_p, ctypes.c_char_p
        out, size = ctypes.POINTER(ctypes.c_void_p), ctypes.c_size_t

        def function(name, result, *arguments):
            f = getattr(lib, name)
            f.restype, f.argtypes = result, list(arguments)
            return f

        status = ctypes.c_int32
        self.space_from_json = function("attune_space_from_json", status, text, out, out)
        self.space_destroy = function("attune_space_destroy", None, ptr)
        self.options_create = function("attune_options_create", status, out, out)
        self.options_set_int = function("attune_options_set_int", status, ptr, text, ctypes.c_int64, out)
        self.options_destroy = function("attune_options_destroy", None, ptr)
        self.study_create = function("attune_study_create", status, text, text, ptr, ptr, size, text, ptr, out, out)
        self.add_trial = function("attune_study_add_trial", status, ptr, text, ptr, out)
        self.study_strategy = function("attune_study_strategy", text, ptr)
        self.study_close = function("attune_study_close", None, ptr)
        # ptr in place of a typed pointer: byref and arrays pass without a conversion.
        self.ask = function("attune_study_ask", status, ptr, ptr, ptr)
        self.copy_params = function("attune_trial_copy_params", status, ptr, ptr, size, ptr, ptr)
        self.tell = function("attune_study_tell", status, ptr, ptr, ptr, size, ptr, ptr)
        self.release = function("attune_trial_release", None, ptr)
        self.error_message = function("attune_error_message", text, ptr)
        self.error_free = function("attune_error_free", None, ptr)

    def fail(self, what, status, error):
        message = self.error_message(error).decode() if error.value else ""
        self.error_free(error)
        raise RuntimeError(f"{what}: status {status}: {message}")


def _library():
    path = os.environ.get("ATTUNE_LIB")
    if not path:
        raise RuntimeError("set ATTUNE_LIB to libattune.so")
    if path not in _OPEN:
        _OPEN[path] = _Library(path)
    return _OPEN[path]


def space_json(space):
    """The bench's space in the JSON of attune_space_from_json."""
    parameters = {}
    for p in space:
        if p["type"] == "cat":
            parameters[p["name"]] = {"type": "categorical", "choices": p["choices"]}
        else:
            parameters[p["name"]] = {"type": p["type"], "low": p["lo"], "high": p["hi"]}
            if p["log"]:
                parameters[p["name"]]["log"] = True
    return json.dumps(parameters)


class Attune:
    """The default strategy."""

    strategy = None

    def __init__(self, space, seed, budget):
        self.study = None
        self.lib = lib = _library()
        self.error = error = ctypes.c_void_p()
        self.error_ref = ctypes.byref(error)
        handle, options, study = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        self._check("space", lib.space_from_json(space_json(space).encode(), ctypes.byref(handle), self.error_ref))
        self._check("options", lib.options_create(ctypes.byref(options), self.error_ref))
        self._check("seed", lib.options_set_int(options, b"seed", seed, self.error_ref))
        name = self.strategy.encode() if self.strategy else None
        self._check("study", lib.study_create(None, None, handle, None, 0, name, options,
                                              ctypes.byref(study), self.error_ref))
        lib.options_destroy(options)
        lib.space_destroy(handle)
        self.study = study
        self.trial = ctypes.c_void_p()
        self.trial_ref = ctypes.byref(self.trial)
        self.count = len(space)
        self.params = (ctypes.c_double * self.count)()
        self.value = (ctypes.c_double * 1)()
        self.readers = [(p["name"], {"cat": 0, "int": 1, "float": 2}[p["type"]], p.get("choices")) for p in space]

    def _check(self, what, status):
        if status:
            self.lib.fail(what, status, self.error)

    def ask(self):
        status = self.lib.ask(self.study, self.trial_ref, self.error_ref)
        if not status:
            status = self.lib.copy_params(self.trial, self.params, self.count, None, self.error_ref)
        if status:
            self.lib.fail("ask", status, self.error)
        return {name: x if kind == 2 else int(x) if kind else choices[int(x)]
                for (name, kind, choices), x in zip(self.readers, self.params)}

    def tell(self, params, value):
        # self.trial is still the trial that ask gave: the harness is strictly sequential.
        self.value[0] = value
        status = self.lib.tell(self.study, self.trial, self.value, 1, None, self.error_ref)
        if status:
            self.lib.fail("tell", status, self.error)
        self.lib.release(self.trial)

    def add(self, params, value):
        """Adds a finished trial that was not asked for."""
        trial = json.dumps({"params": params, "value": value}).encode()
        self._check("add_trial", self.lib.add_trial(self.study, trial, None, self.error_ref))

    def __del__(self):
        if self.study:
            self.lib.study_close(self.study)
            self.study = None


def __getattr__(name):
    """Attune_NAME, or Attune_NAME_x, is Attune by its strategy NAME."""
    if not name.startswith("Attune_"):
        raise AttributeError(name)
    return type(name, (Attune,), {"strategy": name.split("_")[1]})

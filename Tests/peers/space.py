"""A search space as problems and adapters share it: a list of dicts, in order (standard library only).

  {"name": str, "type": "float", "lo": float, "hi": float, "log": bool}
  {"name": str, "type": "int",   "lo": int,   "hi": int,   "log": bool}     bounds included
  {"name": str, "type": "cat",   "choices": [str, ...]}                     without an order
A configuration is a dict of name and float, int or str.
"""
import math


def real(name, lo, hi, log=False):
    return {"name": name, "type": "float", "lo": float(lo), "hi": float(hi), "log": bool(log)}


def whole(name, lo, hi, log=False):
    return {"name": name, "type": "int", "lo": int(lo), "hi": int(hi), "log": bool(log)}


def choice(name, choices):
    return {"name": name, "type": "cat", "choices": [str(c) for c in choices]}


def box(d, lo, hi):
    """d floats x0, x1, ... with the same bounds."""
    return [real(f"x{i}", lo, hi) for i in range(d)]


def from_unit(space, u):
    """The configuration at a point of the unit cube; ints and choices by bins of equal width."""
    out = {}
    for p, x in zip(space, u):
        x = min(max(float(x), 0.0), 1.0)
        if p["type"] == "cat":
            k = len(p["choices"])
            out[p["name"]] = p["choices"][min(int(x * k), k - 1)]
        elif p["type"] == "int":
            if p["log"]:
                a, b = math.log(p["lo"] - 0.5), math.log(p["hi"] + 0.5)
                v = round(math.exp(a + x * (b - a)))
            else:
                v = p["lo"] + int(x * (p["hi"] - p["lo"] + 1))
            out[p["name"]] = min(max(int(v), p["lo"]), p["hi"])
        elif p["log"]:
            a, b = math.log(p["lo"]), math.log(p["hi"])
            out[p["name"]] = min(max(math.exp(a + x * (b - a)), p["lo"]), p["hi"])
        else:
            out[p["name"]] = p["lo"] + x * (p["hi"] - p["lo"])
    return out


def sample(space, rng):
    """One configuration, uniform (in the logarithm where log); rng is a random.Random."""
    return from_unit(space, [rng.random() for _ in space])


def clean(space, params):
    """The configuration in plain Python types; ValueError when it lies outside the space (but for rounding)."""
    out = {}
    for p in space:
        v = params[p["name"]]
        if p["type"] == "cat":
            v = str(v)
            if v not in p["choices"]:
                raise ValueError(f"{p['name']}={v!r} is none of {p['choices']}")
        else:
            v = float(v)
            if not math.isfinite(v):
                raise ValueError(f"{p['name']}={v!r}")
            slack = 1e-6 * (abs(p["hi"]) + abs(p["lo"]) + p["hi"] - p["lo"])
            if v < p["lo"] - slack or v > p["hi"] + slack:
                raise ValueError(f"{p['name']}={v!r} outside [{p['lo']}, {p['hi']}]")
            v = min(max(v, p["lo"]), p["hi"])
            if p["type"] == "int":
                v = int(round(v))
        out[p["name"]] = v
    return out

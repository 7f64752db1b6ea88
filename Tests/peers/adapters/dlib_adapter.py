"""dlib global_function_search (MaxLIPO + trust region), the engine of find_max_global, ask/tell API.
Unit cube for floats (log handled by the transform); ints and categoricals as integer variables."""
import dlib

from space import from_unit


class DlibGlobal:
    def __init__(self, space, seed, budget):
        self.space = space
        lo, hi, isint = [], [], []
        for p in space:
            if p["type"] == "cat":
                bounds = (0.0, len(p["choices"]) - 1.0, True)
            elif p["type"] == "int" and not p["log"]:
                bounds = (float(p["lo"]), float(p["hi"]), True)
            else:
                bounds = (0.0, 1.0, False)
            for values, bound in zip((lo, hi, isint), bounds):
                values.append(bound)
        self.isint = isint
        self.s = dlib.global_function_search([dlib.function_spec(lo, hi, isint)])
        self.s.set_seed(seed)
        self.s.set_solver_epsilon(0.0)

    def ask(self):
        self.req = self.s.get_next_x()
        x = list(self.req.x)
        u = [0.5] * len(x)
        out = from_unit(self.space, [v if not i else 0.5 for v, i in zip(x, self.isint)])
        for p, v, i in zip(self.space, x, self.isint):
            if i:
                out[p["name"]] = p["choices"][int(round(v))] if p["type"] == "cat" else int(round(v))
        return out

    def tell(self, params, value):
        self.req.set(-value)

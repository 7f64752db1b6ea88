"""Nevergrad by its registry of optimizers; NGOpt chooses among them by itself, told the budget."""
import warnings

import nevergrad as ng

warnings.filterwarnings("ignore")


class _Base:
    algo = "NGOpt"

    def __init__(self, space, seed, budget):
        d = {}
        for p in space:
            if p["type"] == "cat":
                d[p["name"]] = ng.p.Choice(p["choices"])
            elif p["log"]:
                q = ng.p.Log(lower=p["lo"], upper=p["hi"])
                d[p["name"]] = q.set_integer_casting() if p["type"] == "int" else q
            else:
                q = ng.p.Scalar(lower=p["lo"], upper=p["hi"])
                d[p["name"]] = q.set_integer_casting() if p["type"] == "int" else q
        par = ng.p.Dict(**d)
        par.random_state.seed(seed)
        self.opt = ng.optimizers.registry[self.algo](parametrization=par, budget=budget, num_workers=1)

    def ask(self):
        self.c = self.opt.ask()
        return dict(self.c.value)

    def tell(self, params, value):
        self.opt.tell(self.c, value)


class NGOpt(_Base):
    algo = "NGOpt"


class TwoPointsDE(_Base):
    algo = "TwoPointsDE"

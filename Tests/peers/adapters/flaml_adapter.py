"""FLAML CFO / BlendSearch through suggest() / on_trial_complete(). No low-cost starting point is given."""
import logging
import warnings

import numpy as np

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
from flaml import tune
from flaml.tune.searcher.blendsearch import CFO, BlendSearch


class _Base:
    cls = CFO

    def __init__(self, space, seed, budget):
        s = {}
        for p in space:
            if p["type"] == "cat":
                s[p["name"]] = tune.choice(p["choices"])
            elif p["type"] == "int":
                s[p["name"]] = (tune.lograndint if p["log"] else tune.randint)(p["lo"], p["hi"] + 1)
            else:
                s[p["name"]] = (tune.loguniform if p["log"] else tune.uniform)(p["lo"], p["hi"])
        np.random.seed(seed)
        self.o = self.cls(metric="loss", mode="min", space=s, seed=seed, num_samples=budget, cost_attr=None)
        self.n = 0

    def ask(self):
        for _ in range(1000):       # suggest() may return None (duplicate / not ready)
            self.id = str(self.n)
            self.n += 1
            c = self.o.suggest(self.id)
            if c is not None:
                self.c = c
                return dict(c)
        raise RuntimeError("no suggestion")

    def tell(self, params, value):
        r = dict(loss=value, time_total_s=1.0, training_iteration=1)
        r.update({"config/" + k: v for k, v in self.c.items()})
        r["config"] = self.c
        self.o.on_trial_complete(self.id, r)


class CostFrugal(_Base):
    cls = CFO


class Blend(_Base):
    cls = BlendSearch

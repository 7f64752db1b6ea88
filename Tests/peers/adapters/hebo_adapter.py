"""HEBO, its defaults, one suggestion at a time."""
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

torch.set_num_threads(1)


class Hebo:
    def __init__(self, space, seed, budget):
        np.random.seed(seed)
        torch.manual_seed(seed)
        self.space = space
        ps = []
        for p in space:
            if p["type"] == "cat":
                ps.append({"name": p["name"], "type": "cat", "categories": p["choices"]})
            elif p["type"] == "int":
                ps.append({"name": p["name"], "type": "pow_int" if p["log"] else "int", "lb": p["lo"], "ub": p["hi"],
                           **({"base": 10} if p["log"] else {})})
            else:
                ps.append({"name": p["name"], "type": "pow" if p["log"] else "num", "lb": p["lo"], "ub": p["hi"],
                           **({"base": 10} if p["log"] else {})})
        self.opt = HEBO(DesignSpace().parse(ps), scramble_seed=seed)

    def ask(self):
        self.rec = self.opt.suggest(n_suggestions=1)
        return {p["name"]: self.rec[p["name"]].iloc[0] for p in self.space}

    def tell(self, params, value):
        self.opt.observe(self.rec, np.array([[value]]))

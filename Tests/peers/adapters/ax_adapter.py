"""Ax 1.x Client with its default generation strategy (centre + Sobol + BoTorch)."""
import logging
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
import torch
from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

torch.set_num_threads(1)


class AxClient:
    def __init__(self, space, seed, budget):
        torch.manual_seed(seed)
        self.c = Client(random_seed=seed)
        ps = []
        for p in space:
            if p["type"] == "cat":
                ps.append(ChoiceParameterConfig(name=p["name"], values=p["choices"], parameter_type="str",
                                                is_ordered=False))
            else:
                ps.append(RangeParameterConfig(name=p["name"], bounds=(p["lo"], p["hi"]), parameter_type=p["type"],
                                               scaling="log" if p["log"] else "linear"))
        self.c.configure_experiment(parameters=ps)
        self.c.configure_optimization(objective="-loss")

    def ask(self):
        (self.i, params), = self.c.get_next_trials(max_trials=1).items()
        return dict(params)

    def tell(self, params, value):
        self.c.complete_trial(trial_index=self.i, raw_data={"loss": value})

"""Optuna, in-memory storage, study.ask(fixed_distributions) / study.tell, logging off."""
import logging
import os
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
logging.getLogger("optuna").setLevel(logging.ERROR)
warnings.filterwarnings("ignore")


class _Base:
    def __init__(self, space, seed, budget):
        self.study = optuna.create_study(direction="minimize", sampler=self.sampler(seed))
        D = optuna.distributions
        self.dist = {}
        for p in space:
            if p["type"] == "cat":
                self.dist[p["name"]] = D.CategoricalDistribution(p["choices"])
            elif p["type"] == "int":
                self.dist[p["name"]] = D.IntDistribution(p["lo"], p["hi"], log=p["log"])
            else:
                self.dist[p["name"]] = D.FloatDistribution(p["lo"], p["hi"], log=p["log"])

    def ask(self):
        self.trial = self.study.ask(self.dist)
        return dict(self.trial.params)

    def tell(self, params, value):
        self.study.tell(self.trial, value)


class OptunaRandom(_Base):
    def sampler(self, seed):
        return optuna.samplers.RandomSampler(seed=seed)


class OptunaQMC(_Base):
    def sampler(self, seed):
        return optuna.samplers.QMCSampler(scramble=True, seed=seed)


class OptunaTPE(_Base):
    def sampler(self, seed):
        return optuna.samplers.TPESampler(seed=seed)


class OptunaTPEUnivariate(_Base):
    """The TPE that Optuna 2-4 ran by default; Optuna 5 turned multivariate on."""
    def sampler(self, seed):
        return optuna.samplers.TPESampler(multivariate=False, seed=seed)


class OptunaCma(_Base):
    """Categoricals fall back to independent random sampling (Optuna's documented behaviour)."""
    def sampler(self, seed):
        return optuna.samplers.CmaEsSampler(seed=seed)


class OptunaGP(_Base):
    def sampler(self, seed):
        return optuna.samplers.GPSampler(seed=seed)


class OptunaAuto(_Base):
    """AutoSampler from a checkout of optunahub-registry; PEERS_OPTUNAHUB names it."""
    def sampler(self, seed):
        import optunahub
        mod = optunahub.load_local_module("samplers/auto_sampler",
                                          registry_root=os.environ["PEERS_OPTUNAHUB"] + "/package")
        return mod.AutoSampler(seed=seed)

"""The engines compared: name -> (virtual environment, module here, class).

An adapter is one class:
    __init__(self, space, seed, budget)   space as in space.py; budget: the number of trials planned
    ask(self) -> dict                      a configuration
    tell(self, params, value)              what ask returned, and its value, to be minimised
ask and tell do all their work before they return; they alone are timed. No adapter evaluates an objective or
knows more of a problem than its space. Attune's ignores the budget; the peers' give it to the engines that want it.
"""
import importlib

ADAPTERS = {
    "attune": ("base", "attune_adapter", "Attune"),
    "random": ("base", "random_search", "Random"),
    "optuna_random": ("base", "optuna_adapter", "OptunaRandom"),
    "optuna_qmc": ("base", "optuna_adapter", "OptunaQMC"),
    "optuna_tpe": ("base", "optuna_adapter", "OptunaTPE"),
    "optuna_tpe_uni": ("base", "optuna_adapter", "OptunaTPEUnivariate"),
    "optuna_cma": ("base", "optuna_adapter", "OptunaCma"),
    "optuna_gp": ("base", "optuna_adapter", "OptunaGP"),
    "optuna_auto": ("base", "optuna_adapter", "OptunaAuto"),
    "rustuna_random": ("base", "rustuna_adapter", "RustunaRandom"),
    "rustuna_tpe": ("base", "rustuna_adapter", "RustunaTPE"),
    "rustuna_cma": ("base", "rustuna_adapter", "RustunaCma"),
    "hyperopt_tpe": ("base", "hyperopt_adapter", "HyperoptTPE"),
    "ng_ngopt": ("base", "nevergrad_adapter", "NGOpt"),
    "ng_2ptsde": ("base", "nevergrad_adapter", "TwoPointsDE"),
    "nlopt_directl": ("base", "nlopt_adapter", "DirectL"),
    "nlopt_crs2": ("base", "nlopt_adapter", "CRS2"),
    "nlopt_esch": ("base", "nlopt_adapter", "ESCH"),
    "nlopt_mlsl": ("base", "nlopt_adapter", "MLSL"),
    "dlib_global": ("dlib", "dlib_adapter", "DlibGlobal"),
    "flaml_cfo": ("flaml", "flaml_adapter", "CostFrugal"),
    "flaml_blend": ("flaml", "flaml_adapter", "Blend"),
    "smac_hpo": ("smac", "smac_adapter", "SmacHPO"),
    "smac_bb": ("smac", "smac_adapter", "SmacBB"),
    "hebo": ("hebo", "hebo_adapter", "Hebo"),
    "vizier_gp": ("vizier", "vizier_adapter", "VizierGPUCBPE"),
    "ax": ("ax", "ax_adapter", "AxClient"),
}


def adapter(name):
    """The entry of an engine. attune_NAME is Attune by its strategy NAME; attune_NAME_x the same, to be set apart."""
    if name in ADAPTERS:
        return ADAPTERS[name]
    if name.startswith("attune_"):
        return ("base", "attune_adapter", "Attune_" + name[len("attune_"):])
    raise SystemExit(f"peers: no engine {name!r}; known: attune_STRATEGY, {', '.join(ADAPTERS)}")


def load(name):
    """The class of an engine; imports its library."""
    _, module, cls = adapter(name)
    return getattr(importlib.import_module("adapters." + module), cls)

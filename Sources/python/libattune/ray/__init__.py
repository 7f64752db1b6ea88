"""Ray Tune: a searcher that takes the place of OptunaSearch and the like.

    from libattune.ray import AttuneSearch
    from ray import tune

    tuner = tune.Tuner(
        train,
        param_space={"lr": tune.loguniform(1e-4, 1e-1), "layers": tune.randint(1, 5)},
        tune_config=tune.TuneConfig(search_alg=AttuneSearch(), metric="loss", mode="min", num_samples=50),
    )
"""

from .search import AttuneSearch

__all__ = ["AttuneSearch"]

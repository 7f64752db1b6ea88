"""AttuneSampler and AttunePruner in Optuna's studies, and studies carried over both ways."""

from __future__ import annotations

import math
import pickle
import threading

import pytest

pytest.importorskip("optuna")

import libattune
import optuna
from libattune.optuna import AttunePruner, AttuneSampler, from_optuna, to_optuna
from optuna.trial import TrialState

optuna.logging.set_verbosity(optuna.logging.ERROR)


def bowl(trial):
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_int("y", -5, 5)
    return (x - 1) ** 2 + (y + 2) ** 2


def test_one_changed_line_finds_more_than_random_draws():
    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    study.optimize(bowl, n_trials=40)
    assert study.best_value < 0.05


@pytest.mark.parametrize("strategy", [None, "tpe", "random", "sobol", "gp"])
def test_the_same_seed_gives_the_same_study(strategy):
    def values(seed):
        study = optuna.create_study(sampler=AttuneSampler(strategy, seed=seed))
        study.optimize(bowl, n_trials=15)
        return [trial.value for trial in study.trials]

    assert values(3) == values(3) != values(4)


def test_conditional_spaces():
    def objective(trial):
        if trial.suggest_categorical("kind", ["line", "square", None]) == "line":
            return abs(trial.suggest_float("slope", 0.1, 10, log=True) - 1)
        return 3 + trial.suggest_float("z", 0, 1)

    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    study.optimize(objective, n_trials=60)
    assert study.best_params["kind"] == "line" and study.best_value < 0.2


def test_choices_of_any_kind():
    nan, pair = float("nan"), (1, 2)
    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    with pytest.warns(UserWarning, match="Choices for a categorical"):
        study.optimize(lambda t: float(t.suggest_categorical("c", [nan, pair, 1, True, "1"]) == "1"), n_trials=20)
    assert {str(trial.params["c"]) for trial in study.trials} >= {"nan", "(1, 2)", "1"}


def test_several_objectives():
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=AttuneSampler(seed=1))
    study.optimize(lambda t: (t.suggest_float("x", 0, 2) ** 2, -((t.params["x"] - 1) ** 2)), n_trials=30)
    assert len(study.best_trials) > 3
    with pytest.raises(libattune.AttuneError, match="cmaes"):
        alone = optuna.create_study(directions=["minimize", "maximize"], sampler=AttuneSampler("cmaes"))
        alone.optimize(lambda t: (t.suggest_float("x", 0, 2), 1.0), n_trials=1)


def test_constraints_reach_the_strategy_and_optuna():
    def objective(trial):
        x = trial.suggest_float("x", 0, 10)
        trial.set_user_attr("excess", 5 - x)
        return x

    study = optuna.create_study(sampler=AttuneSampler(seed=1, constraints_func=lambda trial: [trial.user_attrs["excess"]]))
    study.optimize(objective, n_trials=30)
    assert all(len(trial.system_attrs["constraints"]) == 1 for trial in study.trials)
    assert study.best_value >= 5
    mirrors = next(iter(study.sampler._mirrors.values()))
    assert any(trial.constraints for mirror in mirrors.values() for trial in mirror._study.trials)


def test_enqueued_and_fixed_parameters_are_learned_as_they_were():
    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    study.enqueue_trial({"x": 1.25})
    study.enqueue_trial({"x": 1.0, "y": -2})
    study.optimize(bowl, n_trials=12)
    assert study.trials[0].params["x"] == 1.25 and study.best_value == 0
    mirrors = list(next(iter(study.sampler._mirrors.values())).values())
    points = [trial.params for trial in mirrors[-1]._study.trials if trial.state.name == "COMPLETE"]
    assert {"x": 1.0, "y": -2} in points


def test_trials_that_others_made_count():
    study = optuna.create_study(sampler=AttuneSampler("tpe", seed=1, n_startup_trials=5))
    space = {"x": optuna.distributions.FloatDistribution(-5, 5), "y": optuna.distributions.IntDistribution(-5, 5)}
    for x in range(-4, 5):
        study.add_trial(optuna.create_trial(params={"x": x, "y": -2}, distributions=space, value=(x - 1) ** 2))
    study.optimize(bowl, n_trials=1)
    (mirrors,) = study.sampler._mirrors.values()
    (mirror,) = mirrors.values()
    assert len(mirror._study) == 10


def test_pending_trials_are_seen():
    study = optuna.create_study(sampler=AttuneSampler("sobol", seed=1))
    study.optimize(bowl, n_trials=2)
    trials = [study.ask() for _ in range(8)]
    points = set()
    for trial in trials:
        points.add((trial.suggest_float("x", -5, 5), trial.suggest_int("y", -5, 5)))
    assert len(points) == 8
    for trial in trials:
        study.tell(trial, 1.0)
    other = optuna.create_study(sampler=AttuneSampler(seed=1))
    other.optimize(bowl, n_trials=2)
    waiting = other.ask()
    assert waiting.suggest_float("x", -5, 5) is not None and waiting.suggest_int("y", -5, 5) is not None
    with_it = AttuneSampler(seed=2)
    space = with_it.infer_relative_search_space(other, waiting._cached_frozen_trial)
    asking = other.ask()
    with_it.sample_relative(other, asking._cached_frozen_trial, space)
    (mirrors,) = with_it._mirrors.values()
    (mirror,) = mirrors.values()
    assert sorted(mirror._running) == [waiting.number, asking.number]


def test_threads():
    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    study.optimize(bowl, n_trials=40, n_jobs=4)
    assert len({trial.number for trial in study.trials}) == 40
    assert all(trial.state == TrialState.COMPLETE for trial in study.trials)


def test_a_sampler_is_pickled_and_reseeded():
    sampler = AttuneSampler("tpe", seed=5, n_startup_trials=3)
    study = optuna.create_study(sampler=sampler)
    study.optimize(bowl, n_trials=5)
    again = pickle.loads(pickle.dumps(sampler))
    study.sampler = again
    study.optimize(bowl, n_trials=5)
    again.reseed_rng()
    study.optimize(bowl, n_trials=5)
    assert len(study.trials) == 15


def test_a_database_with_workers_of_both_kinds(tmp_path):
    storage = f"sqlite:///{tmp_path}/study.db"
    optuna.create_study(storage=storage, study_name="mixed")

    def work(sampler):
        study = optuna.load_study(storage=storage, study_name="mixed", sampler=sampler)
        study.optimize(bowl, n_trials=12)

    threads = [threading.Thread(target=work, args=(sampler,))
               for sampler in (AttuneSampler(seed=1), AttuneSampler("tpe"), optuna.samplers.TPESampler())]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    study = optuna.load_study(storage=storage, study_name="mixed")
    assert [trial.number for trial in study.trials] == list(range(36))
    assert all(trial.state == TrialState.COMPLETE for trial in study.trials)


# ---- pruner


def curve(trial):
    x = trial.suggest_float("x", 0, 10)
    for step in range(10):
        trial.report(x + 10 / (step + 1), step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return x


def test_the_median_pruner_decides_as_optunas():
    """Both give up what is worse than the median of the others at the same step, after the same start."""
    def states(pruner):
        study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1), pruner=pruner)
        study.optimize(curve, n_trials=40)
        return [trial.state for trial in study.trials]

    options = {option["key"]: option["default"] for option in libattune.describe_pruner("median")["options"]}
    assert {"n_startup_trials", "n_warmup_steps"} <= set(options)
    ours = states(AttunePruner("median", n_startup_trials=5, n_warmup_steps=0))
    theirs = states(optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=0))
    assert ours.count(TrialState.PRUNED) > 5
    assert sum(a == b for a, b in zip(ours, theirs)) >= 36
    assert TrialState.PRUNED not in states(AttunePruner("none"))


def test_a_pruner_is_pickled():
    pruner = pickle.loads(pickle.dumps(AttunePruner("median", n_startup_trials=3)))
    study = optuna.create_study(pruner=pruner)
    study.optimize(curve, n_trials=20, n_jobs=2)
    assert len(study.trials) == 20


# ---- whole studies


def history(study):
    return [(t.state.name, t.params, t.values, dict(t.intermediate_values), t.user_attrs) for t in study.trials]


def test_a_study_comes_from_optuna_and_goes_back():
    def objective(trial):
        kind = trial.suggest_categorical("kind", ["a", None, 3])
        x = trial.suggest_float("x", 1e-3, 1, log=True) if kind else trial.suggest_int("n", 0, 8, step=2)
        trial.set_user_attr("kind", str(kind))
        trial.report(x, 0)
        if trial.number == 5:
            raise optuna.TrialPruned
        if trial.number == 6:
            raise ValueError
        return x if trial.number != 7 else math.inf

    theirs = optuna.create_study(direction="maximize", study_name="carried")
    theirs.optimize(objective, n_trials=20, catch=ValueError)
    with libattune.Study.from_optuna(theirs, seed=1) as ours:
        assert ours.study_name == "carried" and ours.direction == "maximize"
        pruned = TrialState.PRUNED.name
        assert [one for one in history(ours) if one[0] != pruned] == [
            (state, params, values if state == "COMPLETE" else None, reports, attributes)
            for state, params, values, reports, attributes in history(theirs) if state != pruned
        ]  # fmt: skip
        assert ours.trials[5].state.name == pruned
        assert ours.best_params == theirs.best_params
        ours.optimize(lambda trial: trial.suggest_float("x", 1e-3, 1, log=True), n_trials=3)
        back = ours.to_optuna()
        assert history(back)[:5] == history(theirs)[:5] and len(back.trials) == 23
        assert [trial.state for trial in back.trials[:20]] == [trial.state for trial in theirs.trials]
        assert back.best_value == theirs.best_value


def test_constraints_are_carried():
    theirs = optuna.create_study(sampler=optuna.samplers.TPESampler(constraints_func=lambda t: [t.params["x"] - 1], seed=1))
    theirs.optimize(lambda trial: -trial.suggest_float("x", 0, 2), n_trials=12)
    named = theirs.ask()
    named.suggest_float("x", 0, 2)
    named.set_constraint("memory", -1.0)
    theirs.tell(named, -3.0)
    with from_optuna(theirs) as ours:
        assert ours.trials[-1].constraints["memory"] == -1.0 and list(ours.trials[0].constraints) == ["0"]
        assert ours.best_trial.params == theirs.best_trial.params
        assert to_optuna(ours, study_name="back").best_trial.params == theirs.best_trial.params


def test_several_objectives_are_carried():
    theirs = optuna.create_study(directions=["minimize", "maximize"])
    theirs.optimize(lambda t: (t.suggest_float("x", 0, 1), t.params["x"] ** 2), n_trials=6)
    with from_optuna(theirs) as ours:
        assert [trial.values for trial in ours.trials] == [trial.values for trial in theirs.trials]

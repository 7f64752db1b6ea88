"""Each program goes on with the studies of the other."""
import json
import os
import sys

import optuna

from stores import HERE, consistent, on_each, params_of, trials
from test_load import RUN, wrote


def objective(trial):
    x = trial.suggest_float("x", -1, 1)
    trial.suggest_float("lr", 1e-5, 0.1, log=True)
    trial.suggest_int("n", 1, 1024, log=True)
    trial.suggest_categorical("kernel", ["rbf", "poly", None, True, 3, 2.5])
    trial.set_user_attr("note", [x])
    trial.report(x, 1)
    if trial.number % 5 == 1:
        raise optuna.TrialPruned
    if trial.number % 5 == 2:
        raise ValueError("broken")
    return float("inf") if trial.number % 5 == 3 else x


@on_each
def optuna_continues_what_attune_began(place, store):
    study = wrote(place, store, 6)
    study.sampler = optuna.samplers.TPESampler(seed=1, n_startup_trials=2)
    study.optimize(objective, n_trials=6, catch=(ValueError,))
    mine = trials(place, store)
    assert [t["number"] for t in mine] == list(range(12))
    for theirs, ours in zip(consistent(study), mine):
        assert theirs.state.name == ours["state"]
        # A trial of Optuna has other parameters than the declared space: it is kept, not shown as a point.
        if ours["params"]:
            assert params_of(theirs).items() <= ours["params"].items(), (theirs, ours)
    place.run(
        "run", *store.arguments(), *RUN, "--load-if-exists", "-n", "4", "--",
        sys.executable, os.path.join(HERE, "objective.py"), timeout=300).ok()
    assert len(consistent(store.load())) == 16


@on_each
def attune_continues_what_optuna_began(place, store):
    study = optuna.create_study(
        study_name="s", storage=store.url, direction="maximize",
        sampler=optuna.samplers.RandomSampler(seed=1))
    study.set_user_attr("by", {"who": "optuna"})
    study.enqueue_trial({"x": 0.125})
    study.optimize(objective, n_trials=10, catch=(ValueError,))
    mine = trials(place, store)
    assert len(mine) == 10 and mine[0]["params"]["x"] == 0.125
    for theirs, ours in zip(study.trials, mine):
        assert theirs.state.name == ours["state"]
        assert params_of(theirs) == ours["params"], (theirs, ours)
        if theirs.state.name == "COMPLETE":
            assert theirs.value == ours["value"]
        assert theirs.user_attrs["note"] == ours["attributes"]["note"]
        assert ours["intermediate"] == {"1": theirs.params["x"]}
    asked = json.loads(place.run("ask", *store.arguments()).ok().out)
    assert asked["number"] == 10
    place.run("tell", *store.arguments(), "--trial-number", "10", "--values", "5").ok()
    best = place.run("best", *store.arguments(), "-f", "json").ok().json
    assert best["direction" if "direction" in best else "number"] is not None
    study = store.load()
    assert consistent(study)[10].value == 5
    trial = study.ask()
    assert trial.number == 11
    study.tell(trial, 0.0)
    assert len(trials(place, store)) == 12


@on_each
def running_trials_of_the_other_are_left_alone(place, store):
    study = wrote(place, store, 3)
    theirs = study.ask()
    asked = json.loads(place.run("ask", *store.arguments()).ok().out)
    assert (theirs.number, asked["number"]) == (3, 4)
    theirs.suggest_float("x", -1, 1)
    study.tell(theirs, 1.5)
    place.run("tell", *store.arguments(), "--trial-number", "4", "--values", "2.5").ok()
    assert [t.value for t in consistent(store.load())][3:] == [1.5, 2.5]
    # Who tells second is told so, and nothing is overwritten.
    asked = json.loads(place.run("ask", *store.arguments()).ok().out)
    store.load().tell(asked["number"], 7.0)
    place.run(
        "tell", *store.arguments(), "--trial-number", "5", "--values", "8").fails(1, "COMPLETE already")
    assert consistent(store.load())[5].value == 7.0

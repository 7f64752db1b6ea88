"""Real Optuna loads, draws and continues what Attune wrote."""
import json
import math
import os
import sys

import optuna

from harness import test
from stores import HERE, consistent, on_each, trials

SPACE = json.dumps({
    "x": {"type": "float", "low": -1, "high": 1},
    "lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": True},
    "q": {"type": "float", "low": 0, "high": 0.3, "step": 0.1},
    "n": {"type": "int", "low": 1, "high": 1024, "log": True},
    "big": {"type": "int", "low": -9007199254740995, "high": 9007199254740995},
    "even": {"type": "int", "low": -4, "high": 4, "step": 2},
    "kernel": {"type": "categorical", "choices": ["rbf", "poly", None, True, 3, 2.5]},
    "size": {"type": "categorical", "choices": ["S", "M", "L"], "ordered": True},
    "fixed": {"type": "fixed", "value": "always"},
    "degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly", 3]}},
})
RUN = ["--space", SPACE, "--strategy", "random", "--seed", "1"]


def wrote(place, store, count=12, *more):
    place.run(
        "run", *store.arguments(), *RUN, "-n", str(count), *more, "--",
        sys.executable, os.path.join(HERE, "objective.py"), timeout=300).ok()
    return store.load()


@on_each
def optuna_reads_every_kind_of_trial(place, store):
    study = wrote(place, store)
    mine = trials(place, store)
    found = consistent(study)
    assert len(found) == len(mine) == 12
    for theirs, ours in zip(found, mine):
        assert theirs.state.name == ours["state"], (theirs, ours)
        for name, value in ours["params"].items():
            value = value if name != "big" else float(value)
            seen = theirs.params[name] if name != "big" else float(theirs.params[name])
            assert seen == value and type(seen) is type(value) or name == "q", (name, seen, value)
        assert set(theirs.params) == set(ours["params"])
        stamp = theirs.datetime_start.strftime("%Y-%m-%d %H:%M")
        assert ours["datetime_start"].startswith(stamp), (stamp, ours["datetime_start"])
    assert found[2].state.name == "PRUNED" and found[2].value == found[2].params["x"] / 2
    assert found[3].state.name == "FAIL" and found[3].values is None
    assert found[4].state.name == "COMPLETE" and found[4].value == math.inf
    assert found[5].state.name == "FAIL"
    assert found[0].intermediate_values == {0: found[0].value, 3: found[0].value / 2}
    assert math.isnan(found[6].intermediate_values[3])
    assert found[0].user_attrs["note"] == {"list": [1, None, "é"]}
    assert found[0].system_attrs["constraints"] == [found[0].value - 0.5, -1.0]
    best = min(
        (t for t in found if t.state.name == "COMPLETE" and t.value - 0.5 <= 0),
        key=lambda t: t.value)
    assert study.best_trial.number == best.number
    kinds = found[0].distributions
    assert kinds["lr"].log and kinds["q"].step == 0.1 and kinds["n"].log and kinds["even"].step == 2
    assert kinds["kernel"].choices == ("rbf", "poly", None, True, 3, 2.5)
    assert kinds["fixed"].choices == ("always",) and kinds["size"].choices == ("S", "M", "L")


@on_each
def optuna_draws_its_plots(place, store):
    study = wrote(place, store, 20)
    draw = optuna.visualization
    for figure in (
        draw.plot_optimization_history, draw.plot_slice, draw.plot_contour, draw.plot_edf,
        draw.plot_parallel_coordinate, draw.plot_intermediate_values, draw.plot_timeline,
        draw.plot_rank,
    ):
        options = {"params": ["x", "lr"]} if figure in (draw.plot_contour, draw.plot_rank) else {}
        assert figure(study, **options).to_json(), figure.__name__
    importances = optuna.importance.get_param_importances(study, params=["x", "lr", "n"])
    assert set(importances) == {"x", "lr", "n"}
    assert len(study.trials_dataframe()) == 20


@on_each
def optuna_reads_several_objectives(place, store):
    space = '{"x": {"type": "float", "low": 0, "high": 1}}'
    place.run(
        "run", *store.arguments(), "--space", space, "--strategy", "random", "-n", "8",
        "--directions", "minimize", "maximize", "--", "sh", "-c",
        'echo "$ATTUNE_PARAM_X" "$ATTUNE_PARAM_X"', timeout=300).ok()
    study = store.load()
    assert [d.name for d in study.directions] == ["MINIMIZE", "MAXIMIZE"]
    for trial in consistent(study):
        assert trial.values == [trial.params["x"]] * 2
    mine = place.run("best", *store.arguments(), "-f", "json").ok().json
    front = {t["number"] for t in (mine if isinstance(mine, list) else [mine])}
    assert {t.number for t in study.best_trials} == front
    assert optuna.visualization.plot_pareto_front(study).to_json()


@on_each
def enqueued_trials_wait_for_both(place, store):
    wrote(place, store, 2)
    place.run("enqueue", *store.arguments(), '{"x": 0.25, "kernel": "poly"}', '{"x": 0.5}').ok()
    study = store.load()
    waiting = study.get_trials(states=[optuna.trial.TrialState.WAITING])
    assert [t.number for t in waiting] == [2, 3]
    assert waiting[0].system_attrs["fixed_params"] == {"x": 0.25, "kernel": "poly"}
    trial = study.ask()
    assert trial.number == 2 and trial.suggest_float("x", -1, 1) == 0.25
    study.tell(trial, 0.25)
    asked = json.loads(place.run("ask", *store.arguments()).ok().out)
    assert asked["number"] == 3 and asked["params"]["x"] == 0.5
    place.run("tell", *store.arguments(), "--trial-number", "3", "--values", "0.5").ok()
    study.enqueue_trial({"x": 0.75})
    asked = json.loads(place.run("ask", *store.arguments()).ok().out)
    assert asked["number"] == 4 and asked["params"]["x"] == 0.75, asked
    place.run("tell", *store.arguments(), "--trial-number", "4", "--values", "1").ok()
    assert [t.state.name for t in consistent(store.load())][2:] == ["COMPLETE"] * 3


@on_each
def the_schema_is_the_one_optuna_makes(place, store):
    import sqlalchemy
    wrote(place, store, 1)
    other = sqlalchemy.create_engine("sqlite://") if store.url.startswith("sqlite") else None
    inspected = sqlalchemy.inspect(sqlalchemy.create_engine(store.url))
    tables = {t for t in inspected.get_table_names() if not t.startswith("attune_")}
    wanted = {"alembic_version", *optuna.storages._rdb.models.BaseModel.metadata.tables}
    assert tables == wanted, tables ^ wanted
    if other is None:
        return
    optuna.storages._rdb.models.BaseModel.metadata.create_all(other)
    expected = sqlalchemy.inspect(other)
    for table in wanted - {"alembic_version"}:
        def columns(inspection):
            return [(c["name"], str(c["type"]), c["nullable"]) for c in inspection.get_columns(table)]
        assert columns(inspected) == columns(expected), table

"""Journal files of Optuna, read and written."""
import json
import math
import os
import sys

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from harness import test
from stores import HERE, VERSION, params_of
from test_continue import objective
from test_load import RUN

LEGACY = [
    ('{"name": "UniformDistribution", "attributes": {"low": 0.0, "high": 1.0}}', 0.5, 0.5),
    ('{"name": "LogUniformDistribution", "attributes": {"low": 0.1, "high": 1.0}}', 0.5, 0.5),
    ('{"name": "DiscreteUniformDistribution", "attributes": {"low": 0.0, "high": 1.0, "q": 0.25}}', 0.75, 0.75),
    ('{"name": "IntUniformDistribution", "attributes": {"low": 0, "high": 10, "step": 5}}', 5.0, 5),
    ('{"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 10, "step": 1}}', 7.0, 7),
    ('{"type": "float", "low": 0, "high": 1}', 0.25, 0.25),
    ('{"type": "categorical", "choices": ["a", null]}', 1.0, None),
]


def journal(path):
    return JournalStorage(JournalFileBackend(path))


def log(place, name="optuna.log"):
    return os.path.join(place.path, name)


def imported(place, path, *more):
    """The studies of a journal after `attune import`, by name."""
    place.run("import", "--storage", "study.db", *more, path).ok()
    names = [s["name"] for s in place.run("studies", "--storage", "study.db", "-f", "json").ok().json]
    return {
        name: place.run(
            "trials", "--storage", "study.db", "--study", name, "-f", "json").ok().json
        for name in names
    }


def same(theirs, ours):
    assert theirs.number == ours["number"] and theirs.state.name == ours["state"], (theirs, ours)
    assert params_of(theirs) == ours["params"], (theirs, ours)
    assert theirs.values == ours.get("values"), (theirs, ours)
    assert theirs.user_attrs == ours.get("attributes", {}), (theirs, ours)
    reports = {int(step): value for step, value in ours.get("intermediate", {}).items()}
    assert str(reports) == str(theirs.intermediate_values), (theirs, ours)
    if VERSION < 5:
        return
    assert ours["datetime_start"] == theirs.datetime_start.astimezone(
        __import__("datetime").timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")


@test
def a_journal_of_optuna_is_imported_whole(place):
    storage = journal(log(place))
    one = optuna.create_study(study_name="one", storage=storage, direction="maximize")
    one.enqueue_trial({"x": 0.5})

    def busy(trial):
        value = objective(trial)
        trial.report(math.nan, 7)
        trial.report(-math.inf, 8)
        trial.suggest_float("grows", 0, 1 + trial.number)
        return value
    one.optimize(busy, n_trials=12, catch=(ValueError,))
    gone = optuna.create_study(study_name="gone", storage=storage)
    gone.optimize(objective, n_trials=1)
    optuna.delete_study(study_name="gone", storage=storage)
    two = optuna.create_study(
        study_name="two", storage=storage, directions=["minimize", "maximize"],
        sampler=optuna.samplers.NSGAIISampler(constraints_func=lambda t: [t.params["x"] - 0.5, -1]))
    two.optimize(lambda t: (t.suggest_float("x", 0, 1), 1.0), n_trials=3)
    one.ask()
    found = imported(place, log(place))
    assert set(found) == {"one", "two"}
    for study in (one, two):
        assert len(found[study.study_name]) == len(study.trials)
        for theirs, ours in zip(study.trials, found[study.study_name]):
            same(theirs, ours)
    x = found["two"][0]["params"]["x"]
    assert found["two"][0]["constraints"] == {"c0": x - 0.5, "c1": -1}, found["two"][0]


@test
def a_journal_of_attune_opens_in_optuna_and_comes_back(place):
    place.run(
        "run", "--storage", "a.db", "--study-name", "s", *RUN, "-n", "10", "--",
        sys.executable, os.path.join(HERE, "objective.py"), timeout=300).ok()
    place.run("enqueue", "--storage", "a.db", '{"x": 0.5, "kernel": null}').ok()
    place.run("export", "--storage", "a.db", "--to", "optuna-journal", "-O", log(place)).ok()
    study = optuna.load_study(study_name="s", storage=journal(log(place)))
    mine = place.run("trials", "--storage", "a.db", "-f", "json").ok().json
    assert [t.state.name for t in study.trials][:10] == [t["state"] for t in mine][:10]
    assert study.trials[10].state.name == "WAITING"
    assert study.trials[10].system_attrs["fixed_params"] == {"x": 0.5, "kernel": None}
    for theirs, ours in zip(study.trials[:10], mine):
        assert theirs.params["x"] == ours["params"]["x"]
    assert study.trials[0].system_attrs["constraints"] == [mine[0]["value"] - 0.5, -1.0]
    back = os.path.join(place.path, "b.db")
    place.run("import", "--storage", back, log(place)).ok()
    for command in (["export"], ["show"]):
        assert (place.run(*command, "--storage", back).ok().out
                == place.run(*command, "--storage", "a.db").ok().out.replace("a.db", "b.db"))
    # And Optuna goes on in that file.
    study.optimize(objective, n_trials=3, catch=(ValueError,))
    assert len(imported(place, log(place))["s"]) == 13


@test
def torn_lines_are_left_out(place):
    study = optuna.create_study(study_name="s", storage=journal(log(place)))
    study.optimize(objective, n_trials=3, catch=(ValueError,))
    whole = place.read("optuna.log")
    for cut in (1, 20, 60):
        torn = whole[:-cut]
        found = place.file(f"{cut}.log", torn)
        place.run("import", "--storage", f"{cut}.db", found).ok().notes("a line that was not finished")
        # What Optuna makes of it when it goes on: the next record is glued to the torn one.
        last = whole.splitlines()[-1]
        glued = place.file(f"{cut}-glued.log", torn + last + "\n" + last + "\n")
        place.run("import", "--storage", f"{cut}-glued.db", glued).ok().notes("was torn")
    bad = place.file("bad.log", whole + "{}\n")
    place.run("import", "--storage", "bad.db", bad).fails(1, "bad.log: line", "op_code is missing")


@test
def distributions_of_old_versions_are_read(place):
    lines = ['{"op_code":0,"worker_id":"w","study_name":"old","directions":[0]}',
             '{"op_code":4,"worker_id":"w","study_id":0,"datetime_start":"2020-01-01T00:00:00"}']
    for index, (text, number, _) in enumerate(LEGACY):
        lines.append(json.dumps({
            "op_code": 5, "worker_id": "w", "trial_id": 0, "param_name": f"p{index}",
            "param_value_internal": number, "distribution": text}))
    lines.append(
        '{"op_code":6,"worker_id":"w","trial_id":0,"state":1,"values":[1.0],'
        '"datetime_complete":"2020-01-01T00:00:01.5"}')
    path = place.file("old.log", "\n".join(lines) + "\n")
    trial = imported(place, path, "--tz", "Asia/Tokyo")["old"][0]
    assert list(trial["params"].values()) == [value for _, _, value in LEGACY]
    assert trial["datetime_start"] == "2019-12-31 15:00:00.000000"
    assert trial["datetime_complete"] == "2019-12-31 15:00:01.500000"
    for zone, start in (("UTC", "2020-01-01 00"), ("+09:00", "2019-12-31 15"), ("-05:30", "2020-01-01 05:30")):
        store = ["--storage", f"at{zone}.db"]
        place.run("import", *store, f"--tz={zone}", path).ok()
        assert place.run("trials", *store, "-f", "json").ok().json[0]["datetime_start"].startswith(start)
    place.run("import", "--storage", "z.db", "--tz", "Asia/Atlantis", path).fails(2, "--tz is")


@test
def one_study_of_several_is_chosen_by_name(place):
    for name in ("one", "two"):
        optuna.create_study(study_name=name, storage=journal(log(place))).optimize(
            lambda t: t.suggest_float("x", 0, 1), n_trials=2)
    place.run("import", "--storage", "a.db", "--study-name", "two", log(place)).ok().says("study two")
    place.run("import", "--storage", "a.db", "--study-name", "tow", log(place)).fails(
        1, 'did you mean "two"?', '"one"')
    place.run("import", "--storage", "a.db", "--study-name", "two", log(place)).fails(1, "exists")

"""Hyperopt's published examples and every hp distribution, by libattune.hyperopt."""

from __future__ import annotations

import math
import pickle
import time

import pytest

pytest.importorskip("hyperopt")

import hyperopt
import numpy as np
from libattune.hyperopt import (
    STATUS_FAIL,
    STATUS_OK,
    Trials,
    anneal,
    fmin,
    hp,
    no_progress_loss,
    partial,
    pyll,
    rand,
    space_eval,
    suggest,
    tpe,
)
from libattune.hyperopt.space import HyperoptSpace


def run(fn, space, evals=30, seed=1, **settings):
    settings.setdefault("show_progressbar", False)
    return fmin(fn, space, max_evals=evals, rstate=np.random.default_rng(seed), **settings)


# ---- the examples of Hyperopt's README and documentation


def test_the_readme():
    def objective(args):
        case, val = args
        return val if case == "case 1" else val**2

    space = hp.choice("a", [("case 1", 1 + hp.lognormal("c1", 0, 1)), ("case 2", hp.uniform("c2", -10, 10))])
    best = run(objective, space, 100, algo=tpe.suggest)
    assert best["a"] == 1 and abs(best["c2"]) < 0.5 and set(best) == {"a", "c2"}
    case, value = space_eval(space, best)
    assert case == "case 2" and value == best["c2"]


def test_the_simplest_case():
    best = run(lambda x: x**2, hp.uniform("x", -10, 10), 100, algo=tpe.suggest)
    assert abs(best["x"]) < 0.3


def test_trials_with_more_than_a_loss():
    def objective(x):
        return {"loss": x**2, "status": STATUS_OK, "eval_time": time.time(), "other_stuff": {"type": None, "value": [0, 1, 2]},
                "attachments": {"time_module": pickle.dumps(time.time)}}  # fmt: skip

    trials = Trials()
    best = run(objective, hp.uniform("x", -10, 10), 25, algo=tpe.suggest, trials=trials)
    assert len(trials) == 25 and trials.statuses() == [STATUS_OK] * 25
    assert trials.best_trial["result"]["loss"] == min(trials.losses()) == best["x"] ** 2
    assert trials.results[3]["other_stuff"] == {"type": None, "value": [0, 1, 2]}
    assert pickle.loads(trials.trial_attachments(trials.trials[5])["time_module"]) is time.time
    assert trials.argmin == best and trials.vals["x"][3] == trials.trials[3]["misc"]["vals"]["x"][0]


def test_the_space_of_the_tutorial():
    space = hp.choice("classifier_type", [
        {"type": "naive_bayes"},
        {"type": "svm", "C": hp.lognormal("svm_C", 0, 1),
         "kernel": hp.choice("svm_kernel", [{"ktype": "linear"}, {"ktype": "RBF", "width": hp.lognormal("svm_rbf_width", 0, 1)}])},
        {"type": "dtree", "criterion": hp.choice("dtree_criterion", ["gini", "entropy"]),
         "max_depth": hp.choice("dtree_max_depth", [None, hp.qlognormal("dtree_max_depth_int", 3, 1, 1)]),
         "min_samples_split": hp.qlognormal("dtree_min_samples_split", 2, 1, 1)},
    ])  # fmt: skip
    kinds = set()

    def objective(config):
        kinds.add((config["type"], str(config.get("kernel", {}).get("ktype")), config.get("max_depth") is None))
        if config["type"] == "svm" and config["kernel"]["ktype"] == "RBF":
            return (math.log(config["C"]) - 1) ** 2 + (math.log(config["kernel"]["width"]) + 1) ** 2
        return 5.0

    trials = Trials()
    best = run(objective, space, 80, algo=None, trials=trials)
    assert space_eval(space, best)["kernel"]["ktype"] == "RBF" and min(trials.losses()) < 0.5
    assert {kind for kind, *_ in kinds} == {"naive_bayes", "svm", "dtree"}
    for document in trials.trials:
        vals = document["misc"]["vals"]
        assert bool(vals["svm_C"]) == (vals["classifier_type"] == [1])
        assert bool(vals["svm_rbf_width"]) == (vals["svm_kernel"] == [1])


# ---- distributions


@pytest.mark.parametrize(
    "node, holds",
    [
        (hp.uniform("x", -3, 5), lambda v: -3 <= v <= 5),
        (hp.quniform("x", -3, 5, 0.5), lambda v: -3 <= v <= 5 and v * 2 == int(v * 2)),
        (hp.loguniform("x", -3, 2), lambda v: math.exp(-3) <= v <= math.exp(2)),
        (hp.qloguniform("x", -3, 4, 2), lambda v: 0 <= v <= math.exp(4) + 1 and v % 2 == 0),
        (hp.normal("x", 5, 2), lambda v: -9 < v < 19),
        (hp.qnormal("x", 5, 2, 0.5), lambda v: v * 2 == int(v * 2)),
        (hp.lognormal("x", 0, 1), lambda v: v > 0),
        (hp.qlognormal("x", 2, 1, 1), lambda v: v >= 0 and v == int(v)),
        (hp.randint("x", 7), lambda v: v in range(7) and isinstance(v, int)),
        (hp.randint("x", 3, 7), lambda v: v in range(3, 7)),
        (hp.uniformint("x", 2, 6), lambda v: v in range(2, 7) and isinstance(v, int)),
        (hp.choice("x", ["a", "b", None]), lambda v: v in ("a", "b", None)),
        (hp.pchoice("x", [(0.1, "a"), (0.9, "b")]), lambda v: v in ("a", "b")),
    ],
)
@pytest.mark.parametrize("algo", [None, rand.suggest, tpe.suggest])
def test_each_distribution(node, holds, algo):
    seen = []
    trials = Trials()
    best = run(lambda v: seen.append(v) or float(hash(str(v)) % 7), node, 25, algo=algo, trials=trials)
    assert len(seen) == 25 and all(holds(value) for value in seen)
    assert space_eval(node, best) in seen
    space = HyperoptSpace(node)
    for document in trials.trials:
        values = {"x": document["misc"]["vals"]["x"][0]}
        assert space.point(space.params(values))["x"] == pytest.approx(values["x"], abs=1e-6)


def test_random_draws_follow_their_distribution():
    ours, theirs = [], []
    space = [hp.pchoice("p", [(0.1, 0.0), (0.7, 1.0), (0.2, 2.0)]), hp.normal("n", 3, 2), hp.loguniform("l", 0, 4)]
    for taken, function, algo in ((ours, fmin, rand.suggest), (theirs, hyperopt.fmin, hyperopt.rand.suggest)):
        function(lambda v, taken=taken: taken.append(v) or 0.0, space, algo=algo, max_evals=400, show_progressbar=False,
                 rstate=np.random.default_rng(1))  # fmt: skip
    ours, theirs = np.array(ours), np.array(theirs)
    assert abs((ours[:, 0] == 1).mean() - 0.7) < 0.08 and abs((theirs[:, 0] == 1).mean() - 0.7) < 0.08
    assert abs(ours[:, 1].mean() - 3) < 0.4 and abs(ours[:, 1].std() - 2) < 0.3
    assert abs(np.log(ours[:, 2]).mean() - np.log(theirs[:, 2]).mean()) < 0.25


def test_a_choice_with_weights_has_conditions():
    space = hp.pchoice("p", [(0.3, {"a": hp.uniform("a", 0, 1)}), (0.7, {"b": hp.uniform("b", 2, 3)})])
    trials = Trials()
    run(lambda v: v.get("a", 0) + v.get("b", 0), space, 40, trials=trials)
    for vals in (document["misc"]["vals"] for document in trials.trials):
        assert bool(vals["a"]) == (vals["p"] == [0]) and bool(vals["b"]) == (vals["p"] == [1])


def test_a_hyperparameter_of_several_branches():
    shared = hp.uniform("shared", 0, 1)
    space = hp.choice("c", [{"v": shared}, {"v": shared, "w": hp.choice("d", [0, shared])}, {"v": 0.5}])
    trials = Trials()
    run(lambda v: v["v"], space, 30, trials=trials)
    for vals in (document["misc"]["vals"] for document in trials.trials):
        assert bool(vals["shared"]) == (vals["c"] != [2])


# ---- arguments of fmin


def test_points_to_evaluate_come_first_and_are_learned_from():
    seen = []
    best = run(lambda v: seen.append(v) or (v["x"] - 3) ** 2, {"x": hp.uniform("x", -10, 10)}, 12,
               points_to_evaluate=[{"x": 1.0}, {"x": 2.9}, {"x": 99.0}])  # fmt: skip
    assert [v["x"] for v in seen[:3]] == [1.0, 2.9, 99.0] and len(seen) == 15  # as Hyperopt counts
    assert abs(best["x"] - 3) < 0.2


def test_failures_are_failures():
    def objective(x):
        if x > 0:
            return {"status": STATUS_FAIL}
        return {"loss": x**2, "status": STATUS_OK}

    trials = Trials()
    best = run(objective, hp.uniform("x", -10, 10), 30, trials=trials)
    assert best["x"] <= 0 and trials.statuses().count(STATUS_FAIL) > 0
    with pytest.raises(ZeroDivisionError):
        run(lambda x: 1 / 0, hp.uniform("x", 0, 1), 5)
    trials = Trials()
    with pytest.raises(Exception, match="no evaluation tasks"):
        run(lambda x: 1 / 0, hp.uniform("x", 0, 1), 5, trials=trials, catch_eval_exceptions=True)
    assert len(trials._dynamic_trials) >= 5 and len(trials) == 0


def test_early_ends():
    space = hp.uniform("x", -10, 10)
    trials = Trials()
    run(lambda x: x**2, space, 1000, trials=trials, early_stop_fn=no_progress_loss(8))
    assert len(trials) < 200
    trials = Trials()
    run(lambda x: x**2, space, 1000, trials=trials, loss_threshold=1.0)
    assert min(trials.losses()) <= 1 and len(trials) < 1000
    begun = time.monotonic()
    run(lambda x: time.sleep(0.01) or x**2, space, 10**6, timeout=1)
    assert time.monotonic() - begun < 30


def test_trials_go_on_and_are_pickled():
    space, trials = hp.uniform("x", -10, 10), Trials()
    run(lambda x: x**2, space, 10, trials=trials)
    run(lambda x: x**2, space, 15, trials=trials)
    assert len(trials) == 15
    again = pickle.loads(pickle.dumps(trials))
    best = run(lambda x: x**2, space, 30, trials=again)
    assert len(again) == 30 and abs(best["x"]) < 1


def test_the_same_rstate_gives_the_same_run():
    space = {"x": hp.uniform("x", -10, 10), "k": hp.choice("k", [1, 2, 3])}

    def losses(seed):
        trials = Trials()
        run(lambda v: v["x"] ** 2 + v["k"], space, 20, seed, trials=trials)
        return trials.losses()

    assert losses(5) == losses(5) != losses(6)


def test_algorithms_and_their_options():
    space, trials = hp.uniform("x", -10, 10), Trials()
    run(lambda x: x**2, space, 12, trials=trials, algo=partial(tpe.suggest, n_startup_jobs=5, n_EI_candidates=10, gamma=0.3))
    assert len(trials) == 12
    for algo in (anneal.suggest, suggest, hyperopt.tpe.suggest, partial(hyperopt.tpe.suggest, n_startup_jobs=5)):
        assert abs(run(lambda x: x**2, space, 40, algo=algo)["x"]) < 3
    with pytest.raises(ValueError, match="n_jobs_startup"):
        run(lambda x: x**2, space, 5, algo=partial(tpe.suggest, n_jobs_startup=5))
    documents = []
    hyperopt.fmin(lambda x: documents.append(x) or x**2, space, algo=suggest, max_evals=5, show_progressbar=False)
    assert len(documents) == 5


def test_a_finite_space_ends_by_itself_when_a_strategy_says_so():
    from libattune.hyperopt import Suggest

    trials = Trials()
    run(lambda v: float(v[0] + v[1]), [hp.choice("a", [0, 1]), hp.randint("b", 3)], 50, trials=trials, algo=Suggest("grid"))
    assert len(trials) == 6


def test_what_is_not_supported_is_refused_by_name():
    from libattune.hyperopt import fmin

    with pytest.raises(ValueError, match='"x".*scope.hyperopt_param|"x".*high of scope.uniform'):
        fmin(lambda v: 0.0, hp.uniform("x", 0, hp.uniform("y", 1, 2)), max_evals=1, show_progressbar=False)
    with pytest.raises(ValueError, match="scope.normal stands in the space without a label"):
        fmin(lambda v: 0.0, pyll.scope.normal(0, 1), max_evals=1, show_progressbar=False)


def test_expressions_of_scope_are_hyperopts():
    seen = []
    space = {"n": pyll.scope.int(hp.quniform("n", 1, 9, 2)), "twice": 2 * hp.uniform("u", 0, 1)}
    best = run(lambda v: seen.append(v) or v["n"] + v["twice"], space, 20)
    assert all(isinstance(v["n"], int) and 0 <= v["twice"] <= 2 for v in seen)
    assert space_eval(space, best)["twice"] == 2 * best["u"]

"""AttuneSearchCV in HalvingRandomSearchCV's words."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn")

import numpy as np
from libattune import TrialState
from libattune.sklearn import AttuneSearchCV
from scipy import stats
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingRandomSearchCV
from sklearn.svm import SVC

X, Y = make_classification(n_samples=240, n_features=8, random_state=0)
SPACE = {"C": stats.loguniform(1e-4, 1e3), "gamma": stats.loguniform(1e-6, 1e2)}


def search(estimator=None, space=None, **settings):
    settings = {"n_iter": 12, "cv": 3, "random_state": 0, "strategy": "random", **settings}
    return AttuneSearchCV(SVC() if estimator is None else estimator, space or SPACE, **settings)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_samples_are_the_resource(n_jobs):
    found = search(resource="n_samples", factor=2, n_jobs=n_jobs).fit(X, Y)
    theirs = HalvingRandomSearchCV(
        SVC(), SPACE, factor=2, min_resources="smallest", cv=3, random_state=0, return_train_score=False
    ).fit(X, Y)
    table = found.cv_results_
    assert (found.min_resources_, found.max_resources_) == (theirs.min_resources_, theirs.max_resources_) == (12, 240)
    assert found.n_possible_iterations_ == theirs.n_possible_iterations_ == 5
    assert {"iter", "n_resources"} <= set(table) and set(theirs.cv_results_) - set(table) == set()
    assert list(table["n_resources"]) == [12 * 2**i for i in table["iter"]]
    assert len(set(table["n_resources"])) > 1 and max(table["n_resources"]) == 192
    for trial, amount in zip(found.trials_, table["n_resources"]):
        rungs = [12 * 2**i for i in range(5) if 12 * 2**i <= amount]
        reported = rungs[:-1] if amount == 192 else rungs
        assert list(trial.intermediate_values) == reported
        assert trial.state is (TrialState.COMPLETE if amount == 192 else TrialState.PRUNED)
    best = table["n_resources"][found.best_index_]
    assert best == 192 and found.best_score_ == max(table["mean_test_score"][table["n_resources"] == 192])
    assert found.best_estimator_.score(X, Y) > 0.8


def test_a_parameter_is_the_resource():
    found = search(
        GradientBoostingClassifier(random_state=0), {"learning_rate": stats.loguniform(1e-3, 1), "max_depth": [1, 2, 3]},
        resource="n_estimators", min_resources=2, max_resources=20, factor=3, n_candidates=8,
    ).fit(X, Y)  # fmt: skip
    table = found.cv_results_
    assert len(found.trials_) == 8 and set(table["n_resources"]) <= {2, 6, 18}
    assert [params["n_estimators"] for params in table["params"]] == list(table["n_resources"])
    assert found.best_params_["n_estimators"] == found.best_estimator_.n_estimators == 18


def test_exhaust_lets_the_last_rung_have_all():
    found = search(resource="n_samples", min_resources="exhaust").fit(X, Y)
    theirs = HalvingRandomSearchCV(SVC(), SPACE, n_candidates="exhaust", min_resources="exhaust", cv=3, random_state=0)
    with pytest.raises(ValueError, match="cannot be both set to 'exhaust'"):
        theirs.fit(X, Y)
    assert found.min_resources_ == 26 and max(found.cv_results_["n_resources"]) == 26 * 9


def test_a_search_by_resources_goes_on_with_its_storage(storage):
    settings = {"resource": "n_samples", "factor": 2, "storage": storage, "study_name": "halving"}
    whole = search(**{**settings, "storage": None, "study_name": None}).fit(X, Y)
    search(**{**settings, "n_iter": 5}).fit(X, Y)
    second = search(**settings).fit(X, Y)
    for key in ("n_resources", "mean_test_score", "iter"):
        np.testing.assert_array_equal(second.cv_results_[key], whole.cv_results_[key])
    with pytest.raises(ValueError, match="was given .* resources, wanted one of no search by resources"):
        search(**{**settings, "resource": None, "factor": 3}).fit(X, Y)


def test_what_cannot_be_meant_is_refused_by_name():
    for words, message in (
        ({"aggressive_elimination": True}, "aggressive_elimination is True, wanted False"),
        ({"factor": 2}, "factor is 2 without a resource"),
        ({"min_resources": 5}, "min_resources is 5 without a resource"),
        ({"resource": "n_samples", "pruner": "median"}, "pruner is 'median' with resource"),
        ({"resource": "nothing", "max_resources": 5}, "Cannot use resource=nothing"),
        ({"resource": "C", "max_resources": 5}, "Cannot use parameter C as the resource"),
        ({"resource": "max_iter"}, "resource can only be 'n_samples' when max_resources='auto'"),
        ({"resource": "n_samples", "max_resources": 500}, "max_resources is 500, wanted at most the 240 samples"),
        ({"resource": "n_samples", "min_resources": 300}, "min_resources_=300 is greater than max_resources_=240"),
        ({"resource": "n_samples", "scoring": ["accuracy", "f1"], "refit": False}, "wanted refit to name one"),
    ):
        with pytest.raises(ValueError, match=message):
            search(**words).fit(X, Y)
    with pytest.raises(ValueError, match="'factor' parameter"):
        search(resource="n_samples", factor=1).fit(X, Y)


def test_each_class_keeps_its_share_at_every_rung():
    seen = []

    class Watching(SVC):
        def fit(self, x, y, sample_weight=None):
            seen.append(np.mean(y))
            return super().fit(x, y, sample_weight)

    x = np.random.default_rng(0).normal(size=(120, 3))
    y = np.array([0, 0, 0, 0, 1] * 24)
    search(Watching(), resource="n_samples", factor=2, min_resources=15, error_score="raise").fit(x, y)
    assert len(seen) >= 3 * 12 and all(0.15 <= share <= 0.25 for share in seen)


def test_a_target_that_is_no_class_is_refused_as_the_classifier_does():
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        search(resource="n_samples").fit(X, X[:, 0])

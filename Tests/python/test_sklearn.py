"""AttuneSearchCV: scikit-learn's estimator checks, and what is Attune's own."""

from __future__ import annotations

import pickle
import warnings

import pytest

pytest.importorskip("sklearn")

import numpy as np
from libattune import FloatDistribution, Study, TrialState
from libattune.sklearn import AttuneSearchCV
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.decomposition import PCA
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV, ShuffleSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from sklearn.utils._test_common.instance_generator import PER_ESTIMATOR_XFAIL_CHECKS
from sklearn.utils.estimator_checks import parametrize_with_checks

X, Y = make_classification(n_samples=150, n_features=8, random_state=0)

ESTIMATORS = [
    (Ridge(), {"alpha": [0.1, 1.0]}),
    (LogisticRegression(), {"C": [0.1, 1.0]}),
    (LogisticRegression(), {"C": stats.loguniform(0.1, 1.0)}),
    (Pipeline([("pca", PCA()), ("ridge", Ridge())]), {"ridge__alpha": [0.1, 1.0]}),
    (Pipeline([("pca", PCA()), ("logisticregression", LogisticRegression())]), {"logisticregression__C": [0.1, 1.0]}),
]
#: What scikit-learn expects of GridSearchCV and RandomizedSearchCV, too, in its own suite.
EXPECTED = {
    "check_supervised_y_2d": "DataConversionWarning not caught",
    "check_requires_y_none": "Doesn't fail gracefully",
}


@parametrize_with_checks(
    [AttuneSearchCV(estimator, space, cv=2, n_iter=2, error_score="raise", random_state=0) for estimator, space in ESTIMATORS],
    expected_failed_checks=lambda estimator: EXPECTED,
)
def test_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


#: The words of the constructor that change how a search goes, several at a time.
VARIANTS = [
    {"resource": "n_samples", "factor": 2},
    {"resource": "max_iter", "min_resources": 40, "max_resources": 400},
    {"resource": "n_samples", "min_resources": "exhaust", "n_candidates": 3, "error_score": np.nan},
    {"strategy": "grid", "n_iter": None, "timeout": 60.0, "grid": True},
    {"strategy": "tpe", "strategy_options": {"n_startup_trials": 1}, "pruner": "median", "return_train_score": True},
    {"strategy": "gp", "batch_size": 2, "n_jobs": 2, "pre_dispatch": 1, "random_state": None},
    {"strategy": "random", "scoring": ["accuracy"], "refit": "accuracy"},
]  # fmt: skip


def variant(words):
    words = dict(words)
    space = {"C": [0.1, 1.0]} if words.pop("grid", False) else {"C": stats.loguniform(0.1, 1.0)}
    settings = {"cv": 2, "n_iter": 2, "error_score": "raise", "random_state": 0, **words}
    return AttuneSearchCV(LogisticRegression(), space, **settings)


def expected(estimator):
    """What scikit-learn expects of its own searches: with samples as the resource, some checks have too few of them."""
    if estimator.resource is None:
        return EXPECTED
    return PER_ESTIMATOR_XFAIL_CHECKS[HalvingRandomSearchCV]


@parametrize_with_checks([variant(words) for words in VARIANTS], expected_failed_checks=expected)
def test_scikit_learns_estimator_checks_with_each_word(estimator, check):
    check(estimator)


def test_every_word_of_the_constructor_is_among_the_variants():
    tried = {word for words in VARIANTS for word in words} - {"grid"}
    # storage and study_name: a search that is fitted again goes on, which the checks' second data does not allow.
    assert tried | {"cv", "storage", "study_name", "verbose", "aggressive_elimination", "estimator",
                    "param_distributions"} == set(AttuneSearchCV(LogisticRegression(), {}).get_params(deep=False))  # fmt: skip


def search(estimator=None, space=None, **settings):
    settings = {"n_iter": 8, "cv": 3, "random_state": 1, **settings}
    return AttuneSearchCV(estimator or LogisticRegression(), space or {"C": stats.loguniform(1e-3, 1e3)}, **settings)


def test_cv_results_are_laid_out_as_scikit_learns():
    ours = search(return_train_score=True).fit(X, Y)
    theirs = RandomizedSearchCV(LogisticRegression(), {"C": stats.loguniform(1e-3, 1e3)}, n_iter=8, cv=3, random_state=1,
                                return_train_score=True).fit(X, Y)  # fmt: skip
    assert list(ours.cv_results_) == list(theirs.cv_results_)
    for key, column in theirs.cv_results_.items():
        assert len(ours.cv_results_[key]) == 8
        assert type(ours.cv_results_[key]) is type(column)
    assert ours.best_score_ == max(ours.cv_results_["mean_test_score"])
    assert ours.best_params_ == ours.cv_results_["params"][ours.best_index_]
    assert ours.n_splits_ == 3 and ours.scorer_ is not None and ours.refit_time_ > 0
    assert set(vars(theirs)) <= set(vars(ours)) | {"_checked_cv_orig"}


def test_a_grid_is_gridsearchcv():
    space = {"C": [0.01, 0.1, 1, 10], "l1_ratio": [0.0]}
    ours = search(space=space, strategy="grid", n_iter=None).fit(X, Y)
    theirs = GridSearchCV(LogisticRegression(), space, cv=3).fit(X, Y)
    assert ours.cv_results_["params"] == theirs.cv_results_["params"]
    np.testing.assert_array_equal(ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"])
    assert ours.best_params_ == theirs.best_params_


def test_the_same_seed_gives_the_same_candidates_with_any_number_of_jobs():
    one = search(batch_size=2).fit(X, Y).cv_results_["params"]
    assert one == search(batch_size=2, n_jobs=2).fit(X, Y).cv_results_["params"]
    assert one != search(batch_size=2, random_state=2).fit(X, Y).cv_results_["params"]
    from_state = [search(random_state=np.random.RandomState(5)).fit(X, Y).cv_results_["params"] for _ in range(2)]
    assert from_state[0] == from_state[1]


def test_every_kind_of_distribution():
    class Coin:
        def rvs(self, random_state=None):
            return bool(random_state.randint(2))

    space = {
        "svc__C": stats.loguniform(1e-2, 1e2),
        "svc__gamma": stats.expon(scale=0.1),
        "svc__degree": stats.randint(2, 5),
        "svc__tol": FloatDistribution(1e-4, 1e-2, log=True),
        "svc__coef0": stats.norm(0, 1),
        "svc__max_iter": stats.poisson(5000),
        "svc__class_weight": [None, "balanced", {0: 1, 1: 2}],
        "svc__shrinking": Coin(),
        "scale": [StandardScaler(), MinMaxScaler(), "passthrough", None],
        "svc__cache_size": np.array([100.0, 200.0]),
    }
    pipeline = Pipeline([("scale", StandardScaler()), ("svc", SVC(kernel="poly"))])
    found = search(pipeline, space, n_iter=25, strategy="random", error_score="raise").fit(X, Y).cv_results_
    assert all(1e-2 <= c <= 1e2 for c in found["param_svc__C"])
    assert set(found["param_svc__degree"]) == {2, 3, 4}
    assert all(isinstance(params["svc__max_iter"], int) for params in found["params"])
    assert {str(one) for one in found["param_svc__class_weight"]} == {"None", "balanced", "{0: 1, 1: 2}"}
    assert set(found["param_svc__shrinking"]) == {True, False}
    assert {type(one).__name__ for one in found["param_scale"]} == {"StandardScaler", "MinMaxScaler", "str", "NoneType"}
    assert set(found["param_svc__cache_size"]) == {100, 200}
    assert 0 < np.median(found["param_svc__gamma"].astype(float)) < 1
    again = search(pipeline, space, n_iter=25, strategy="random").fit(X, Y).cv_results_["params"]
    assert [str(one) for one in again] == [str(one) for one in found["params"]]


def test_a_list_of_dicts_is_one_space_of_several():
    spaces = [{"kernel": ["rbf"], "gamma": stats.loguniform(1e-3, 1)}, {"kernel": ["poly"], "degree": [2, 3]}]
    found = search(SVC(), spaces, n_iter=20, strategy="random").fit(X, Y).cv_results_
    kinds = {tuple(sorted(params)) for params in found["params"]}
    assert kinds == {("gamma", "kernel"), ("degree", "kernel")}
    assert found["param_gamma"].mask.sum() == found["param_kernel"].tolist().count("poly")


def test_several_metrics():
    ours = search(scoring={"acc": "accuracy", "auc": "roc_auc"}, refit="auc").fit(X, Y)
    assert ours.multimetric_ and ours.best_score_ == max(ours.cv_results_["mean_test_auc"])
    assert [trial.value for trial in ours.trials_] == ours.cv_results_["mean_test_auc"].tolist()
    front = search(scoring=["accuracy", "roc_auc"], refit=False).fit(X, Y)
    assert [trial.values for trial in front.trials_] == np.transpose(
        [front.cv_results_["mean_test_accuracy"], front.cv_results_["mean_test_roc_auc"]]
    ).tolist()
    assert not hasattr(front, "best_params_")
    chosen = search(scoring=["accuracy", "roc_auc"], refit=lambda results: 3).fit(X, Y)
    assert chosen.best_index_ == 3 and not hasattr(chosen, "best_score_")


class Fragile(ClassifierMixin, BaseEstimator):
    """Fails for some parameters."""

    def __init__(self, level=0):
        self.level = level

    def fit(self, X, y):
        if self.level > 1:
            raise RuntimeError(f"level {self.level} is too high")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


def test_failing_fits_are_failed_trials():
    with pytest.warns(FitFailedWarning, match="level 2 is too high"):
        found = search(Fragile(), {"level": [0, 1, 2, 3]}, n_iter=4).fit(X, Y)
    failed = [trial for trial in found.trials_ if trial.state is TrialState.FAIL]
    assert sorted(trial.params["level"] for trial in failed) == [2, 3]
    assert all("too high" in trial.reason and "Traceback" in trial.traceback for trial in failed)
    with pytest.warns(FitFailedWarning):
        scored = search(Fragile(), {"level": [0, 1, 2, 3]}, n_iter=4, error_score=-1).fit(X, Y)
    assert min(scored.cv_results_["mean_test_score"]) == -1
    with pytest.raises(RuntimeError, match="too high"):
        search(Fragile(), {"level": [2, 3]}, n_iter=2, error_score="raise").fit(X, Y)
    with pytest.raises(ValueError, match="All the 6 fits failed"):
        search(Fragile(), {"level": [2, 3]}, n_iter=2).fit(X, Y)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_folds_are_pruned(n_jobs):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        found = search(SVC(), {"C": stats.loguniform(1e-5, 1e3), "gamma": stats.loguniform(1e-6, 1e3)}, n_iter=25, cv=5,
                       pruner="median", strategy="random", n_jobs=n_jobs).fit(X, Y)  # fmt: skip
    pruned = [trial.number for trial in found.trials_ if trial.state is TrialState.PRUNED]
    assert 0 < len(pruned) < 25
    table = np.array([found.cv_results_[f"split{fold}_test_score"] for fold in range(5)]).T
    for number in pruned:
        done = len(found.trials_[number].intermediate_values)
        assert np.isfinite(table[number, :done]).all() and np.isnan(table[number, done:]).all()
    assert found.best_index_ not in pruned
    assert max(found.cv_results_["rank_test_score"]) > 25 - len(pruned)


def test_a_search_goes_on_with_its_storage(storage):
    settings = {"storage": storage, "study_name": "svc", "cv": ShuffleSplit(3, random_state=0), "return_train_score": True,
                "scoring": ["accuracy", "roc_auc"], "refit": "accuracy"}  # fmt: skip
    whole = search(n_iter=9, **{**settings, "storage": None, "study_name": None}).fit(X, Y)
    search(n_iter=4, **settings).fit(X, Y)
    second = search(n_iter=9, **settings).fit(X, Y)
    assert len(second.trials_) == 9
    assert second.cv_results_["params"] == whole.cv_results_["params"]
    for key in whole.cv_results_:
        if "time" not in key and key != "params":
            np.testing.assert_array_equal(second.cv_results_[key], whole.cv_results_[key])
    with Study.open(storage) as study:
        assert study.study_name == "svc" and len(study) == 9
    third = search(n_iter=9, **settings).fit(X, Y)
    assert len(third.trials_) == 9 and third.best_params_ == second.best_params_
    with pytest.raises(ValueError, match="3 folds, wanted 4"):
        search(n_iter=9, **{**settings, "cv": 4}).fit(X, Y)


def test_it_is_pickled_cloned_and_nested():
    found = search().fit(X, Y)
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.predict(X), found.predict(X))
    assert clone(found).get_params()["n_iter"] == 8
    outer = GridSearchCV(make_pipeline(StandardScaler(), search(n_iter=3)), {"attunesearchcv__estimator__tol": [1e-4, 1e-3]})
    assert outer.fit(X, Y).best_score_ > 0.5


def test_a_timeout_ends_a_search():
    found = search(n_iter=None, timeout=0.3).fit(X, Y)
    assert 0 < len(found.trials_)
    with pytest.raises(ValueError, match="n_iter is None"):
        search(n_iter=None).fit(X, Y)


def test_bad_parameters_have_scikit_learns_errors():
    for bad in ({"n_iter": 0}, {"strategy": 3}, {"batch_size": 0}, {"timeout": 0}):
        with pytest.raises(ValueError, match=f"'{next(iter(bad))}' parameter"):
            search(**bad).fit(X, Y)
    with pytest.raises(TypeError, match="is not iterable or a distribution"):
        search(space={"C": 3}).fit(X, Y)
    with pytest.raises(KeyError, match="nonsense"):
        search(strategy="nonsense").fit(X, Y)
    with pytest.warns(UserWarning, match="space of parameters 2 is smaller than n_iter=8"):
        assert len(search(space={"C": [1, 2]}).fit(X, Y).trials_) == 2


def test_it_finds_more_than_random_search_at_the_same_budget():
    data, target = load_breast_cancer(return_X_y=True)
    data = StandardScaler().fit_transform(data)
    space = {"C": stats.loguniform(1e-3, 1e4), "gamma": stats.loguniform(1e-6, 1e1)}
    ours, theirs = [], []
    for seed in range(5):
        ours.append(AttuneSearchCV(SVC(), space, n_iter=20, cv=3, random_state=seed).fit(data, target).best_score_)
        theirs.append(RandomizedSearchCV(SVC(), space, n_iter=20, cv=3, random_state=seed).fit(data, target).best_score_)
    assert np.median(ours) >= np.median(theirs)

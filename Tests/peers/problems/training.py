"""Suite D: real training with scikit-learn on the data it brings, scored by cross-validation."""
import math
import warnings

import numpy as np

from problems.problem import Problem
from space import choice, real, whole


def _data(which, count=None):
    from sklearn import datasets
    from sklearn.preprocessing import StandardScaler
    x, y = getattr(datasets, "load_" + which)(return_X_y=True)
    x = StandardScaler().fit_transform(x)
    if count:
        chosen = np.random.RandomState(0).permutation(len(x))[:count]
        x, y = x[chosen], y[chosen]
    return x, y


def _cross_validated(make, x, y, score, folds=3, is_classifier=True):
    from sklearn.model_selection import KFold, StratifiedKFold
    splits = list((StratifiedKFold if is_classifier else KFold)(folds, shuffle=True, random_state=0).split(x, y))

    def function(p):
        total = 0.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for a, b in splits:
                try:
                    model = make(p)
                    model.fit(x[a], y[a])
                    total += score(model, x[b], y[b])
                except (ValueError, FloatingPointError, np.linalg.LinAlgError):
                    total += 10.0                # a model that cannot be trained is a bad one
        return total / len(splits)
    return function


def _error(model, x, y):
    return 1.0 - float(np.mean(model.predict(x) == y))


def _log_loss(model, x, y):
    p = np.clip(model.predict_proba(x), 1e-6, 1)
    p /= p.sum(axis=1, keepdims=True)
    return float(-np.mean(np.log(p[np.arange(len(y)), np.searchsorted(model.classes_, y)])))


def _normalised_squares(model, x, y):
    e = float(np.mean((model.predict(x) - y) ** 2) / np.var(y))
    return min(e, 10.0) if math.isfinite(e) else 10.0


def _svc_digits():
    from sklearn.svm import SVC
    space = [real("C", 1e-2, 1e4, True), real("gamma", 1e-6, 1, True)]
    return space, _cross_validated(lambda p: SVC(C=p["C"], gamma=p["gamma"]), *_data("digits", 360), _error)


def _svr_diabetes():
    from sklearn.svm import SVR
    space = [real("C", 1e-2, 1e4, True), real("gamma", 1e-5, 10, True), real("epsilon", 1e-3, 1e2, True),
             choice("kernel", ["rbf", "poly", "sigmoid"])]
    return space, _cross_validated(
        lambda p: SVR(C=p["C"], gamma=p["gamma"], epsilon=p["epsilon"], kernel=p["kernel"], degree=2, max_iter=2000),
        *_data("diabetes"), _normalised_squares, is_classifier=False)


def _rf_wine():
    from sklearn.ensemble import RandomForestClassifier
    space = [whole("n_estimators", 3, 20, True), whole("max_depth", 1, 12), real("max_features", 0.05, 1.0),
             whole("min_samples_split", 2, 32, True), real("min_impurity", 1e-6, 1e-1, True),
             choice("criterion", ["gini", "entropy"])]
    return space, _cross_validated(
        lambda p: RandomForestClassifier(
            n_estimators=p["n_estimators"], max_depth=p["max_depth"], max_features=p["max_features"],
            min_samples_split=p["min_samples_split"], min_impurity_decrease=p["min_impurity"],
            criterion=p["criterion"], random_state=0),
        *_data("wine"), _log_loss, folds=2)


def _mlp_diabetes():
    from sklearn.neural_network import MLPRegressor
    x, y = _data("diabetes")
    y = (y - y.mean()) / y.std()
    space = [whole("width", 4, 64, True), real("alpha", 1e-6, 10, True), real("lr", 1e-4, 1e-1, True),
             whole("batch", 16, 200, True), real("beta1", 0.5, 0.99), choice("act", ["relu", "tanh", "logistic"])]
    return space, _cross_validated(
        lambda p: MLPRegressor(hidden_layer_sizes=(p["width"],), alpha=p["alpha"], learning_rate_init=p["lr"],
                               batch_size=p["batch"], beta_1=p["beta1"], activation=p["act"], max_iter=15,
                               random_state=0),
        x, y, _normalised_squares, folds=2, is_classifier=False)


PROBLEMS = {f"D/{make.__name__[1:]}": (lambda make=make: Problem(f"D/{make.__name__[1:]}", *make()))
            for make in (_svc_digits, _svr_diabetes, _rf_wine, _mlp_diabetes)}

"""A second set of problems of the same four suites, chosen when Attune was made already and in sight of no change of
it (PEERS_SET=fresh): other functions, other tables, other models."""
import math

import numpy as np

from problems import bbob, tabular
from problems.problem import Problem
from problems.training import _cross_validated, _data, _error, _log_loss, _normalised_squares
from space import box, choice, real, whole

# MARK: A synthetic


def levy(z):
    w = 1 + z / 4
    inner = (w[:-1] - 1) ** 2 * (1 + 10 * np.sin(math.pi * w[:-1] + 1) ** 2)
    return (math.sin(math.pi * w[0]) ** 2 + np.sum(inner)
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def rastrigin(z):
    return 10 * len(z) + np.sum(z * z - 10 * np.cos(2 * math.pi * z))


def ackley(z):
    return (-20 * math.exp(-0.2 * math.sqrt(np.mean(z * z))) - math.exp(np.mean(np.cos(2 * math.pi * z)))
            + 20 + math.e)


def zakharov(z):
    a = np.sum(0.5 * np.arange(1, len(z) + 1) * z)
    return np.sum(z * z) + a ** 2 + a ** 4


def powers(z):
    return np.sum(np.abs(z) ** (2 + 4 * np.arange(len(z)) / (len(z) - 1)))


def _shifted(name, f, d, seed, noise=0.0):
    """f on [-5, 5]^d with its optimum, 0, somewhere in the middle six tenths."""
    shift = np.random.RandomState(seed).uniform(-0.3, 0.3, d) * 10
    return Problem(name, box(d, -5, 5), lambda p: float(f(np.array([p[f"x{i}"] for i in range(d)]) - shift)), 0.0,
                   noise)


def _mixed6(name, noise=0.0):
    """Two floats, two ints, two choices: where the first float is best depends on one choice."""
    space = [real("a", -3, 5), real("b", 1e-4, 10, True), whole("k", 1, 50), whole("m", 2, 256, True),
             choice("c", ["p", "q", "r", "s"]), choice("e", ["on", "off"])]
    off, centre = {"p": 0.0, "q": 0.4, "r": 1.0, "s": 0.2}, {"p": 0.3, "q": -1.0, "r": 2.0, "s": 1.5}

    def function(p):
        u = math.log10(p["b"]) + 2
        v = (off[p["c"]] + 0.3 * (p["a"] - centre[p["c"]]) ** 2 + 0.4 * (u - 0.3 * p["a"]) ** 2
             + abs(p["k"] - 17) / 15 + 0.2 * (math.log2(p["m"]) - 5) ** 2)
        return v + (0.5 if p["e"] == "off" else 0.3 * abs(math.sin(3 * p["a"])))
    return Problem(name, space, function, noise=noise)


_SYNTHETIC = {
    "A/levy6": lambda n: _shifted(n, levy, 6, 1),
    "A/rastrigin4": lambda n: _shifted(n, rastrigin, 4, 2),
    "A/ackley5": lambda n: _shifted(n, ackley, 5, 3),
    "A/zakharov10": lambda n: _shifted(n, zakharov, 10, 4),
    "A/powers8": lambda n: _shifted(n, powers, 8, 5),
    "A/noisy_levy4": lambda n: _shifted(n, levy, 4, 6, noise=0.5),
    "A/mixed6": _mixed6,
    "A/noisy_mixed6": lambda n: _mixed6(n, noise=0.15),
}

# MARK: B BBOB and C tables

_FUNCTIONS = [(4, 1, 5), (6, 2, 5), (9, 1, 10), (10, 3, 5), (13, 1, 10), (16, 2, 5), (17, 1, 10), (18, 3, 5), (19, 1, 5),
              (20, 2, 10), (22, 1, 5), (23, 1, 5), (24, 2, 10), (1, 1, 20), (10, 1, 20), (15, 2, 20), (21, 3, 10),
              (2, 2, 10), (11, 1, 5), (14, 4, 20)]      # function, instance, dimensions
_TABLES = [("hpobench", "blood_transfusion"), ("hpobench", "credit_g"), ("hpobench", "kc1"), ("hpobench", "segment"),
           ("hpolib", "parkinsons_telemonitoring"), ("hpolib", "slice_localization"), ("nasbench201", "cifar100"),
           ("nasbench201", "imagenet")]

# MARK: D training


def _svc_cancer():
    from sklearn.svm import SVC
    space = [real("C", 1e-3, 1e3, True), real("gamma", 1e-6, 1e1, True),
             choice("kernel", ["rbf", "poly", "sigmoid", "linear"]), real("coef0", -1, 1)]
    return space, _cross_validated(
        lambda p: SVC(C=p["C"], gamma=p["gamma"], kernel=p["kernel"], coef0=p["coef0"], degree=3, max_iter=3000),
        *_data("breast_cancer"), _error)


def _svc_wine():
    from sklearn.svm import SVC
    space = [real("C", 1e-2, 1e4, True), real("gamma", 1e-6, 1, True)]
    return space, _cross_validated(lambda p: SVC(C=p["C"], gamma=p["gamma"]), *_data("wine"), _error)


def _boosting_cancer():
    from sklearn.ensemble import GradientBoostingClassifier
    space = [whole("n", 5, 40, True), real("lr", 1e-2, 1, True), whole("depth", 1, 5), real("sub", 0.3, 1),
             real("mf", 0.1, 1), whole("leaf", 1, 30, True)]
    return space, _cross_validated(
        lambda p: GradientBoostingClassifier(
            n_estimators=p["n"], learning_rate=p["lr"], max_depth=p["depth"], subsample=p["sub"], max_features=p["mf"],
            min_samples_leaf=p["leaf"], random_state=0),
        *_data("breast_cancer", 300), _log_loss, folds=2)


def _neighbours_digits():
    from sklearn.decomposition import PCA
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    space = [whole("k", 1, 40, True), choice("w", ["uniform", "distance"]), real("p", 1, 5), whole("pca", 2, 40)]
    return space, _cross_validated(
        lambda p: make_pipeline(PCA(p["pca"], random_state=0),
                                KNeighborsClassifier(p["k"], weights=p["w"], p=p["p"])),
        *_data("digits", 400), _log_loss, folds=2)


def _linear_digits():
    from sklearn.linear_model import SGDClassifier
    space = [real("alpha", 1e-7, 1, True), real("l1", 0, 1), choice("loss", ["log_loss", "modified_huber"]),
             choice("pen", ["l2", "l1", "elasticnet"]), real("eta", 1e-4, 1, True),
             choice("sched", ["constant", "optimal", "adaptive"])]
    return space, _cross_validated(
        lambda p: SGDClassifier(alpha=p["alpha"], l1_ratio=p["l1"], loss=p["loss"], penalty=p["pen"], eta0=p["eta"],
                                learning_rate=p["sched"], max_iter=12, tol=None, random_state=0),
        *_data("digits", 360), _log_loss, folds=2)


def _network_cancer():
    from sklearn.neural_network import MLPClassifier
    space = [whole("w1", 2, 48, True), whole("layers", 1, 3), real("alpha", 1e-6, 10, True),
             real("lr", 1e-4, 1e-1, True), whole("batch", 16, 128, True), choice("act", ["relu", "tanh", "logistic"]),
             choice("solver", ["adam", "sgd"]), real("mom", 0.1, 0.99)]
    return space, _cross_validated(
        lambda p: MLPClassifier((p["w1"],) * p["layers"], alpha=p["alpha"], learning_rate_init=p["lr"],
                                batch_size=p["batch"], activation=p["act"], solver=p["solver"], momentum=p["mom"],
                                max_iter=12, random_state=0),
        *_data("breast_cancer"), _log_loss, folds=2)


def _ridge_diabetes():
    from sklearn.kernel_ridge import KernelRidge
    space = [real("alpha", 1e-6, 1e3, True), real("gamma", 1e-6, 1e1, True),
             choice("kernel", ["rbf", "laplacian", "polynomial"]), whole("degree", 1, 4)]
    return space, _cross_validated(
        lambda p: KernelRidge(alpha=p["alpha"], gamma=p["gamma"], kernel=p["kernel"], degree=p["degree"]),
        *_data("diabetes"), _normalised_squares, is_classifier=False)


def _trees_diabetes():
    from sklearn.ensemble import ExtraTreesRegressor
    space = [whole("n", 3, 20, True), whole("depth", 1, 16), real("mf", 0.05, 1.0), whole("leaf", 1, 40, True),
             whole("split", 2, 64, True), choice("boot", ["yes", "no"])]
    return space, _cross_validated(
        lambda p: ExtraTreesRegressor(p["n"], max_depth=p["depth"], max_features=p["mf"], min_samples_leaf=p["leaf"],
                                      min_samples_split=p["split"], bootstrap=p["boot"] == "yes", random_state=0),
        *_data("diabetes"), _normalised_squares, folds=2, is_classifier=False)


PROBLEMS = {
    **{n: (lambda n=n, make=make: make(n)) for n, make in _SYNTHETIC.items()},
    **{n: (lambda n=n, f=f, i=i, d=d: bbob._problem(n, f, i, d))
       for f, i, d in _FUNCTIONS for n in [f"B/f{f}_d{d}_i{i}"]},
    **{n: (lambda n=n, k=k, d=d: tabular._problem(n, k, d)) for k, d in _TABLES for n in [f"C/{k}_{d}"]},
    **{n: (lambda n=n, make=make: Problem(n, *make()))
       for make in (_svc_cancer, _boosting_cancer, _neighbours_digits, _linear_digits, _network_cancer, _ridge_diabetes,
                    _trees_diabetes, _svc_wine) for n in [f"D/{make.__name__[1:]}"]},
}

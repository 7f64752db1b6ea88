"""AttuneSearchCV beside RandomizedSearchCV: medians of the best cross-validated score after as many candidates.

usage: sklearn_search.py [--n-iter 25] [--seeds 5] [--models svc,forest,boosting,mlp]
"""

import argparse
import statistics
import warnings

from libattune.sklearn import AttuneSearchCV
from scipy.stats import loguniform, randint, uniform
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import RandomizedSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

MODELS = {
    "svc": (
        "SVC on digits, accuracy",
        lambda return_X_y: [part[:400] for part in load_digits(return_X_y=return_X_y)],
        make_pipeline(StandardScaler(), SVC()),
        {
            "svc__C": loguniform(1e-2, 1e3),
            "svc__gamma": loguniform(1e-6, 1),
            "svc__kernel": ["rbf", "poly", "sigmoid"],
        },
        "accuracy",
    ),
    "forest": (
        "RandomForest on breast cancer, log loss",
        load_breast_cancer,
        RandomForestClassifier(n_estimators=30, random_state=0),
        {
            "max_depth": randint(2, 20),
            "max_features": uniform(0.05, 0.9),
            "min_samples_leaf": randint(1, 20),
            "criterion": ["gini", "entropy"],
        },
        "neg_log_loss",
    ),
    "boosting": (
        "HistGradientBoosting on diabetes, squared error",
        load_diabetes,
        HistGradientBoostingRegressor(random_state=0, max_iter=40),
        {
            "learning_rate": loguniform(1e-3, 1),
            "max_leaf_nodes": randint(2, 64),
            "min_samples_leaf": randint(2, 80),
            "l2_regularization": loguniform(1e-6, 1e2),
        },
        "neg_mean_squared_error",
    ),
    "mlp": (
        "MLP on wine, log loss",
        load_wine,
        make_pipeline(StandardScaler(), MLPClassifier(max_iter=80, random_state=0)),
        {
            "mlpclassifier__hidden_layer_sizes": [(8,), (32,), (64,), (16, 16), (32, 32)],
            "mlpclassifier__alpha": loguniform(1e-6, 10),
            "mlpclassifier__learning_rate_init": loguniform(1e-4, 1e-1),
            "mlpclassifier__activation": ["relu", "tanh", "logistic"],
        },
        "neg_log_loss",
    ),
}


def best(kind, model, n_iter, seed):
    """The best score of a search."""
    _, load, estimator, space, scoring = MODELS[model]
    X, y = load(return_X_y=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return kind(estimator, space, n_iter=n_iter, scoring=scoring, cv=3, random_state=seed, refit=False).fit(X, y).best_score_


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n-iter", type=int, default=25)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--models", default=",".join(MODELS))
    arguments = parser.parse_args()
    print(f"Medians over {arguments.seeds} seeds of the best score of {arguments.n_iter} candidates; higher is better.\n")
    print("| model | RandomizedSearchCV | AttuneSearchCV | seeds on which it is at least as good |\n|---|---|---|---|", flush=True)
    for model in arguments.models.split(","):
        scores = {kind: [best(kind, model, arguments.n_iter, seed) for seed in range(arguments.seeds)]
                  for kind in (RandomizedSearchCV, AttuneSearchCV)}
        theirs, ours = scores[RandomizedSearchCV], scores[AttuneSearchCV]
        ahead = sum(a >= b for a, b in zip(ours, theirs))
        print(f"| {MODELS[model][0]} | {statistics.median(theirs):.5g} | {statistics.median(ours):.5g} | "
              f"{ahead} of {arguments.seeds} |", flush=True)


if __name__ == "__main__":
    main()

"""Where an engine stands among others: means, ranks and duels over problems, intervals over seeds.

A table of regrets is problem -> engine -> array over seeds (runs.py). Engines are compared on problems all of them ran.
"""
import numpy as np

from runs import FLOOR

RESAMPLES = 2000


def complete(table, problems, engines):
    """The engines that ran every one of problems."""
    return [e for e in engines if all(e in table[p] for p in problems)]


def _logs(values):
    return np.log10(np.maximum(values, FLOOR))


def mean(table, problems, engine):
    """Mean over problems of the mean over seeds."""
    return float(np.mean([table[p][engine].mean() for p in problems]))


def geometric(table, problems, engine):
    """The same with the geometric mean, regrets below 1e-4 counted as 1e-4."""
    return float(10 ** np.mean([_logs(table[p][engine]).mean() for p in problems]))


def interval(table, problems, engine, is_geometric=False):
    """95 % bootstrap interval of a mean: seeds are drawn anew within each problem. None below 3 seeds."""
    if min(len(table[p][engine]) for p in problems) < 3:
        return None
    rng = np.random.default_rng(1)
    means = np.zeros(RESAMPLES)
    for p in problems:
        values = table[p][engine]
        drawn = values[rng.integers(len(values), size=(RESAMPLES, len(values)))]
        means += (_logs(drawn) if is_geometric else drawn).mean(axis=1) / len(problems)
    low, high = np.percentile(means, [2.5, 97.5])
    return (10 ** low, 10 ** high) if is_geometric else (low, high)


def ranks(table, problems, engines):
    """engine -> mean over problems of its rank by mean regret; equals share a rank."""
    total = dict.fromkeys(engines, 0.0)
    for p in problems:
        values = np.array([table[p][e].mean() for e in engines])
        for engine, value in zip(engines, values):
            total[engine] += (np.sum(values < value) + (np.sum(values == value) + 1) / 2) / len(problems)
    return total


def duel(table, engine, peer):
    """(problems both ran, share of them with a lower mean regret, mean regret of engine, of peer); None for none."""
    pairs = [(t[engine].mean(), t[peer].mean()) for t in table.values() if engine in t and peer in t]
    if not pairs:
        return None
    own, other = np.array(pairs).T
    return len(pairs), float((own < other).mean()), float(own.mean()), float(other.mean())

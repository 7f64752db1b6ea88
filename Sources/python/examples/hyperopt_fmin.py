"""Hyperopt's first example by Attune's strategies: the import is the one line that changed."""

import numpy as np
from libattune.hyperopt import fmin, hp, space_eval, tpe


def objective(args):
    case, val = args
    return val if case == "case 1" else val**2


def main():
    space = hp.choice("a", [("case 1", 1 + hp.lognormal("c1", 0, 1)), ("case 2", hp.uniform("c2", -10, 10))])
    best = fmin(objective, space, algo=tpe.suggest, max_evals=100, rstate=np.random.default_rng(1), show_progressbar=False)
    print(best)
    print(space_eval(space, best))


if __name__ == "__main__":
    main()

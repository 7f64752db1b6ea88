"""One problem to minimise."""
import math
import random
import zlib


class Problem:
    """name, suite (A-D), space, optimum (None when it is only estimated), noise (standard deviation)."""

    def __init__(self, name, space, function, optimum=None, noise=0.0):
        self.name, self.suite, self.space, self.function = name, name[0], space, function
        self.optimum, self.noise = optimum, noise

    def evaluate(self, params, seed=0, trial=0):
        """(observed, true): the engine is told the first, the second is scored. They differ on noisy problems
        only, where the noise is fixed by problem, seed and trial."""
        v = float(self.function(params))
        if not math.isfinite(v):
            v = 1e10
        if self.noise:
            rng = random.Random(zlib.crc32(f"{self.name}/{seed}/{trial}".encode()))
            return v + self.noise * rng.gauss(0, 1), v
        return v, v

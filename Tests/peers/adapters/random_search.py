"""Uniform random search in plain Python: what every engine is measured against."""
import random

from space import sample


class Random:
    def __init__(self, space, seed, budget):
        self.space, self.rng = space, random.Random(1_000_003 * seed + 17)

    def ask(self):
        return sample(self.space, self.rng)

    def tell(self, params, value):
        pass

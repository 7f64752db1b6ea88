"""Optuna's own suite for samplers, over AttuneSampler with each strategy that it fits."""

from __future__ import annotations

import warnings

import pytest

pytest.importorskip("optuna")

import optuna
from libattune.optuna import AttuneSampler
from optuna.testing.pytest_samplers import (
    BasicSamplerTestCase,
    MultiObjectiveSamplerTestCase,
    RelativeSamplerTestCase,
)

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)


class TestDefault(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    @pytest.fixture
    def sampler(self):
        return lambda: AttuneSampler(seed=0)


class TestTPE(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    @pytest.fixture
    def sampler(self):
        return lambda: AttuneSampler("tpe", seed=0, n_startup_trials=2)


class TestRandom(BasicSamplerTestCase, RelativeSamplerTestCase, MultiObjectiveSamplerTestCase):
    @pytest.fixture
    def sampler(self):
        return lambda: AttuneSampler("random", seed=0)


class TestGP(BasicSamplerTestCase, RelativeSamplerTestCase):
    @pytest.fixture
    def sampler(self):
        return lambda: AttuneSampler("gp", seed=0, n_startup_trials=2)

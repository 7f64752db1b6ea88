"""scikit-learn's own tests of its searches, over AttuneSearchCV.

Their text is run with RandomizedSearchCV replaced by AttuneSearchCV, and GridSearchCV by one of its grid strategy.
"""

from __future__ import annotations

import importlib.util
import pathlib

import pytest

pytest.importorskip("sklearn")

#: Tests that do not apply, and why.
LEFT_OUT = {
    "test_validate_parameter_input": "of ParameterGrid and ParameterSampler",
    "test_parameter_grid": "of ParameterGrid",
    "test_param_sampler": "of ParameterSampler",
    "test_parameters_sampler_replacement": "of ParameterSampler",
    "test_search_default_iid": "wants the first candidate to be the first of the list",
    "test_search_cv_timing": "wants the first candidate to be the first of the list",
    "test_search_cv_results_rank_tie_breaking": "wants candidates in the order of the list",
    "test_search_with_2d_array": "wants the candidates of RandomizedSearchCV's random draws",
    "test_random_search_cv_results_multimetric": "wants candidates that do not depend on the metric",
    "test_custom_run_search": "of BaseSearchCV's hook for subclasses",
    "test__custom_fit_no_run_search": "of BaseSearchCV's hook for subclasses",
}

_SPEC = importlib.util.find_spec("sklearn.model_selection.tests.test_search")
if _SPEC is None or _SPEC.origin is None:
    pytest.skip("this scikit-learn comes without its tests", allow_module_level=True)
_BEFORE = """
import sklearn.model_selection as _theirs
from sklearn.experimental import enable_halving_search_cv
from libattune.sklearn import AttuneSearchCV as RandomizedSearchCV
"""
_GRID = '''
class GridSearchCV(RandomizedSearchCV):
    """GridSearchCV's arguments, by AttuneSearchCV's grid."""

    _parameter_constraints = {**{key: value for key, value in RandomizedSearchCV._parameter_constraints.items()
                                 if key != "param_distributions"}, "param_grid": [dict, list]}

    def __init__(self, estimator, param_grid, *, scoring=None, n_jobs=None, refit=True, cv=None, verbose=0,
                 pre_dispatch="2*n_jobs", error_score=float("nan"), return_train_score=False):
        super().__init__(estimator, None, n_iter=None, scoring=scoring, n_jobs=n_jobs, refit=refit, cv=cv, verbose=verbose,
                         pre_dispatch=pre_dispatch, error_score=error_score, return_train_score=return_train_score,
                         strategy="grid")
        del self.param_distributions
        self.param_grid = param_grid

    @property
    def param_distributions(self):
        grids = [self.param_grid] if isinstance(self.param_grid, dict) else self.param_grid
        ParameterGrid(grids)  # refuses what scikit-learn refuses, in its words
        return [dict(sorted(grid.items())) for grid in grids]

    @param_distributions.setter
    def param_distributions(self, value):
        pass

    @param_distributions.deleter
    def param_distributions(self):
        pass
'''


def _source() -> str:
    text = pathlib.Path(_SPEC.origin).read_text()
    for name in ("GridSearchCV", "RandomizedSearchCV"):
        assert f"    {name},\n" in text
        text = text.replace(f"    {name},\n", "", 1)
    place = text.index("\nclass ")
    return _BEFORE + text[:place] + _GRID + text[place:]


exec(compile(_source(), "sklearn/model_selection/tests/test_search.py of libattune.sklearn", "exec", dont_inherit=True), globals())
for name in LEFT_OUT:
    globals().pop(name, None)

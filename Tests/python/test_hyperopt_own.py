"""Hyperopt's own tests of fmin, as they are but for the import: their `hyperopt` is `libattune.hyperopt`."""

from __future__ import annotations

import importlib.util
import pathlib

import pytest

pytest.importorskip("hyperopt")

#: Tests that are not run, and why.
LEFT_OUT = {"test_timeout": "holds wall-clock time to within a second; test_hyperopt.py has a wider one"}


def _theirs(module: str) -> str:
    spec = importlib.util.find_spec(f"hyperopt.tests.unit.{module}")
    if spec is None or spec.origin is None:
        pytest.skip("this Hyperopt comes without its tests", allow_module_level=True)
    text = pathlib.Path(spec.origin).read_text()
    assert "from hyperopt import (" in text
    return text.replace("from hyperopt import (\n", "from libattune.hyperopt import (\n").replace(
        "    exceptions,\n", ""
    ).replace("import hyperopt.anneal", "import libattune.hyperopt as hyperopt") + "\nfrom hyperopt import exceptions\n"


exec(compile(_theirs("test_fmin"), "hyperopt/tests/unit/test_fmin.py of libattune.hyperopt", "exec", dont_inherit=True), globals())
for name in LEFT_OUT:
    del globals()[name]

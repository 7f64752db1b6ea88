"""The wheel: what it carries, that its tag is true, and that it works alone in an empty environment."""

from __future__ import annotations

import ast
import os
import pathlib
import subprocess
import sys
import venv
import warnings
import zipfile

import pytest

WHEEL = os.environ.get("ATTUNE_WHEEL")
pytestmark = pytest.mark.skipif(WHEEL is None, reason="ATTUNE_WHEEL names no wheel")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An environment with the wheel and nothing else; gives its folder and the variables of its processes."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder)}
    subprocess.run([f"{folder}/bin/python", "-m", "pip", "install", "-q", "--no-index", "--disable-pip-version-check", WHEEL],
                   check=True, env=environment)  # fmt: skip
    return folder, environment


def run(empty, *command):
    folder, environment = empty
    result = subprocess.run([f"{folder}/bin/{command[0]}", *command[1:]], env=environment, cwd=folder, capture_output=True,
                            text=True, timeout=120)  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_it_carries_library_worker_command_headers_and_types():
    with zipfile.ZipFile(WHEEL) as wheel:
        files = {name for name in wheel.namelist() if ".dist-info/" not in name}
        native = {name[len("libattune/_native/") :] for name in files if name.startswith("libattune/_native/")}
        assert native == {"lib/libattune.so.0", "bin/attune", "bin/attune-worker", "include/attune.h",
                          "include/attune_plugin.h", "include/attune_plugin.hpp", "include/attune_rate.h"}  # fmt: skip
        assert "libattune/py.typed" in files
        assert all(name.startswith("libattune/") for name in files)
        for name in ("bin/attune", "bin/attune-worker"):
            assert wheel.getinfo(f"libattune/_native/{name}").external_attr >> 16 & 0o111 == 0o111


def test_its_sources_are_of_python_3_9_and_those_after():
    with zipfile.ZipFile(WHEEL) as wheel:
        sources = {name: wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".py")}
    examples = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "python" / "examples"
    sources.update((str(path), path.read_text()) for path in examples.glob("*.py"))
    assert len(sources) > 50
    for name, text in sources.items():
        tree = ast.parse(text, name, feature_version=(3, 9))
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what later versions refuse is first warned of
            compile(text, name, "exec", dont_inherit=True)
        futures = [one for one in tree.body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
        annotated = any(getattr(one, "annotation", None) or getattr(one, "returns", None) for one in ast.walk(tree))
        assert futures or not annotated, f"{name}: its annotations are evaluated"
        for node in ast.walk(tree):
            # 3.14 warns of leaving a finally by a jump, and 3.12 lacks what was deprecated before.
            assert not isinstance(node, ast.Try) or not any(
                isinstance(one, (ast.Return, ast.Break, ast.Continue)) for one in node.finalbody
            ), name
            modules = [node.module] if isinstance(node, ast.ImportFrom) else []
            modules += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert not {"distutils", "imp", "pkg_resources", "asyncore"} & {(one or "").split(".")[0] for one in modules}, name


def test_its_tag_names_no_older_libc_than_it_needs():
    name = os.path.basename(WHEEL)
    assert "-py3-none-manylinux_" in name
    tagged = tuple(int(part) for part in name.split("manylinux_")[1].split("_")[:2])
    needed = (0, 0)
    with zipfile.ZipFile(WHEEL) as wheel:
        for file in ("lib/libattune.so.0", "bin/attune", "bin/attune-worker"):
            data = wheel.read(f"libattune/_native/{file}")
            for text in data.split(b"GLIBC_")[1:]:
                version = text.split(b"\0")[0].decode("latin-1")
                if version.replace(".", "").isdigit():
                    needed = max(needed, tuple(int(part) for part in version.split(".")[:2]))
    assert (2, 17) <= needed <= tagged


def test_it_works_in_an_empty_environment(empty):
    program = (
        "import libattune\n"
        "with libattune.Study({'x': libattune.FloatDistribution(0, 1)}, seed=1) as study:\n"
        "    study.optimize(lambda trial: (trial['x'] - 0.3) ** 2, n_trials=20)\n"
        "    print(study.best_value < 1e-3, '_native' in libattune.library_path())\n"
        "    print(libattune.plugins('/tmp') is not None)\n"
    )
    assert run(empty, "python", "-c", program) == "True True\nTrue\n"


def test_its_command_works_in_an_empty_environment(empty):
    assert run(empty, "attune", "--version") == run(empty, "python", "-m", "libattune", "--version")
    out = run(empty, "attune", "run", "--native", "libm.so.6", "--call", "f64 cos(f64 x)", "--n-trials", "20",
              "--space", '{"x": {"type": "float", "low": 0, "high": 6.3}}', "--seed", "1")  # fmt: skip
    assert "-0.9" in out or "-1" in out


def test_the_same_seed_gives_the_same_trials_from_the_command(empty):
    space = '{"x": {"type": "float", "low": 0, "high": 6.3}}'
    out = run(empty, "attune", "run", "--native", "libm.so.6", "--call", "f64 cos(f64 x)", "--n-trials", "15", "--space",
              space, "--seed", "1", "-f", "json", "--progress", "none")  # fmt: skip
    program = (
        "import libattune, json, sys\n"
        "with libattune.Study(sys.argv[1], seed=1) as study:\n"
        "    study.optimize(libattune.Objective.symbol('libm.so.6', 'cos', 'f64(f64 x)'), n_trials=15)\n"
        "    print(json.dumps(study.best_params), study.best_value)\n"
    )
    import json

    best = json.loads(out)["best"]
    assert run(empty, "python", "-c", program, space) == f"{json.dumps(best['params'])} {best['value']}\n"


def test_a_plugin_compiles_with_its_headers(empty):
    folder, _ = empty
    include = run(empty, "python", "-c", "import libattune; print(libattune.get_include(), end='')")
    assert sorted(os.listdir(include)) == ["attune.h", "attune_plugin.h", "attune_plugin.hpp", "attune_rate.h"]
    assert str(folder) in include and sys.executable != f"{folder}/bin/python"

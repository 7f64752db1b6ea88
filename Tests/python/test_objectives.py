"""Native functions, plugins and commands as objectives; what there is."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

import libattune
import pytest
from libattune import FloatDistribution, Objective, Study, TrialState

PLUGIN = """
#include <attune_plugin.h>
static int32_t evaluate(void *instance, const attune_eval *eval) {
  double x = ATTUNE_PARAM(eval, 0)->number;
  (void)instance;
  eval->values[0] = (x - 1) * (x - 1);
  return ATTUNE_PLUGIN_OK;
}
static const attune_objective_descriptor objective = {
  sizeof objective, ATTUNE_CAP_THREAD_SAFE, "test.parabola", "Parabola", "1.0.0", "for tests",
  "{\\"x\\": {\\"type\\": \\"float\\", \\"low\\": -5, \\"high\\": 5}}", NULL, NULL, 1, 0, NULL, evaluate, NULL
};
static const attune_objective_descriptor *const objectives[] = {&objective};
static const attune_plugin plugin = {
  sizeof plugin, ATTUNE_PLUGIN_ABI_MAJOR, ATTUNE_PLUGIN_ABI_MINOR, 1, "test.parabola", "Parabola", "1.0.0", NULL,
  objectives, NULL
};
const attune_plugin *attune_plugin_entry_v1(uint32_t major, uint32_t minor) {
  (void)minor;
  return major == ATTUNE_PLUGIN_ABI_MAJOR ? &plugin : 0;
}
"""


def test_a_native_function_of_a_library():
    with Study({"x": FloatDistribution(0, 6.3)}, seed=1) as study:
        with Objective.symbol("libm.so.6", "cos", "f64(f64 x)") as objective:
            assert study.optimize(objective, n_trials=25, n_jobs=2) == "n_trials"
        assert study.best_value < -0.99
        assert objective.__exit__ and study.best_params["x"] == pytest.approx(3.14, abs=0.2)


def test_a_function_of_ctypes_both_native_and_of_python():
    @ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    def parabola(x):
        return (x - 1) ** 2

    with Study({"x": FloatDistribution(0, 6.3)}, seed=1) as study:
        study.optimize(Objective.function(parabola, "f64(f64 x)"), n_trials=10)
        study.optimize(Objective.function(ctypes.CDLL("libm.so.6").cos, "f64(f64 x)"), n_trials=2)
        assert len(study.get_trials([TrialState.COMPLETE])) == 12


def test_a_command():
    with Study({"n": {"type": "int", "low": -5, "high": 5}}, seed=1) as study:
        study.optimize(Objective.command(["sh", "-c", "echo $(( {n} * {n} ))"], timeout=20.0), n_trials=4)
        assert [trial.value for trial in study.trials] == [trial.params["n"] ** 2 for trial in study.trials]
        study.optimize(Objective.command(["false"]), n_trials=1)
        assert study.trials[4].state is TrialState.FAIL and "1" in study.trials[4].reason
        with pytest.raises(TypeError, match="list"):
            Objective.command("echo 1")


@pytest.mark.skipif(shutil.which("cc") is None or "ATTUNE_TREE" not in os.environ, reason="no compiler, or no headers")
def test_a_plugin_brings_its_space(tmp_path):
    source, library = tmp_path / "parabola.c", tmp_path / "parabola.attune.so"
    source.write_text(PLUGIN)
    subprocess.run(["cc", "-shared", "-fPIC", f"-I{os.environ['ATTUNE_TREE']}/include", str(source), "-o", str(library)],
                   check=True)  # fmt: skip
    objective = Objective.plugin(str(library))
    assert objective.describe()["id"] == "test.parabola"
    with Study(objective.space, seed=1) as study:
        study.optimize(objective, n_trials=20)
        assert study.best_value < 0.1
    assert [found["id"] for found in libattune.plugins(str(tmp_path)) if found["path"] == str(library)] == ["test.parabola"]


CRASHES = """
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
double deed(int n) {
  if (n == 1) raise(SIGSEGV);
  if (n == 2) exit(7);
  if (n == 3) for (;;) pause();
  return n;
}
"""


@pytest.fixture(scope="module")
def crashes(tmp_path_factory):
    """A library whose function crashes, exits or hangs as it is told."""
    if shutil.which("cc") is None:
        pytest.skip("no compiler")
    folder = tmp_path_factory.mktemp("crashes")
    (folder / "crashes.c").write_text(CRASHES)
    subprocess.run(["cc", "-shared", "-fPIC", str(folder / "crashes.c"), "-o", str(folder / "crashes.so")], check=True)
    return str(folder / "crashes.so")


@pytest.mark.parametrize("n_jobs", [1, 4])
@pytest.mark.parametrize("in_optimize", [True, False])
def test_what_crashes_in_a_worker_is_a_failed_trial(crashes, n_jobs, in_optimize):
    limits = {"timeout": 0.5, "grace": 0.1, "usage": True}
    with Study({"n": {"type": "int", "low": 0, "high": 9}}, seed=1, strategy="random") as study:
        for number in [0, 1, 2, 3, 4]:
            study.enqueue_trial({"n": number})
        if in_optimize:
            objective = Objective.symbol(crashes, "deed", "f64(i32 n)")
            study.optimize(objective, n_trials=5, n_jobs=n_jobs, max_failures=5, isolate=limits)
            assert objective.describe()["id"]  # still there
        else:
            objective = Objective.symbol(crashes, "deed", "f64(i32 n)", isolate="process", **limits)
            study.optimize(objective, n_trials=5, n_jobs=n_jobs, max_failures=5)
        good, segv, exited, hung, last = study.trials
        assert (good.value, last.value) == (0, 4)
        assert "killed by SIGSEGV" in segv.reason and segv.user_attrs["attune:worker"]["signal_name"] == "SIGSEGV"
        assert "exit status 7" in exited.reason and exited.user_attrs["attune:worker"]["exit_code"] == 7
        assert hung.reason == "timeout after 0.5 s"
        assert good.user_attrs["attune:worker"]["peak_memory_bytes"] > 0


def test_isolation_gives_the_same_study_and_names_what_it_cannot_isolate(crashes):
    found = []
    for isolate in [False, True]:
        with Study({"x": FloatDistribution(0, 6.3)}, seed=1) as study:
            study.optimize(Objective.symbol("libm.so.6", "cos", "f64(f64 x)"), n_trials=12, isolate=isolate)
            found.append([(trial.params, trial.value) for trial in study.trials])
    assert found[0] == found[1]
    with Study({"n": {"type": "int", "low": 0, "high": 0}}) as study:
        with pytest.raises(libattune.NotSupportedError, match=r"Objective\.plugin"):
            study.optimize(lambda trial: 0.0, n_trials=1, isolate=True)
        for objective in [Objective.command(["true"]), Objective.function(ctypes.CDLL("libm.so.6").cos, "f64(f64 n)")]:
            with pytest.raises(libattune.NotSupportedError, match="plugin or a symbol"):
                study.optimize(objective, n_trials=1, isolate={"timeout": 1.0})
        with pytest.raises(libattune.AttuneError, match="timeuot"):
            study.optimize(Objective.symbol(crashes, "deed", "f64(i32 n)"), n_trials=1, isolate={"timeuot": 1.0})
        assert len(study) == 0


def test_failures_are_tried_again(crashes, tmp_path):
    marker = tmp_path / "second"
    with Study({"n": {"type": "int", "low": 0, "high": 0}}, seed=1) as study:
        command = Objective.command(["sh", "-c", f"test -e {marker} && echo 3 || {{ touch {marker}; exit 1; }}"])
        study.optimize(command, n_trials=1, on_failure="retry=1")
        assert study.best_value == 3 and len(study) == 1
        with pytest.raises(libattune.ObjectiveError, match="exit status 1"):
            study.optimize(Objective.command(["false"]), n_trials=5, on_failure="stop")
        with pytest.raises(libattune.AttuneError, match="retry=N"):
            study.optimize(command, n_trials=1, on_failure="again")


def test_errors_of_objectives():
    with pytest.raises(libattune.NotFoundError, match="nothing"):
        Objective.plugin("./nothing.attune.so")
    with pytest.raises(libattune.AttuneError, match="f128"):
        Objective.symbol("libm.so.6", "cos", "f128(f64 x)")
    with Study({"y": FloatDistribution(0, 1)}) as study:
        with pytest.raises(libattune.AttuneError, match="x"):
            study.optimize(Objective.symbol("libm.so.6", "cos", "f64(f64 x)"), n_trials=1)


def test_what_there_is_can_be_listed():
    assert {"random", "bayesian"} <= set(libattune.strategies())
    assert {"none", "median"} <= set(libattune.pruners())
    assert libattune.describe_strategy("bayesian")["options"]
    assert libattune.describe_pruner("median")["name"] == "median"
    assert {"no_improvement", "target", "regret_bound", "expected_improvement"} == set(libattune.stop_rules())
    assert libattune.describe_stop_rule("no-improvement")["options"][0]["key"] == "patience"
    with pytest.raises(KeyError, match="bayesian"):
        libattune.describe_strategy("bayesan")
    assert libattune.version() == libattune.build_info()["version"]

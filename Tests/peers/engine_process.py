"""The harness's end of a worker, and one run: an engine on a problem with a seed."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from adapters import adapter
from problem_set import SET

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("PEERS_HOME", HERE.parent.parent / ".build-attune" / "peers"))
ENVIRONMENTS = HOME / "environments"
RESULTS = Path(os.environ.get("PEERS_RESULTS", HOME / "results")) / SET

ONE_THREAD = {k: "1" for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
                               "VECLIB_MAXIMUM_THREADS", "TOKENIZERS_PARALLELISM")}
ONE_THREAD["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
ONE_THREAD["PYTHONDONTWRITEBYTECODE"] = "1"


def python_of(name):
    """The interpreter of an engine's environment."""
    return ENVIRONMENTS / adapter(name)[0] / "bin" / "python"


class EngineProcess:
    """A worker process. hello is its first answer; an answer with "error" tells what broke."""

    def __init__(self, name):
        self.name = name
        log = Path(tempfile.gettempdir()) / f"peers-{name}-{os.getpid()}.log"
        env = {**os.environ, **ONE_THREAD, "PEERS_OPTUNAHUB": os.environ.get(
            "PEERS_OPTUNAHUB", str(ENVIRONMENTS / "optunahub_registry"))}
        with open(log, "w") as errors:
            self.process = subprocess.Popen(
                [str(python_of(name)), str(HERE / "worker.py"), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True, bufsize=1, env=env, cwd=tempfile.gettempdir())
        self.hello = self._read()

    def _read(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else {"error": f"the worker ended with {self.process.poll()}"}

    def call(self, command, **arguments):
        try:
            self.process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
            self.process.stdin.flush()
        except OSError as error:
            return {"error": f"the worker is gone: {error}"}
        return self._read()

    @property
    def is_alive(self):
        return self.process.poll() is None

    def close(self):
        if self.is_alive:
            try:
                self.process.stdin.write('{"command":"quit"}\n')
                self.process.stdin.close()
            except OSError:
                pass                # it ended between the two lines; wait() below sees that
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def significant(x, digits=9):
    return float(f"{x:.{digits}g}")


def run(engine, problem, seed, budget, cap):
    """The record of one run: true values, observed ones where they differ, seconds of each ask and tell.
    After cap CPU seconds of the engine the run ends early."""
    record = {"opt": engine.name, "problem": problem.name, "seed": seed, "budget": budget}
    answer = engine.call("start", space=problem.space, seed=seed, budget=budget)
    if "error" in answer:
        return {**record, "n": 0, "true": [], "error": answer["error"]}
    observed, true, ask, tell, used, value = [], [], [], [], 0.0, None
    for trial in range(budget + 1):
        wanted = trial < budget and used < cap
        answer = engine.call("step", value=value, ask=wanted)
        if "error" in answer:
            record["error"] = answer["error"]
            break
        used += answer["cpu"]
        if value is not None:
            tell.append(round(answer["tell"], 7))
        if not wanted:
            break
        ask.append(round(answer["ask"], 7))
        value, exact = problem.evaluate(answer["params"], seed, trial)
        observed.append(significant(value))
        true.append(significant(exact))
    record.update(n=len(true), seconds=round(sum(ask) + sum(tell), 4), cpu=round(used, 4), true=true, ask=ask,
                  tell=tell)
    if problem.noise:
        record["observed"] = observed
    return record

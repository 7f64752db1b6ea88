"""Attune and Optuna on problems of several objectives: the volume that their trials dominate.

compare.py run [--engines tpe,nsga2,...] [--problems zdt1,...] [--seeds 10] [--first-seed 0] [--trials 300] [--jobs 2]
               [--runs FILE]
compare.py table [--runs FILE] [--write RESULTS.md]
compare.py record [--runs FILE]

Engines are Attune's strategies by name, with options as in nsga2:survival=crowding, and optuna_nsga2, optuna_tpe
(MOTPE), optuna_gp, all with their defaults. Both sides evaluate the same compiled functions (problems.c). Feasible
trials alone count; volumes are exact, up to a reference of each problem, and shown as a share of the best front that any
run here found. `run` adds what FILE (default: PEERS_HOME/fronts.jsonl) and the recorded runs of the peers
(Tests/peers/recorded/fronts.jsonl.gz) lack; it needs the `attune` in PATH, and where peers are lacking their environment
(optuna, for optuna_gp torch). `record` writes the peers' runs of FILE among the recorded ones.
"""
import argparse
import concurrent.futures
import csv
import ctypes
import gzip
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("PEERS_HOME", HERE.parents[2] / ".build-attune" / "peers"))
REFERENCES = {"zdt1": (1.1, 6), "zdt2": (1.1, 6), "zdt3": (1.1, 6), "dtlz2": (1.5, 1.5, 1.5), "bnh": (140, 50),
              "srn": (250, 50), "tnk": (1.2, 1.2), "osy": (0, 80)}
BUDGETS = (100, 300)
RECORDED = HERE.parent / "recorded" / "fronts.jsonl.gz"
PEERS = ("optuna_nsga2", "optuna_tpe", "optuna_gp")


def library():
    """problems.c, compiled as a plugin."""
    out = HOME / "fronts.attune.so"
    source = HERE / "problems.c"
    if not out.exists() or out.stat().st_mtime < source.stat().st_mtime:
        HOME.mkdir(parents=True, exist_ok=True)
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O2", "-fPIC", "-shared", "-fvisibility=hidden",
                        f"-I{HERE.parents[2] / 'include'}", "-o", str(out), str(source), "-lm"], check=True)
    return out


class Problem:
    """One problem by its name, through C."""

    def __init__(self, name):
        self.lib = ctypes.CDLL(str(library()))
        self.lib.fronts_describe.restype = ctypes.c_char_p
        shape, low, high = (ctypes.c_int * 3)(), (ctypes.c_double * 10)(), (ctypes.c_double * 10)()
        for index in range(100):
            found = self.lib.fronts_describe(index, shape, low, high)
            if found is None:
                raise ValueError(f"no problem {name}")
            if found.decode() == name:
                break
        self.index, (self.variables, self.values, self.constraints) = index, shape
        self.bounds = [(low[i], high[i]) for i in range(self.variables)]

    def __call__(self, x):
        f, c = (ctypes.c_double * 3)(), (ctypes.c_double * 6)()
        self.lib.fronts_evaluate(self.index, (ctypes.c_double * 10)(*x), f, c)
        return list(f[:self.values]), list(c[:self.constraints])


def volume(points, reference):
    """The exact volume between points and reference; slices of the last objective, down to one."""
    points = [p for p in points if all(a < b for a, b in zip(p, reference))]
    if not points:
        return 0.0
    if len(reference) == 1:
        return reference[0] - min(p[0] for p in points)
    points.sort(key=lambda p: p[-1])
    front, total = [], 0.0
    for place, point in enumerate(points):
        rest = point[:-1]
        if not any(all(a <= b for a, b in zip(q, rest)) for q in front):
            front = [q for q in front if not all(a <= b for a, b in zip(rest, q))] + [rest]
        depth = (points[place + 1][-1] if place + 1 < len(points) else reference[-1]) - point[-1]
        if depth > 0:
            total += depth * volume(front, reference[:-1])
    return total


def attune_trials(strategy, name, seed, trials):
    """(values, whether feasible) of each trial of a run of the command."""
    with tempfile.TemporaryDirectory() as folder:
        storage = ["--storage", os.path.join(folder, "study.db"), "--study-name", "fronts"]
        strategy, *options = strategy.split(":")
        subprocess.run(["attune", "run", str(library()), "--objective", f"org.attune.tests.{name}", "--strategy",
                        strategy, "--n-trials", str(trials), "--seed", str(seed), "--n-jobs", "1", "--progress", "none",
                        "-f", "json", *storage, *(word for option in options for word in ("--option", option))],
                       check=True, stdout=subprocess.DEVNULL)
        table = subprocess.run(["attune", "trials", *storage, "-f", "csv"], check=True, capture_output=True,
                               text=True).stdout
    rows = sorted(csv.DictReader(io.StringIO(table)), key=lambda row: int(row["number"]))
    if len(rows) != trials:
        raise ValueError(f"{strategy}, {name}, seed {seed}: {len(rows)} trials, wanted {trials}")
    found = []
    for row in rows:
        values = [float(row[key]) for key in sorted(row) if key.startswith("values_") and row[key]]
        bad = [float(value) > 0 for key, value in row.items() if "constraints:" in key and value]
        found.append((values, not any(bad)))
    return found


def optuna_trials(engine, name, seed, counts):
    """(values, whether feasible) of the trials of a run, each time it has made one of the counts."""
    import warnings

    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    warnings.filterwarnings("ignore")
    problem = Problem(name)
    options = {"seed": seed}
    if problem.constraints:
        options["constraints_func"] = lambda trial: trial.user_attrs["c"]
    sampler = {"optuna_nsga2": optuna.samplers.NSGAIISampler, "optuna_tpe": optuna.samplers.TPESampler,
               "optuna_gp": optuna.samplers.GPSampler}[engine](**options)
    study = optuna.create_study(directions=["minimize"] * problem.values, sampler=sampler)
    found = []

    def objective(trial):
        x = [trial.suggest_float(f"x{i}", low, high) for i, (low, high) in enumerate(problem.bounds)]
        values, constraints = problem(x)
        trial.set_user_attr("c", constraints)
        found.append((values, all(c <= 0 for c in constraints)))
        return values

    for count in counts:
        study.optimize(objective, n_trials=count - len(found))
        yield found


def record(path, engine, name, seed, run, seconds):
    """Appends a line on the trials so far: their volumes at each budget, and their front."""
    front = [v for v, ok in run if ok]
    front = [p for p in front if not any(all(a <= b for a, b in zip(q, p)) and q != p for q in front)]
    line = json.dumps({
        "engine": engine, "problem": name, "seed": seed, "trials": len(run),
        "volumes": {str(budget): volume([v for v, ok in run[:budget] if ok], REFERENCES[name])
                    for budget in BUDGETS if budget <= len(run)},
        "front": front, "seconds": round(seconds, 1)})
    # One write, so that lines of several processes do not mix.
    with open(path, "a", encoding="utf-8") as file:
        file.write(line + "\n")


def measure(job):
    engine, name, seed, trials, path = job
    begin = time.time()
    if engine in PEERS:
        # What is known at each budget stays, should a slow engine be stopped before the next.
        for run in optuna_trials(engine, name, seed, [b for b in BUDGETS if b < trials] + [trials]):
            record(path, engine, name, seed, run, time.time() - begin)
    else:
        record(path, engine, name, seed, attune_trials(engine, name, seed, trials), time.time() - begin)


def read(path):
    if not path.exists():
        return []
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def longest(path):
    """The runs of FILE and the recorded ones by engine, problem and seed: of several the longest."""
    runs = {}
    for found in read(RECORDED) + read(path):
        key = found["engine"], found["problem"], found["seed"]
        if key not in runs or runs[key]["trials"] <= found["trials"]:
            runs[key] = found
    return runs


def record_peers(arguments):
    runs = longest(arguments.runs)
    with open(RECORDED, "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        for key in sorted(runs):
            if key[0] in PEERS:
                line = dict(runs[key], front=[[float(f"{x:.7g}") for x in point] for point in runs[key]["front"]])
                file.write((json.dumps(line) + "\n").encode())


def run(arguments):
    known = {key for key, found in longest(arguments.runs).items() if found["trials"] >= arguments.trials}
    jobs = [(engine, name, seed, arguments.trials, arguments.runs) for engine in arguments.engines.split(",")
            for seed in range(arguments.first_seed, arguments.seeds) for name in arguments.problems.split(",")
            if (engine, name, seed) not in known]
    library()
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        for _ in pool.map(measure, jobs):
            pass


def table(arguments):
    runs = longest(arguments.runs)
    engines = sorted({e for e, _, _ in runs}, key=lambda e: (e in PEERS, e))
    problems = [p for p in REFERENCES if any(q == p for _, q, _ in runs)]
    lines = ["| problem | trials | " + " | ".join(engines) + " | ahead of Optuna's best |",
             "|---" * (len(engines) + 3) + "|"]
    ahead = {e: [0, 0] for e in engines if e not in PEERS}
    for name in problems:
        best = volume([p for (e, q, s), r in runs.items() if q == name for p in r["front"]], REFERENCES[name])
        for budget in BUDGETS:
            means = {}
            for engine in engines:
                values = [r["volumes"][str(budget)] for (e, q, s), r in runs.items()
                          if e == engine and q == name and str(budget) in r["volumes"]]
                if values:
                    means[engine] = (statistics.mean(values) / best, len(values))
            peer = max((v for e, (v, n) in means.items() if e in PEERS), default=None)
            winners = []
            for engine in ahead:
                if peer is not None and engine in means:
                    ahead[engine][1] += 1
                    if means[engine][0] > peer:
                        ahead[engine][0] += 1
                        winners.append(engine)
            cells = [f"{means[e][0]:.4f}" + ("" if means[e][1] == 10 else f" ({means[e][1]})") if e in means else "–"
                     for e in engines]
            lines.append(f"| {name} | {budget} | " + " | ".join(cells) + f" | {', '.join(winners) or 'none'} |")
    lines.append("")
    lines += [f"{engine}: ahead of Optuna's best on {won} of {count} pairs of problem and budget."
              for engine, (won, count) in sorted(ahead.items())]
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if arguments.write:
        head = ("# Several objectives\n\nWritten by `Tests/peers/fronts/compare.py table --write`; do not edit. Dominated "
                "volume as a share of that of the\nbest front found by all runs together; means of 10 seeds, or of as "
                "many as stand in brackets. A dash: not run. optuna_gp\ntakes minutes a run, so that few are made: where "
                "it is missing, \"ahead\" means of the others. Runs of the peers are\nthe recorded ones; `compare.py run "
                "--engines bayesian` and `table` repeat those of Attune beside them.\n\n")
        Path(arguments.write).write_text(head + text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run", "table", "record"])
    parser.add_argument("--engines", default="bayesian,gp,nsga2,tpe,optuna_nsga2,optuna_tpe,optuna_gp")
    parser.add_argument("--problems", default=",".join(REFERENCES))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--runs", type=Path, default=HOME / "fronts.jsonl")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    return {"run": run, "table": table, "record": record_peers}[arguments.action](arguments)


if __name__ == "__main__":
    sys.exit(main())

"""Attune and Optuna on problems of several objectives: the volume that their trials dominate.

compare.py run [--engines tpe,nsga2,...] [--problems zdt1,...] [--seeds 10] [--trials 300] [--jobs 2] [--runs FILE]
compare.py table [--runs FILE] [--write RESULTS.md]

Engines are Attune's strategies by name, with options as in nsga2:survival=crowding, and optuna_nsga2, optuna_tpe
(MOTPE), optuna_gp, all with their defaults. Both sides evaluate the same compiled functions (problems.c). Feasible
trials alone count; volumes are exact, up to a reference of each problem, and shown as a share of the best front that any
run here found. `run` adds what FILE (default: PEERS_HOME/fronts.jsonl) lacks; it needs the `attune` in PATH and the
environment of the peers (optuna, for optuna_gp torch).
"""
import argparse
import concurrent.futures
import csv
import ctypes
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
        storage = ["--storage", os.path.join(folder, "study.jsonl"), "--study-name", "fronts"]
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


def optuna_trials(engine, name, seed, trials):
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

    study.optimize(objective, n_trials=trials)
    return found


def measure(job):
    engine, name, seed, trials = job
    begin = time.time()
    run = (optuna_trials if engine in PEERS else attune_trials)(engine, name, seed, trials)
    volumes = {str(budget): volume([v for v, ok in run[:budget] if ok], REFERENCES[name])
               for budget in BUDGETS if budget <= trials}
    front = [v for v, ok in run if ok]
    front = [p for p in front if not any(all(a <= b for a, b in zip(q, p)) and q != p for q in front)]
    return {"engine": engine, "problem": name, "seed": seed, "trials": trials, "volumes": volumes,
            "front": front, "seconds": round(time.time() - begin, 1)}


def read(path):
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def run(arguments):
    known = {(r["engine"], r["problem"], r["seed"]) for r in read(arguments.runs) if r["trials"] >= arguments.trials}
    jobs = [(engine, name, seed, arguments.trials) for engine in arguments.engines.split(",")
            for name in arguments.problems.split(",") for seed in range(arguments.seeds)
            if (engine, name, seed) not in known]
    library()
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool, \
            open(arguments.runs, "a", encoding="utf-8") as file:
        for record in pool.map(measure, jobs):
            file.write(json.dumps(record) + "\n")
            file.flush()


def table(arguments):
    runs = {}
    for record in read(arguments.runs):
        old = runs.get((record["engine"], record["problem"], record["seed"]))
        if not old or old["trials"] <= record["trials"]:
            runs[record["engine"], record["problem"], record["seed"]] = record
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
                "it is missing, \"ahead\" means of the others.\n\n")
        Path(arguments.write).write_text(head + text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run", "table"])
    parser.add_argument("--engines", default="nsga2,tpe,optuna_nsga2,optuna_tpe,optuna_gp")
    parser.add_argument("--problems", default=",".join(REFERENCES))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--runs", type=Path, default=HOME / "fronts.jsonl")
    parser.add_argument("--write")
    arguments = parser.parse_args()
    return {"run": run, "table": table}[arguments.action](arguments)


if __name__ == "__main__":
    sys.exit(main())

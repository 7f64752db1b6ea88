"""Recorded and fresh runs as traces of the best so far, and regret normalised by random search."""
import gzip
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from problem_set import SET

RECORDED = Path(__file__).resolve().parent / "recorded" / SET
CLIP, FLOOR = 1.5, 1e-4


def read_lines(path):
    """The JSON lines of a file; none where there is no file."""
    if not path.exists():
        return []
    with (gzip.open(path, "rt") if path.suffix == ".gz" else open(path)) as file:
        return [json.loads(line) for line in file]


def steps_of(record):
    """[[trial, value], ...]: where the best so far changes, trials counted from 1. On noisy problems best means
    best observed, and the value is its true one."""
    steps, low = [], float("inf")
    for trial, (seen, true) in enumerate(zip(record.get("observed", record["true"]), record["true"]), 1):
        if seen < low:
            low = seen
            steps.append([trial, true])
    return steps


def compact(record):
    """What scoring needs of a record."""
    return {"opt": record["opt"], "problem": record["problem"], "seed": record["seed"], "n": record["n"],
            "low": min(record["true"]), "seconds": record["seconds"], "best": steps_of(record)}


def write_recorded(records):
    """Puts records in the place of the recorded ones of the same engine, problem and seed, or beside them."""
    path = RECORDED / "peers.jsonl.gz"
    kept = {(r["opt"], r["problem"], r["seed"]): r for r in read_lines(path)}
    kept.update({(r["opt"], r["problem"], r["seed"]): compact(r) for r in records if r["n"]})
    path.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(kept[k], separators=(",", ":")) + "\n" for k in sorted(kept))
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def trace_of(record):
    """The best so far after each trial."""
    trace = np.empty(record["n"])
    for trial, value in record["best"] if "best" in record else steps_of(record):
        trace[trial - 1:] = value
    return trace


class Runs:
    """traces: engine -> problem -> seed -> best so far after each trial."""

    def __init__(self):
        self.traces = defaultdict(lambda: defaultdict(dict))
        self.seconds = defaultdict(list)    # engine -> [(seconds inside ask and tell, trials)]
        self.low = {}                       # problem -> least true value of any run
        self.references = json.loads((RECORDED / "references.json").read_text())

    @classmethod
    def recorded(cls):
        """The runs of the peers that are kept with this file."""
        runs = cls()
        runs.add(read_lines(RECORDED / "peers.jsonl.gz"))
        return runs

    def add(self, records, budget=100):
        """Of two runs of one engine, problem and seed the longer stays."""
        for r in records:
            if r.get("budget", 100) != budget or not r["n"]:
                continue
            seeds = self.traces[r["opt"]][r["problem"]]
            if r["seed"] not in seeds or len(seeds[r["seed"]]) < r["n"]:
                seeds[r["seed"]] = trace_of(r)
            low = r["low"] if "low" in r else min(r["true"])
            self.low[r["problem"]] = min(low, self.low.get(r["problem"], low))
            self.seconds[r["opt"]].append((r["seconds"], r["n"]))

    def optimum(self, problem):
        reference = self.references[problem]
        if reference["how"] in ("known", "table minimum"):
            return reference["optimum"]
        return min(reference["optimum"], self.low.get(problem, reference["optimum"]))

    def regret(self, problem, n):
        """engine -> array over its seeds of the normalised regret after n trials: 0 at the optimum, 1 at the median
        of random search, at most 1.5. None where random search finds the optimum anyway."""
        reference, optimum = self.references[problem]["random_median"][str(n)], self.optimum(problem)
        scale = reference - optimum
        if scale <= 1e-12 * max(1.0, abs(reference)):
            return None
        out = {}
        for engine, by_problem in self.traces.items():
            values = [np.clip((trace[n - 1] - optimum) / scale, 0, CLIP)
                      for _, trace in sorted(by_problem.get(problem, {}).items()) if len(trace) >= n]
            if values:
                out[engine] = np.array(values)
        return out

    def regrets(self, n):
        """problem -> engine -> array over seeds, for the problems with a regret at n."""
        table = {p: self.regret(p, n) for p in self.references}
        return {p: v for p, v in table.items() if v is not None}

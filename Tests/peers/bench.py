#!/usr/bin/env python3
"""Runs engines on problems, trial by trial, each with the same budget and seeds. See README.md.

  bench.py list
  bench.py run --engines attune --problems all --seeds 0-9 --jobs 2
  bench.py check --engines random,optuna_tpe --seeds 0      runs peers again, compares with the recorded runs
  bench.py record --engines optuna_tpe                       puts its finished runs into recorded/peers.jsonl.gz
  bench.py references --problems all                         optimum and random search's medians anew
Finished runs are in PEERS_RESULTS (one file of JSON lines an engine) and are not repeated: delete a file to repeat.
"""
import argparse
import fcntl
import json
import multiprocessing
import os
import sys
import time

from engine_process import ONE_THREAD, RESULTS, EngineProcess, python_of, run

os.environ.update(ONE_THREAD)       # before numpy is imported: suite D trains in this process

import problems
import references
from adapters import ADAPTERS, adapter
from runs import Runs, read_lines, trace_of, write_recorded


def parse_seeds(text):
    seeds = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def append(path, record):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(record, separators=(",", ":")) + "\n")


def work(jobs, failures, folder, budget, cap):
    """Takes jobs until there is none; keeps a worker while the engine stays the same."""
    engine = None
    while (job := jobs.get()) is not None:
        name, problem, seed = job
        if engine is None or engine.name != name or not engine.is_alive:
            if engine:
                engine.close()
            engine = EngineProcess(name)
        if "error" in engine.hello:
            record = {"n": 0, "error": engine.hello["error"]}
        else:
            record = run(engine, problems.get(problem), seed, budget, cap)
        if "error" in record:
            failures.put(f"{name} on {problem}, seed {seed}, after {record['n']} trials: {record['error'][-400:]}")
            engine.close()
            engine = None
        else:
            append(folder / f"{name}.jsonl", record)
    if engine:
        engine.close()


def run_all(names, chosen, seeds, budget, jobs, cap, folder):
    """Runs what is not there yet; returns what failed."""
    for name in names:
        if not python_of(name).exists():
            raise SystemExit(f"peers: {name} needs the environment {adapter(name)[0]}: sh Tests/peers/environments.sh "
                             f"{adapter(name)[0]}")
    done = {(r["opt"], r["problem"], r["seed"]) for name in names for r in read_lines(folder / f"{name}.jsonl")
            if r["budget"] == budget}
    todo = [(o, p, s) for o in names for s in seeds for p in chosen if (o, p, s) not in done]
    print(f"peers: {len(todo)} runs of {budget} trials to do", file=sys.stderr)
    context = multiprocessing.get_context("fork")
    queue, failures = context.Queue(), context.SimpleQueue()
    for job in todo + [None] * jobs:
        queue.put(job)
    processes = [context.Process(target=work, args=(queue, failures, folder, budget, cap)) for _ in range(jobs)]
    start = time.time()
    for process in processes:
        process.start()
    failed = []
    while any(process.is_alive() for process in processes) or not failures.empty():
        while not failures.empty():
            failed.append(failures.get())
        time.sleep(0.05)
    failed += [f"a process of the harness ended with {p.exitcode}" for p in processes if p.exitcode]
    print(f"peers: done in {time.time() - start:.0f} s", file=sys.stderr)
    for text in failed:
        print(f"peers: failed: {text}", file=sys.stderr)
    return failed


def check(names, folder):
    """Compares the runs in folder with the recorded ones; returns how many differ."""
    recorded, differing = Runs.recorded(), 0
    for name in names:
        same = 0
        for record in read_lines(folder / f"{name}.jsonl"):
            known = recorded.traces.get(name, {}).get(record["problem"], {}).get(record["seed"])
            if known is None or len(known) != record["n"]:
                print(f"{name} {record['problem']} seed {record['seed']}: no recorded run of this length")
            elif (known == trace_of(record)).all():
                same += 1
            else:
                differing += 1
                first = int((known != trace_of(record)).argmax()) + 1
                print(f"{name} {record['problem']} seed {record['seed']}: differs from trial {first} on")
        print(f"{name}: {same} runs equal to the recorded ones, bit for bit")
    return differing


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "run", "check", "record", "references"])
    parser.add_argument("--engines", default="attune")
    parser.add_argument("--problems", default="all", help="all, suites A to D, names; separated by commas")
    parser.add_argument("--seeds", default="0-9")
    parser.add_argument("--budget", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cap", type=float, default=300, help="CPU seconds of the engine after which a run ends early")
    a = parser.parse_args()
    names, chosen = a.engines.split(","), problems.select(a.problems)
    if a.command == "list":
        print("problems:", *problems.NAMES)
        print("engines: attune_STRATEGY", *ADAPTERS)
        return 0
    if a.command == "references":
        return references.write(chosen, RESULTS / "references.json")
    if a.command == "record":
        write_recorded(r for name in names for r in read_lines(RESULTS / "runs" / f"{name}.jsonl")
                       if r["budget"] == a.budget)
        return 0
    folder = RESULTS / ("check" if a.command == "check" else "runs")
    failed = run_all(names, chosen, parse_seeds(a.seeds), a.budget, a.jobs, a.cap, folder)
    if a.command == "check" and check(names, folder):
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What ask and tell cost, Attune and peers side by side: 10 mixed parameters, fresh processes, one core.

usage: overhead.py [--rounds 3] [--engines attune_tpe,optuna_tpe,...] [--cap 300]
The engines take turns within a round, so that what else the machine does meets all of them. Prints the tables and
leaves the measurements in PEERS_RESULTS/overhead.json, from where tables.py takes them. ATTUNE_LIB names the library.
"""
import argparse
import ctypes
import datetime
import json
import os
import platform
import subprocess
import sys

from engine_process import HERE, ONE_THREAD, RESULTS, python_of
from overhead_table import overhead_lines

# engine -> numbers of trials told at which it is measured
PLAN = {
    "attune_random": [1000], "optuna_random": [1000], "rustuna_random": [1000],
    "attune_tpe": [100, 1000, 100_000], "optuna_tpe": [100, 1000], "rustuna_tpe": [100, 1000],
    "attune_gp": [100, 200, 1000], "optuna_gp": [100],
    "attune_bayesian": [100, 200, 1000, 100_000],
}
# engine -> trials that it is filled up to at the end, for its memory: at some milliseconds an ask it cannot be run so far
FILL = {"attune_gp": 100_000}


def versions():
    """What was measured, and on what."""
    found = {"Python": platform.python_version()}
    for package in ("optuna", "rustuna", "torch"):
        code = f"from importlib import metadata; print(metadata.version({package!r}))"
        answer = subprocess.run([str(python_of("optuna_tpe")), "-c", code], capture_output=True, text=True)
        found[package] = answer.stdout.strip() or "not installed"
    version = ctypes.CDLL(os.environ["ATTUNE_LIB"]).attune_version_string
    version.restype = ctypes.c_char_p
    found["Attune"] = version().decode()
    return found


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.machine()


def measure(name, seed, numbers, cap):
    """One process; {"error"} when the engine cannot be had."""
    command = [python_of(name), HERE / "overhead_worker.py", name, seed, ",".join(map(str, numbers)), cap,
               FILL.get(name, 0)]
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                            env={**os.environ, **ONE_THREAD})
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or [f"ended with {answer.returncode}"]
        return {"error": lines[-1][:300]}
    return json.loads(answer.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", default=",".join(PLAN))
    parser.add_argument("--cap", type=float, default=300)
    a = parser.parse_args()
    if not os.environ.get("ATTUNE_LIB"):
        raise SystemExit("overhead.py: ATTUNE_LIB must name libattune.so")
    names = a.engines.split(",")
    engines = {name: [] for name in names}
    for seed in range(a.rounds):
        for name in names:
            if any("error" in m for m in engines[name]):
                continue
            print(f"peers: round {seed + 1} of {a.rounds}: {name}", file=sys.stderr)
            engines[name].append(measure(name, seed, PLAN.get(name, [100, 1000]), a.cap))
    result = {"date": str(datetime.date.today()), "rounds": a.rounds, "versions": versions(), "processor": processor(),
              "load": os.getloadavg()[1], "engines": engines}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "overhead.json").write_text(json.dumps(result) + "\n")
    print("\n".join(overhead_lines(result)))


if __name__ == "__main__":
    main()

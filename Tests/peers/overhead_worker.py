"""What ask and tell cost in one engine, in a process of its own; prints one line of JSON.

usage: overhead_worker.py NAME SEED N,N,... CAP [FILL]
CAP: CPU seconds of the engine after which it ends early. FILL: finished trials are added up to this number at the end,
before a last ask, for the memory they take.

A window of trials around every N is kept (20 at 100, 100 at 1,000, at most 1,000), and the first 100 trials; "worst" is
the longest ask + tell of the first 210 trials, fits among them.
"""
import json
import math
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from adapters import load
from space import choice, real, whole

SPACE = [real("x0", -5, 5), real("x1", 0, 1), real("x2", -1, 1), real("rate", 1e-5, 1e-1, True),
         real("decay", 1e-8, 1e-2, True), whole("layers", 1, 8), whole("width", 16, 1024, True), whole("depth", 1, 20),
         choice("kernel", ["rbf", "poly", "linear"]), choice("optimizer", ["sgd", "adam", "rmsprop", "adagrad"])]


def value(p):
    """A smooth objective of all ten, with a term that depends on a choice; its cost is not measured."""
    offset = {"rbf": 0.0, "poly": 0.7, "linear": 1.5}[p["kernel"]]
    centre = {"sgd": 1.0, "adam": -2.0, "rmsprop": 2.5, "adagrad": 0.0}[p["optimizer"]]
    return (offset + 0.1 * (p["x0"] - centre) ** 2 + (p["x1"] - 0.3) ** 2 + (p["x2"] + 0.4) ** 2
            + 50 * (p["rate"] - 0.01) ** 2 + 100 * p["decay"] + 0.05 * abs(p["layers"] - 3)
            + 1e-6 * (p["width"] - 200) ** 2 + 0.01 * abs(p["depth"] - 7))


def peak_memory():
    """VmHWM in MB: the most memory this process has had resident."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def window(n):
    width = min(1000, max(20, n // 10))
    return range(n - width // 2, n + width // 2)


def drawn(stream):
    """Parameters at random."""
    params = {}
    for p in SPACE:
        if p["type"] == "cat":
            params[p["name"]] = stream.choice(p["choices"])
        elif p["type"] == "int":
            params[p["name"]] = stream.randint(p["lo"], p["hi"])
        elif p["log"]:
            x = math.exp(stream.uniform(math.log(p["lo"]), math.log(p["hi"])))
            params[p["name"]] = min(max(x, p["lo"]), p["hi"])
        else:
            params[p["name"]] = stream.uniform(p["lo"], p["hi"])
    return params


def main(name, seed, numbers, cap, fill=0):
    before = peak_memory()
    engine = load(name)(SPACE, seed, max(numbers))
    windows = {0: range(100), **{n: window(n) for n in numbers}}
    last = max(w.stop for w in windows.values())
    kept, used, reached, memory, worst = {n: [] for n in windows}, 0.0, 0, {}, None
    wall, cpu = time.perf_counter, time.process_time
    for trial in range(last):
        c, t = cpu(), wall()
        params = engine.ask()
        c1, t1 = cpu(), wall()
        y = value(params)
        c2, t2 = cpu(), wall()
        engine.tell(params, y)
        c3, t3 = cpu(), wall()
        taken = (c1 - c + c3 - c2, t1 - t + t3 - t2)
        used += taken[0]
        reached = trial + 1
        if trial < 210:
            worst = max(worst or taken, taken)
        for n, around in windows.items():
            if trial in around:
                kept[n].append(taken)
        if reached in numbers:
            memory[reached] = peak_memory()
        if used > cap:
            break
    if fill and used <= cap:
        stream = random.Random(seed)
        for _ in range(reached, fill):
            params = drawn(stream)
            engine.add(params, value(params))
        engine.ask()
        memory[fill] = peak_memory()
    whole_windows = {n: times for n, times in kept.items() if len(times) == len(windows[n])}
    print(json.dumps({"reached": reached, "windows": whole_windows, "memory": memory, "before": before,
                      "worst": worst if reached >= 210 else None}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(n) for n in sys.argv[3].split(",")], float(sys.argv[4]),
         *map(int, sys.argv[5:6]))

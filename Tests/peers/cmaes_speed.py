"""cmaes_speed.py [OPTION...]: what ask and tell of Attune's strategy cmaes cost, beside the package cmaes.

Both minimise the same ellipsoid for 1,000 trials a dimension, in turns, so that both meet the same load; Attune through
its C ABI, from C (cmaes_speed.c). What counts is the processor time of ask and tell, without the objective, and the ratio
of two runs made one after the other: the median of them, and the least and the largest. Needs a C compiler, ATTUNE_LIB, and
the environment `base` of environments.sh.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # threads of its own would only add to the package's time

import numpy as np
from cmaes import CMA

HERE = pathlib.Path(__file__).resolve().parent


def compiled(folder):
    library, program = pathlib.Path(os.environ["ATTUNE_LIB"]).resolve(), pathlib.Path(folder) / "cmaes_speed"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", f"-I{HERE.parent.parent / 'include'}", HERE / "cmaes_speed.c",
                    "-o", program, library, f"-Wl,-rpath,{library.parent}", "-lm"], check=True)
    return program


def attune(program, dimensions, trials, seed):
    arguments = [program, str(dimensions), str(trials), str(seed)]
    return float(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()[0])


def package(dimensions, trials, seed):
    factors, inside, start = 900 ** (np.arange(dimensions) / (dimensions - 1)), 0.0, time.process_time()
    search = CMA(mean=np.zeros(dimensions), sigma=2.0, bounds=np.array([[-5.0, 5.0]] * dimensions), seed=seed)
    told = 0
    while told < trials:
        solutions = []
        for _ in range(search.population_size):
            x = search.ask()
            before = time.process_time()
            value = float((factors * (x - 1.3) ** 2).sum())
            inside += time.process_time() - before
            solutions.append((x, value))
        told += len(solutions)
        search.tell(solutions)
        if search.should_stop():
            search = CMA(mean=np.zeros(dimensions), sigma=2.0, bounds=np.array([[-5.0, 5.0]] * dimensions),
                         seed=seed + told)
    return (time.process_time() - start - inside) / told * 1e6


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dimensions", default="5,20")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    print("| dimensions | Attune cmaes, µs | package cmaes, µs | times as fast | least | largest |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(folder)
        for dimensions in map(int, options.dimensions.split(",")):
            rounds = [(attune(program, dimensions, 1000 * dimensions, seed), package(dimensions, 1000 * dimensions, seed))
                      for seed in range(1, options.rounds + 1)]
            ours, theirs = (statistics.median(times) for times in zip(*rounds))
            ratios = sorted(their / our for our, their in rounds)
            print(f"| {dimensions} | {ours:.2f} | {theirs:.1f} | {statistics.median(ratios):.1f} | {ratios[0]:.1f}"
                  f" | {ratios[-1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()

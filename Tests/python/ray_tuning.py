"""A tuning run on Ray for test_ray.py, in a program of its own: workers, a node and the program itself are killed in it.

usage: ray_tuning.py FOLDER start|restore|node STORAGE|memory [MAX_FAILURES]

node: one of three nodes is killed whole, with the trial that runs on it; otherwise workers kill themselves.
"""

from __future__ import annotations

import os
import pathlib
import signal
import sys
import threading
import time

os.environ.update(RAY_USAGE_STATS_ENABLED="0", TUNE_WARN_EXCESSIVE_EXPERIMENT_CHECKPOINT_SYNC_THRESHOLD_S="0")

import ray
from libattune.ray import AttuneSearch
from ray import tune
from ray.cluster_utils import Cluster
from ray.tune import Checkpoint, FailureConfig, RunConfig, TuneConfig, Tuner

SAMPLES = 8
#: The loopback, by an address that Ray does not take for "this host" and replaces by another.
NODE = "127.0.0.2"


def train(config):
    """Three steps; where no node dies, the first worker of every second trial is killed after its first one."""
    folder = pathlib.Path(config["folder"])
    mark = folder / "killed" / tune.get_context().get_trial_id()
    checkpoint, first = tune.get_checkpoint(), 0
    if checkpoint:
        with checkpoint.as_directory() as kept:
            first = int((pathlib.Path(kept) / "step").read_text())
    for step in range(first, 3):
        loss = (config["x"] - 0.3) ** 2 + 0.1 * config["nested"]["n"] / (step + 1)
        kept = folder / "kept" / f"{tune.get_context().get_trial_id()}-{step}"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "step").write_text(str(step + 1))
        tune.report({"loss": loss}, checkpoint=Checkpoint(str(kept)))
        if config["part"] == "node":
            where = folder / "ran" / ray.get_runtime_context().get_node_id()
            where.mkdir(parents=True, exist_ok=True)
            (where / f"{tune.get_context().get_trial_id()}-{step}").touch()
            time.sleep(1)
        elif config["x"] > 0.5 and not mark.exists():
            mark.parent.mkdir(exist_ok=True)
            mark.touch()
            time.sleep(0.5)
            os.kill(os.getpid(), signal.SIGKILL)


def kill_in_mid_trial(cluster, node, folder):
    """Kills all of a node as soon as a trial has taken a step on it."""
    ran = folder / "ran" / node.node_id
    while not ran.is_dir() or not any(ran.iterdir()):
        time.sleep(0.05)
    cluster.remove_node(node, allow_graceful=False)
    (folder / "killed").mkdir()
    (folder / "killed" / node.node_id).touch()


def main():
    folder, part, storage = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    # Two nodes or three, each with processes of its own; on the loopback alone.
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "node_ip_address": NODE, "include_dashboard": False,
                        "object_store_memory": 80_000_000},
    )  # fmt: skip
    cluster.add_node(num_cpus=1, node_ip_address=NODE, object_store_memory=80_000_000)
    doomed = None
    if part == "node":
        doomed = cluster.add_node(num_cpus=1, node_ip_address=NODE, object_store_memory=80_000_000)
    ray.init(address=cluster.address, _node_ip_address=NODE, log_to_driver=False)
    if doomed is not None:
        threading.Thread(target=kill_in_mid_trial, args=(cluster, doomed, folder), daemon=True).start()
    if part != "restore":
        search = AttuneSearch(seed=1, storage=None if storage == "memory" else storage, study_name="ray")
        tuner = Tuner(
            train,
            param_space={"x": tune.uniform(0, 1), "nested": {"n": tune.randint(1, 4)}, "folder": str(folder),
                         "part": part},
            tune_config=TuneConfig(
                search_alg=search, metric="loss", mode="min", num_samples=SAMPLES,
                max_concurrent_trials=3 if part == "node" else 2,
            ),
            run_config=RunConfig(
                name="run", storage_path=str(folder), verbose=0,
                failure_config=FailureConfig(max_failures=int(sys.argv[4]) if len(sys.argv) > 4 else 2),
            ),
        )  # fmt: skip
    else:
        tuner = Tuner.restore(str(folder / "run"), trainable=train, resume_unfinished=True, restart_errored=True)
    grid = tuner.fit()
    search = tuner._local_tuner._tune_config.search_alg
    while not isinstance(search, AttuneSearch):
        search = search.searcher
    for result in grid:
        ended = "None" if result.error is None else type(result.error).__name__
        print("RAY", result.metrics["trial_id"], result.config["x"], result.metrics["loss"], ended)
    for trial in search.study.trials:
        print("ATTUNE", trial.number, trial.attributes["ray:trial_id"], trial.params["x"], trial.value, trial.state.name)
        if trial.reason is not None:
            print("REASON", trial.number, trial.reason)
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()

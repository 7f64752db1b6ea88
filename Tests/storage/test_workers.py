"""attune worker: many processes on one study, which die, pause and come back."""
import json
import os
import signal
import time

import yaml

from harness import test
from stores import consistent, finish, on_each, postgres, trials
from test_together import ASK

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORKERS = os.path.join(ROOT, "Sources", "packaging", "workers")


def program(seconds=0.0):
    return ["--", "sh", "-c", f'sleep {seconds}; echo "$ATTUNE_PARAM_X"']


def worker(place, store, total, seconds=0.0):
    return place.start(
        "worker", *store.arguments(), *ASK, "--total-trials", str(total), *program(seconds))


def running(place, store, count):
    """Waits until so many trials run."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        result = place.run("trials", *store.arguments(), "-f", "json")
        if result.status == 0 and sum(t["state"] == "RUNNING" for t in result.json) >= count:
            return
        time.sleep(0.1)
    raise AssertionError(f"no {count} trials run")


def completed(store, total):
    """So many trials are COMPLETE, each with its own value; the others were lost."""
    found = consistent(store.load())
    done = [t for t in found if t.state.name == "COMPLETE"]
    assert len(done) == total, [(t.number, t.state.name) for t in found]
    assert all(t.value == t.params["x"] for t in done)
    lost = [t for t in found if t.state.name != "COMPLETE"]
    assert all(t.system_attrs["attune:reason"] == "worker lost" for t in lost), lost
    return found, lost


@on_each
def workers_end_together_at_the_total(place, store):
    workers = [worker(place, store, 40) for _ in range(6)]
    for process in workers:
        finish(process)
    found, lost = completed(store, 40)
    assert len(found) == 40 and not lost


@on_each
def trials_of_killed_workers_are_tried_again(place, store):
    victims = [worker(place, store, 12, seconds=1.5) for _ in range(2)]
    others = [worker(place, store, 12, seconds=0.3) for _ in range(2)]
    running(place, store, 4)
    for victim in victims:
        victim.kill()
        victim.communicate()
    for process in others:
        finish(process)
    found, lost = completed(store, 12)
    assert 1 <= len(lost) <= 2, lost
    for trial in lost:
        again = [t for t in found if t.system_attrs.get("failed_trial") == trial.number]
        assert len(again) == 1 and again[0].params == trial.params
        assert again[0].system_attrs["retry_history"] == [trial.number]


@on_each
def a_paused_worker_keeps_its_trial(place, store):
    paused = worker(place, store, 6, seconds=0.7)
    running(place, store, 1)
    other = worker(place, store, 6, seconds=0.2)
    os.kill(paused.pid, signal.SIGSTOP)
    time.sleep(3)
    os.kill(paused.pid, signal.SIGCONT)
    finish(other)
    finish(paused)
    found, lost = completed(store, 6)
    assert not lost and len(found) == 6


def silence(store, process):
    """As if a worker were on a machine that has not been heard of for long."""
    import psycopg2
    connection = psycopg2.connect(store.attune)
    connection.autocommit = True
    connection.cursor().execute(
        "UPDATE attune_workers SET host = 'elsewhere', boot = 'another',"
        " heartbeat = heartbeat - interval '1 hour' WHERE pid = %s", [process.pid])
    connection.close()


def returned(place, store, late):
    """The late worker is told so and ends well; what it found is kept beside the trial."""
    out, err = late.communicate(timeout=120)
    assert late.returncode == 0, err
    assert "was given up while its worker was silent" in err, err
    kept = trials(place, store)[0]["attributes"]["attune:late_result"]
    x = store.load().trials[0].params["x"]
    assert kept["state"] == "COMPLETE" and kept["values"] == [x], kept


@test
def who_returns_from_another_machine_changes_nothing(place):
    store = postgres(place)
    late = worker(place, store, 6, seconds=12)
    running(place, store, 1)
    other = worker(place, store, 6, seconds=0.5)
    running(place, store, 2)
    silence(store, late)
    finish(other)
    found, lost = completed(store, 6)
    assert [t.number for t in lost] == [0]
    returned(place, store, late)
    completed(store, 6)


@test
def the_trial_of_one_that_was_alone_goes_on_under_its_number(place):
    store = postgres(place)
    late = worker(place, store, 3, seconds=12)
    running(place, store, 1)
    silence(store, late)
    finish(worker(place, store, 3))
    found, lost = completed(store, 3)
    assert not lost and len(found) == 3
    returned(place, store, late)


@on_each
def the_slurm_script_works_as_plain_processes(place, store):
    def start(index):
        import subprocess
        return subprocess.Popen(
            ["sh", os.path.join(WORKERS, "worker.sbatch"), *ASK, "--total-trials", "12", *program()],
            cwd=place.path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={
                **place.environment, "ATTUNE_STORAGE": store.attune, "ATTUNE_STUDY": "s",
                "SLURM_ARRAY_TASK_ID": str(index), "SLURM_CPUS_PER_TASK": "2"})
    for process in [start(index) for index in range(3)]:
        finish(process)
    completed(store, 12)


@on_each
def the_kubernetes_manifest_works_as_plain_processes(place, store):
    import subprocess
    with open(os.path.join(WORKERS, "worker.yaml")) as file:
        job = yaml.safe_load(file)
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    assert job["spec"]["completions"] == job["spec"]["parallelism"]
    container = job["spec"]["template"]["spec"]["containers"][0]
    arguments = container["command"] + container["args"]
    # The plugin of the image is a program here, the limit one that is soon reached.
    at = arguments.index("/plugins/svm.attune.so")
    arguments[at:at + 1] = ASK
    arguments[arguments.index("1000")] = "12"
    names = [variable["name"] for variable in container["env"]]
    assert names == ["ATTUNE_STUDY", "ATTUNE_STORAGE"]
    environment = {**place.environment, **dict(zip(names, ("s", store.attune)))}
    processes = [
        subprocess.Popen(
            [*arguments, *program()], cwd=place.path, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**environment, "JOB_COMPLETION_INDEX": str(index)})
        for index in range(3)]
    for process in processes:
        finish(process)
    completed(store, 12)

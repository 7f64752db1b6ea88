"""What happens around a study: garbage collection, fork, the end of the interpreter, the command line."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
import weakref

import libattune
import pytest
from libattune import FloatDistribution, Study, TrialState

LINE = {"x": FloatDistribution(-10, 10)}


def test_forgotten_studies_and_trials_are_freed():
    study = Study(LINE, strategy="random")
    trials = [study.ask() for _ in range(100)]
    gone = weakref.ref(study)
    del study
    gc.collect()
    assert gone() is not None  # its trials hold it
    trials.clear()
    gc.collect()
    assert gone() is None


def test_a_cycle_through_a_study_is_collected():
    study = Study(LINE)
    study.myself = [study, study.ask()]
    gone = weakref.ref(study)
    del study
    gc.collect()
    assert gone() is None


def test_handles_do_not_run_out():
    """More trials and studies than there may be handles at a time, were they kept."""
    with Study(LINE, strategy="random") as study:
        for _ in range(70_000):
            study.ask()
    for _ in range(3000):
        Study(LINE, strategy="random").ask()


def test_threads_and_the_collector_at_once():
    failures = []

    def work(seed):
        try:
            for _ in range(60):
                study = Study(LINE, seed=seed, strategy="random")
                study.optimize(lambda trial: trial["x"], n_trials=3)
                study.myself = study
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        gc.collect()
    assert not failures


def test_a_forked_process_gets_a_clear_error():
    study = Study(LINE, strategy="random")
    trial = study.ask()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        found = []
        for use in (study.ask, lambda: study.tell(trial, 1.0), lambda: Study(LINE), lambda: study.trials,
                    lambda: study.optimize(len, n_trials=1)):  # fmt: skip
            try:
                use()
                found.append("no error")
            except libattune.InvalidStateError as error:
                found.append("spawn" if "spawn" in str(error) else str(error))
            except BaseException as error:
                found.append(repr(error))
        del study, trial
        gc.collect()
        os.write(write, "|".join(found).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answers:
        assert answers.read().decode().split("|") == ["spawn"] * 5
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert study.tell(trial, 1.0) is TrialState.COMPLETE


def test_importing_alone_does_not_forbid_to_fork(run_python):
    result = run_python("""
        import os, libattune
        child = os.fork()
        study = libattune.Study({"x": [1, 2]}, strategy="grid")
        study.ask()
        study.close()
        if child:
            assert os.waitpid(child, 0)[1] == 0
            print("both")
        """)
    assert result.returncode == 0 and result.stdout == "both\n", result.stderr


def test_spawned_processes_share_a_storage(run_python, storage):
    result = run_python(
        """
        import multiprocessing, sys, libattune

        def work(storage):
            with libattune.Study.open(storage) as study:
                study.optimize(lambda trial: trial["x"], n_trials=10)

        if __name__ == "__main__":
            space = {"x": libattune.FloatDistribution(0, 1)}
            with libattune.Study(space, storage=sys.argv[1], seed=1, strategy="random") as study:
                context = multiprocessing.get_context("spawn")
                workers = [context.Process(target=work, args=(sys.argv[1],)) for _ in range(3)]
                for worker in workers: worker.start()
                for worker in workers: worker.join()
                assert [worker.exitcode for worker in workers] == [0, 0, 0]
            with libattune.Study.open(sys.argv[1]) as study:
                print(len(study), [trial.number for trial in study.trials] == list(range(30)))
        """,
        storage,
    )
    assert result.stdout == "30 True\n", result.stderr


@pytest.mark.parametrize("end", ["pass", "raise SystemExit(3)", "study.close()", "del study", "import os; os._exit(0)"])
def test_the_interpreter_ends_with_open_studies(run_python, end):
    result = run_python(f"""
        import libattune
        study = libattune.Study({{"x": libattune.FloatDistribution(0, 1)}})
        study.myself = study
        trials = [study.ask() for _ in range(20)]
        class Late:
            def __del__(self, trials=trials): trials.clear()
        late = Late()
        print("end", flush=True)
        {end}
        """)
    assert result.stdout == "end\n"
    assert result.returncode == (3 if "3" in end else 0)
    assert result.stderr == ""


def test_the_interpreter_ends_while_daemons_optimize(run_python):
    result = run_python("""
        import libattune, threading, time
        study = libattune.Study({"x": libattune.FloatDistribution(0, 1)}, strategy="random")
        def work(): study.optimize(lambda trial: time.sleep(0.001) or trial["x"], n_trials=10**9, n_jobs=3)
        threading.Thread(target=work, daemon=True).start()
        while len(study) < 20: time.sleep(0.01)
        print("end", flush=True)
        """)
    assert result.stdout == "end\n" and result.returncode == 0, result.stderr


def test_callbacks_of_other_threads_run_while_this_one_is_in_the_library():
    """The GIL is free while the library waits: a thread that needs it gets on."""
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        with Study({"x": [1, 2]}, strategy="random") as study:
            study.optimize(libattune.Objective.command(["sh", "-c", "sleep 1; echo 1"]), n_trials=1)
    finally:
        done.set()
        thread.join()
    assert len(ticks) > 5


def test_the_module_is_the_command_line():
    result = subprocess.run([sys.executable, "-m", "libattune", "--version"], capture_output=True, text=True)
    assert result.returncode == 0 and libattune.version() in result.stdout
    result = subprocess.run([sys.executable, "-m", "libattune", "nonsense"], capture_output=True, text=True)
    assert result.returncode == 2 and "attune: error" in result.stderr

"""run --isolate process: crashes, hangs and limits of a plugin as failed trials."""
import os
import signal
import subprocess
import time

from harness import test

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def chaos(place):
    place.shell(
        f"cc -std=c11 -shared -fPIC -O1 -I{ROOT}/include {ROOT}/Tests/plugins/chaos.c -o chaos.attune.so").ok()
    return "./chaos.attune.so"


def space(*deeds):
    choices = ", ".join(f'"{deed}"' for deed in deeds)
    return (f'{{"x": {{"type": "float", "low": -1, "high": 1}}, '
            f'"deed": {{"type": "categorical", "choices": [{choices}]}}}}')


@test
def a_crash_is_a_failed_trial_and_the_study_goes_on(place):
    report = place.run(
        "run", chaos(place), "--isolate", "process", "--space", space("ok", "segv"), "-n", "24", "--seed", "3",
        "--max-failures", "24", "-f", "json").ok().json
    assert report["trials"]["complete"] + report["trials"]["failed"] == 24, report
    assert report["trials"]["failed"] > 2, report
    reasons = {failure["reason"] for failure in report["failures"]}
    assert reasons == {"objective org.attune.chaos.deeds: killed by SIGSEGV"}, reasons


@test
def without_isolation_results_are_the_same(place):
    plugin = chaos(place)
    results = [
        place.run("run", plugin, *more, "--space", space("ok", "fail", "seed"), "-n", "30", "--seed", "5", "-f", "json").ok().json
        for more in ([], ["--isolate", "process"])]
    for key in ("best", "trials", "failures"):
        a, b = ({k: v for k, v in r[key].items() if k not in ("datetime_start", "datetime_complete")}
                if isinstance(r[key], dict) else r[key] for r in results)
        assert a == b, (a, b)


@test
def a_trial_that_hangs_ends_at_its_timeout(place):
    start = time.monotonic()
    done = place.run(
        "run", chaos(place), "--isolate", "process", "--trial-timeout", "0.5", "--trial-grace", "0.1",
        "--space", space("stubborn"), "-n", "2")
    done.ok(3).says("2 x timeout after 0.5 s")
    assert time.monotonic() - start < 20


@test
def an_objective_that_always_crashes_ends_the_run(place):
    done = place.run("run", chaos(place), "--isolate", "process", "--space", space("abort"), "-n", "50")
    done.ok(1).notes("killed by SIGABRT; its first 3 evaluations crashed and none ended well")
    done.says("3 trials")


@test
def a_study_file_says_how_to_isolate(place):
    chaos(place)
    place.file("study.yaml", """
plugin: ./chaos.attune.so
isolate: process
trial_timeout: 500ms
n_trials: 1
""")
    place.run("run", "study.yaml").fails(2, "study.yaml:4", "trial_timeout")
    place.file("study.yaml", """
plugin: ./chaos.attune.so
isolate: process
trial_timeout: 1m
trial_memory: 256M
trial_usage: true
space: {x: {type: float, low: -1, high: 1}, deed: {type: fixed, value: memory}}
n_jobs: auto
on_failure: retry=1
max_failures: 9
n_trials: 1
""")
    place.run("run", "study.yaml").ok(3).says(
        "killed by SIGSEGV", "a memory limit of 256 MiB", "standard error ends: no memory left")


@test
def options_of_isolation_without_it_are_refused(place):
    plugin = chaos(place)
    for option, value in [("--trial-timeout", "2"), ("--trial-memory", "1G"), ("--trial-cpu", "2")]:
        place.run("run", plugin, option, value, "-n", "1").fails(2, option, "--isolate process")
    place.run("run", "--space", space("ok"), "--isolate", "process", "-n", "1", "--", "true").fails(
        2, "a program, which has a process of its own")
    place.run("run", plugin, "--isolate", "thread", "-n", "1").fails(2, "none or process")
    place.run("run", plugin, "--isolate", "process", "--trial-memory", "2x").fails(2, '"2x"', "512M")
    place.run("run", plugin, "--isolate", "process", "--worker", "/no/worker", "-n", "1").fails(1, "/no/worker")
    place.run("run", plugin, "--on-failure", "retry=x").fails(2, "retry=N")
    place.run("run", plugin, "--n-jobs", "many").fails(2, "1 or more, or auto")


@test
def a_host_that_is_killed_leaves_no_worker(place):
    started = place.start(
        "run", chaos(place), "--isolate", "process", "--space", space("stubborn"), "-n", "4", "-j", "2")
    time.sleep(1.5)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    for _ in range(100):
        left = subprocess.run(
            ["sh", "-c", f"grep -l '{place.path}/chaos' /proc/[0-9]*/maps 2>/dev/null"],
            capture_output=True, text=True).stdout
        if not left:
            return
        time.sleep(0.05)
    raise AssertionError(f"processes are left: {left}")

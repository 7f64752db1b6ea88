"""Trials that pause and go on: --pruner-option resume=true."""
import json
import os
import signal
import time

from harness import test

SOURCE = os.path.join(os.path.dirname(__file__), "../plugins/pausing.c")
INCLUDE = os.path.join(os.path.dirname(__file__), "../../include")
RESUME = ("--pruner", "asha", "--pruner-option", "min_resource=1", "--pruner-option", "resume=true")


def built(place):
    place.shell(f"cc -std=c11 -shared -fPIC -fvisibility=hidden -I{INCLUDE} -o pausing.attune.so {SOURCE}").ok()
    return "./pausing.attune.so"


def trials(place, *arguments):
    return place.run("trials", *arguments, "-f", "json").ok().json


@test
def pruners_shows_resume_where_there_is_one(place):
    for name in ("asha", "successive_halving", "hyperband"):
        place.run("pruners", name).ok().says("resume", "plugins that can pause")
    assert "resume" not in place.run("pruners", "median").ok().out


@test
def the_best_trials_go_on_and_the_others_end_as_pruned(place):
    plugin = built(place)
    for extra in ((), ("--isolate", "process", "-j", "3")):
        report = place.run("run", plugin, "-n", "27", "--seed", "3", "--storage", "memory:", *RESUME, *extra,
                           "-f", "json").ok().json
        counts = report["trials"]
        assert counts["complete"] >= 1 and counts["pruned"] >= 15 and counts["failed"] == 0, counts
        assert counts["complete"] + counts["pruned"] == 27, counts
        assert report["best"]["attributes"]["trained"] == 27, report["best"]
        assert len(report["best"]["intermediate"]) == 27, report["best"]


@test
def a_killed_run_goes_on_from_what_its_trials_kept(place):
    plugin = built(place)
    process = place.start("run", plugin, "-n", "200", "--seed", "3", "--storage", "s.db", "--study", "s", "--config",
                          '{"nap": 20}', *RESUME)
    state = os.path.join(place.path, "s.db-state/1")
    end = time.time() + 60
    while time.time() < end and len(os.listdir(state) if os.path.isdir(state) else []) < 6:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = set(os.listdir(state))
    assert len(kept) >= 6, kept
    running = [t for t in trials(place, "--storage", "s.db") if t["state"] == "RUNNING"]
    assert len(running) >= 5, running
    before = {t["number"]: len(t["intermediate"]) for t in running if t["intermediate"]}
    report = place.run("run", plugin, "-n", "30", "--storage", "s.db", "--study", "s", "--load-if-exists", *RESUME,
                       "-f", "json").ok().json
    assert report["trials"]["complete"] >= 1, report["trials"]
    everything = trials(place, "--storage", "s.db")
    assert {t["state"] for t in everything} == {"COMPLETE", "PRUNED"}, everything
    # What was paused when the process was killed went on or ended, and no complete trial trained a step twice.
    for trial in everything:
        if trial["state"] == "COMPLETE":
            assert len(trial["intermediate"]) == 27, trial
            if trial["number"] in before:
                assert trial["attributes"]["calls"] >= 2, trial
    assert not os.path.exists(os.path.join(place.path, "s.db-state"))
    place.run("replay", "--storage", "s.db").ok()


@test
def processes_on_one_study_share_the_promotions(place):
    plugin = built(place)
    line = ("worker", plugin, "--total-trials", "60", "--storage", "s.db", "--study", "s", "--config", '{"nap": 2}', *RESUME)
    workers = [place.start(*line, *extra) for extra in ((), ("-j", "2"), ("--isolate", "process"))]
    for worker in workers:
        out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
    everything = trials(place, "--storage", "s.db")
    assert len(everything) == 60, len(everything)
    assert {t["state"] for t in everything} == {"COMPLETE", "PRUNED"}, everything
    complete = [t for t in everything if t["state"] == "COMPLETE"]
    assert len(complete) >= 3 and all(t["attributes"]["trained"] == 27 for t in complete), complete
    assert not os.path.exists(os.path.join(place.path, "s.db-state"))
    place.run("storage", "check", "--storage", "s.db").ok()


@test
def what_cannot_pause_is_refused_by_name(place):
    plugin = built(place)
    with open(os.path.join(place.path, "space.json"), "w") as file:
        json.dump({"x": {"type": "float", "low": 0, "high": 1}}, file)
    memory = ("--storage", "memory:")
    place.run("run", "-n", "3", "--space", "space.json", *memory, *RESUME, "--", "echo", "{x}").fails(
        1, "pruner asha has resume on", "command")
    place.run("run", plugin, "-n", "3", "--deterministic", *memory, *RESUME).fails(1, "resume", "deterministic")
    place.run("run", plugin, "-n", "3", *memory, "--pruner", "median", "--pruner-option", "resume=true").fails(
        2, "median", "resume")
    sandboxed = place.run("run", plugin, "-n", "3", *memory, "--isolate", "process", "--sandbox", *RESUME)
    assert sandboxed.status != 0, sandboxed
    assert "sandbox" in sandboxed.err, sandboxed

"""Several processes on one study of a file, whose strategies meet a small space: what is known is not evaluated again."""
import collections
import time

from harness import test

TWELVE = ('{"a": {"type": "int", "low": 0, "high": 2}, "b": {"type": "categorical", "choices": [false, true]}, '
          '"c": {"type": "int", "low": 0, "high": 2, "when": {"b": [true]}}}')
# The evaluations, each a line: what is inactive is empty.
NOTE = ["--", "sh", "-c", 'a=$ATTUNE_PARAM_A; b=$ATTUNE_PARAM_B; c=$ATTUNE_PARAM_C; echo "$a,$b,$c" >> "$NOTES"; '
        'sleep 0.02; echo "$a"']


def strategies(place):
    return [line["name"] for line in place.run("strategies", "-f", "json").ok().json]


def work(place, name, *options, processes=3):
    """Lets processes work on one study; how often each point was evaluated."""
    running = [
        place.start("worker", "--space", TWELVE, "--storage", "a.db", "--study", name, "--seed", "5", "-j", "2",
                    *options, *NOTE, env={"NOTES": f"{name}.notes"})
        for _ in range(processes)]
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, f"{name}: {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err and "attune: error" not in err, err
    return collections.Counter(place.read(f"{name}.notes").split())


def trials(place, name):
    return place.run("trials", "--storage", "a.db", "--study", name, "-f", "json").ok().json


@test
def several_processes_evaluate_every_point_once_with_every_strategy(place):
    for strategy in strategies(place):
        counts = work(place, strategy, "--strategy", strategy, "--duplicates", "avoid")
        assert len(counts) == 12 and set(counts.values()) == {1}, f"{strategy}: {counts}"
        found = trials(place, strategy)
        assert [t["state"] for t in found] == ["COMPLETE"] * 12, (strategy, found)


@test
def several_processes_reuse_what_one_of_them_has_found(place):
    counts = work(place, "reuse", "--strategy", "random", "--duplicates", "reuse", "--total-trials", "80")
    assert len(counts) <= 12 and set(counts.values()) == {1}, counts
    found = trials(place, "reuse")
    assert len(found) == 80 and {t["state"] for t in found} == {"COMPLETE"}, found
    assert all(t["value"] == t["params"]["a"] for t in found)


@test
def what_a_dead_process_was_evaluating_is_evaluated_by_another(place):
    line = ["--space", '{"a": {"type": "int", "low": 1, "high": 1}}', "--storage", "a.db", "--study", "s",
            "--strategy", "random", "--duplicates", "reuse"]
    slow = place.start("worker", *line, "--total-trials", "3", "--", "sh", "-c", "sleep 600; echo 7")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        result = place.run("trials", "--storage", "a.db", "--study", "s", "-f", "json")
        if result.status == 0 and result.json:
            break
        time.sleep(0.05)
    quick = place.start("worker", *line, "--total-trials", "3", "--", "echo", "4")
    time.sleep(1.0)
    # It waits for what the other one evaluates.
    assert [t["state"] for t in trials(place, "s")].count("COMPLETE") == 0
    slow.kill()
    slow.communicate()
    out, err = quick.communicate(timeout=60)
    assert quick.returncode in (0, 3), f"{quick.returncode}\n{out}\n{err}"
    done = [t["value"] for t in trials(place, "s") if t["state"] == "COMPLETE"]
    assert done and set(done) == {4}, trials(place, "s")


@test
def duplicates_are_a_setting_of_study_files_too(place):
    for policy, evaluations, trials_wanted in [("avoid", 6, 6), ("reuse", 6, 40), ("allow", 40, 40)]:
        place.file("study.yaml", f"""
space: {{a: {{type: int, low: 0, high: 5}}}}
command: [sh, -c, 'echo "$ATTUNE_PARAM_A" >> {policy}.notes; echo 1']
strategy: random
seed: 3
duplicates: {policy}
n_trials: 40
""")
        report = place.run("run", "study.yaml", "-f", "json").ok().json
        assert report["trials"]["complete"] == trials_wanted, (policy, report)
        assert len(place.read(f"{policy}.notes").split()) == evaluations, policy

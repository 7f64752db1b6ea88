"""ask, tell, enqueue, best, trials, studies, show, export, import."""
import json
import multiprocessing
import subprocess

from harness import test
from spaces import COS, LINE, MIXED

A = ["--storage", "a.db"]


@test
def ask_prints_a_trial_as_optuna_does(place):
    result = place.run("ask", *A, "--study-name", "s", "--space", LINE).ok()
    trial = json.loads(result.out)
    assert list(trial) == ["number", "params"] and trial["number"] == 0, trial
    assert result.out.count("\n") == 1 and 0 <= trial["params"]["x"] <= 6


@test
def what_is_asked_is_told_by_another_process(place):
    place.run("ask", *A, "--study-name", "s", "--space", LINE).ok()
    place.run("tell", *A, "--trial-number", "0", "--values", "-0.25").ok().says("trial 0: COMPLETE")
    for _ in range(3):
        place.run("ask", *A).ok()
    place.run("tell", *A, "--trial-number", "1", "--state", "fail", "--reason", "oom").ok()
    place.run("tell", *A, "--trial-number", "2", "--state", "pruned").ok().says("PRUNED")
    place.run("tell", *A, "--trial-number", "3", "--values", "nan").ok().notes("NaN is no value")
    trials = place.run("trials", *A, "-f", "json").ok().json
    assert [t["state"] for t in trials] == ["COMPLETE", "FAIL", "PRUNED", "FAIL"]
    assert trials[0]["value"] == -0.25 and trials[1]["reason"] == "oom"
    assert place.run("best", *A, "-f", "json").ok().json["number"] == 0


@test
def a_finished_trial_is_not_told_twice(place):
    place.run("ask", *A, "--study-name", "s", "--space", LINE).ok()
    tell = ["tell", *A, "--trial-number", "0", "--values"]
    place.run(*tell, "1").ok()
    place.run(*tell, "2").fails(1, "trial 0 is COMPLETE already")
    place.run(*tell, "2", "--skip-if-finished").ok().notes("left as it is")
    assert place.run("best", *A, "-f", "json").json["value"] == 1


@test
def several_values_may_be_negative(place):
    place.run(
        "ask", *A, "--study-name", "s", "--space", LINE, "--directions", "minimize", "maximize").ok()
    place.run("tell", *A, "--trial-number", "0", "--values", "-1", "-2e-3").ok()
    assert place.run("trials", *A, "-f", "json").json[0]["values"] == [-1, -0.002]


@test
def ask_for_many_and_in_all_forms(place):
    start = ["ask", *A, "--study-name", "s", "--space", MIXED]
    lines = place.run(*start, "--count", "3").ok().out.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [0, 1, 2]
    assert len(place.run(*start, "-n", "2", "-f", "json").ok().json) == 2
    assert place.run(*start, "-f", "json").ok().json["number"] == 5
    assert place.run(*start, "-f", "csv").ok().out.startswith("number,lr,depth,kernel,degree\n6,")
    place.run(*start, "-f", "yaml").ok().says("number: 7\nparams:\n  lr: ")


@test
def ask_says_when_everything_is_asked(place):
    ask = ["ask", *A, "--study-name", "s", "--strategy", "grid", "--space",
           '{"a": {"type": "int", "low": 1, "high": 2}}']
    place.run(*ask).ok()
    place.run(*ask).ok()
    place.run(*ask).fails(4)


@test
def enqueued_points_come_first(place):
    place.run("ask", *A, "--study-name", "s", "--space", MIXED).ok()
    place.run("enqueue", *A, '{"lr": 0.01, "kernel": "poly", "degree": 3}', '{"depth": 8}').ok().says(
        "2 points enqueued")
    place.run("enqueue", *A, "-p", "depth=1", "-p", "kernel=rbf").ok()
    first = json.loads(place.run("ask", *A).out)["params"]
    assert first["lr"] == 0.01 and first["kernel"] == "poly" and first["degree"] == 3, first
    assert json.loads(place.run("ask", *A).out)["params"]["depth"] == 8
    third = json.loads(place.run("ask", *A).out)["params"]
    assert third["depth"] == 1 and third["kernel"] == "rbf", third
    place.run("enqueue", *A, '{"lrr": 1}').fails(2, 'no parameter "lrr"', 'did you mean "lr"?')
    place.run("enqueue", *A, '{"lr": 5}').fails(2, 'parameter "lr": value is 5')
    place.run("enqueue", *A, '{"lr": ').fails(2, "the point: line 1")
    place.run("enqueue", *A).fails(2, "no point is given")


def _worker(binary, environment, folder, count, results):
    def call(*arguments):
        done = subprocess.run(
            [binary, *arguments, "--storage", "a.db"], cwd=folder, env=environment,
            capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout
    numbers = []
    try:
        for _ in range(count):
            trial = json.loads(call("ask"))
            x = trial["params"]["x"]
            call("tell", "--trial-number", str(trial["number"]), "--values", repr((x - 1) ** 2))
            numbers.append(trial["number"])
        results.put(numbers)
    except Exception as error:
        results.put(str(error))


@test
def two_processes_share_one_study(place):
    place.run("ask", *A, "--study-name", "s", "--space", LINE).ok()
    results = multiprocessing.Queue()
    workers = [
        multiprocessing.Process(
            target=_worker, args=(place.binary, place.environment, place.path, 15, results))
        for _ in range(2)]
    for worker in workers:
        worker.start()
    numbers = [results.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    assert all(isinstance(n, list) for n in numbers), numbers
    assert sorted(numbers[0] + numbers[1]) == list(range(1, 31)), numbers
    trials = place.run("trials", *A, "-f", "json").ok().json
    assert [t["number"] for t in trials] == list(range(31))
    assert sum(t["state"] == "COMPLETE" for t in trials) == 30
    for trial in trials[1:]:
        assert trial["value"] == (trial["params"]["x"] - 1) ** 2, trial


@test
def trials_are_filtered_ordered_and_cut(place):
    place.run(*COS, "-n", "20", "--study-name", "s", *A).ok()
    place.run("ask", *A).ok()
    trials = ["trials", *A, "-f", "json"]
    assert len(place.run(*trials, "--state", "running").ok().json) == 1
    complete = place.run(*trials, "--state", "complete", "--sort", "value").ok().json
    values = [t["value"] for t in complete]
    assert len(values) == 20 and values == sorted(values)
    assert len(place.run(*trials, "--sort", "value", "--limit", "3").json) == 3
    xs = [t["params"]["x"] for t in place.run(*trials, "--sort", "x", "--reverse").json]
    assert xs == sorted(xs, reverse=True)
    place.run(*trials, "--sort", "y").fails(2, 'no parameter "y"')
    place.run(*trials, "--state", "compleet").fails(2, 'did you mean "complete"?')
    table = place.run("trials", *A, "-l", "2").ok().out.splitlines()
    assert table[0].split() == ["number", "state", "value", "x", "duration"], table
    assert set(table[1]) == {"-", " "} and len(table) == 4
    place.run("trials", *A, "--state", "fail").ok().notes("no such trial")


@test
def studies_and_show_tell_what_there_is(place):
    place.run(*COS, "-n", "4", "--study-name", "one", "--seed", "3", *A).ok()
    place.run("ask", *A, "--study-name", "two", "--space", MIXED, "--direction", "maximize").ok()
    rows = place.run("studies", *A, "-f", "json").ok().json
    assert [(r["name"], r["trials"]) for r in rows] == [("one", 4), ("two", 1)], rows
    assert rows[1]["directions"] == ["maximize"] and rows[1]["best_value"] is None
    place.run("studies", *A).ok().says("name", "one", "two", "maximize")
    place.run("show", *A, "--study-name", "one").ok().says(
        "study       one", "seed        3", "4 complete", "0.0 to 6.0", "Best trial")
    shown = place.run("show", *A, "--study-name", "two", "-f", "json").ok().json
    assert shown["space"]["degree"]["when"] == {"kernel": ["poly"]}, shown
    assert shown["trials"] == {"running": 1} and shown["best"] is None
    trial = place.run("show", *A, "--study-name", "one", "--trial-number", "2", "-f", "json").json
    assert trial["number"] == 2 and trial["state"] == "COMPLETE"
    place.run("show", *A, "--study-name", "one", "--trial-number", "9").fails(1, "no trial 9")


@test
def the_only_study_needs_no_name_and_the_environment_stands_in(place):
    place.run(*COS, "-n", "2", "--study-name", "one", *A).ok()
    place.run("best", *A).ok().says("Best trial")
    env = {"ATTUNE_STORAGE": "a.db"}
    place.run("best", env=env).ok()
    place.run(*COS, "-n", "2", "--study-name", "two", *A).ok()
    place.run("best", env={**env, "ATTUNE_STUDY": "two"}).ok()
    place.run("best", env={**env, "ATTUNE_STUDY": "three"}).fails(1, 'no study "three"')


@test
def best_without_a_complete_trial_has_status_3(place):
    place.run("ask", *A, "--study-name", "s", "--space", LINE).ok()
    place.run("best", *A).fails(3, "no complete trial")


@test
def a_study_survives_export_and_import(place):
    place.run(*COS, "-n", "6", "--study-name", "s", "--seed", "4", *A).ok()
    place.run("export", *A, "-O", "s.json").ok().notes("6 trials written to s.json")
    place.run("import", "s.json", "--storage", "b.db").ok().says("study s with 6 trials")
    place.run("import", "s.json", "--storage", "b.db").fails(1, "exists", "--study-name")
    place.run("import", "s.json", "--storage", "b.db", "--study-name", "t").ok()
    exported = place.run("export", "--storage", "b.db", "--study-name", "s").ok().json
    assert exported == json.loads(place.read("s.json"))
    piped = place.run(
        "import", "-", "--storage", "c.db", input=place.run("export", *A).out)
    piped.ok()
    # Goes on as if nothing had happened.
    one = place.run("ask", *A).ok().out
    assert one == place.run("ask", "--storage", "c.db").ok().out
    place.file("bad.json", '{"format": "other"}')
    place.run("import", "bad.json", "--storage", "c.db").fails(2, "bad.json: ", "format")

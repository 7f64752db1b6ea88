"""attune run: native functions, commands, limits, seeds, results."""
import json
import os
import re

from harness import test
from spaces import COS, LINE, MIXED, PARABOLA

STAMP = r"\[[IW] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] "


@test
def a_native_function_of_libm_is_tuned(place):
    result = place.run(*COS, "-n", "40", "--seed", "1", "-f", "json").ok()
    report = result.json
    assert report["trials"] == {"complete": 40, "pruned": 0, "failed": 0}, report
    assert report["best"]["value"] < -0.99, report
    assert abs(report["best"]["params"]["x"] - 3.14159) < 0.2, report
    assert report["stop_reason"] == "n_trials" and report["seed"] == 1


@test
def maximize_finds_the_largest_value(place):
    report = place.run(*COS, "-n", "40", "--direction", "maximize", "-f", "json").ok().json
    assert report["best"]["value"] > 0.95 and report["directions"] == ["maximize"], report


@test
def trial_lines_are_those_of_optuna(place):
    lines = place.run(*COS, "-n", "3", "--study-name", "s").ok().err.splitlines()
    assert re.fullmatch(STAMP + "A new study created in study.db with name: s", lines[0]), lines
    pattern = (
        STAMP + r"Trial (\d+) finished with value: (\S+) and parameters: \{'x': (\S+)\}\. "
        r"Best is trial (\d+) with value: (\S+)\.")
    for number, line in enumerate(lines[1:4]):
        match = re.fullmatch(pattern, line)
        assert match and match[1] == str(number), line


@test
def parameters_in_trial_lines_are_python_literals(place):
    result = place.run(
        "run", "--space", MIXED, "-n", "30", "--seed", "2", "--", "sh", "-c", "echo 1").ok()
    import ast
    kinds = set()
    for text in re.findall(r"parameters: (\{.*?\})\. Best", result.err):
        params = ast.literal_eval(text)
        kinds.add(type(params["kernel"]).__name__)
        assert ("degree" in params) == (params["kernel"] == "poly"), params
    assert kinds == {"str", "NoneType", "bool", "int", "float"}, kinds


@test
def the_same_seed_gives_the_same_trials(place):
    def values(*more):
        return re.findall(r"value: (\S+) and", place.run(*COS, "-n", "10", *more).ok().err)
    first = values("--seed", "7")
    assert len(first) == 10 and first == values("--seed", "7")
    assert first != values("--seed", "8")
    assert first == re.findall(
        r"value: (\S+) and", place.run(*COS, "-n", "10", env={"ATTUNE_SEED": "7"}).ok().err)


@test
def the_result_alone_is_on_standard_output(place):
    result = place.run(*COS, "-n", "5", "--study-name", "s", "--progress", "none").ok()
    assert result.err == "", result
    assert re.fullmatch(
        r"Study s in study\.db: 5 trials in [\d.]+ (µs|ms|s)\n\nBest trial \d: value \S+ \(minimize\)\n  x  \S+\n",
        result.out), result


@test
def the_end_names_a_next_step(place):
    result = place.run(*COS, "-n", "2", "--storage", "a.db").ok()
    result.notes("Next:", "--load-if-exists", "--study-name cos", "attune trials --storage a.db")
    go_on = re.search(r"  (attune run .*?)\s+# go on", result.err)[1]
    more = place.shell(go_on)
    more.ok().says("Study cos in a.db: 2 trials")
    assert len(place.run("trials", "--storage", "a.db", "-f", "json").json) == 4


@test
def without_a_storage_the_study_is_in_this_folder(place):
    place.run(*COS, "-n", "3").ok().says("Study cos in study.db: 3 trials").notes("attune trials --study-name cos")
    place.run("best").ok().says("Best trial ")
    assert len(place.run("trials", "-f", "json").ok().json) == 3
    again = place.run(*COS, "-n", "2").ok().says("Study cos-2 in study.db")
    again.notes('there is a study "cos" already; --load-if-exists goes on with it, this is "cos-2"')
    place.run("best").fails(2, 'study.db has 2 studies, wanted a name: "cos", "cos-2"', "--study-name NAME")
    place.run("best", "--study-name", "tan").fails(1, 'no study "tan"', "attune studies lists what there is")
    place.run(*COS, "-n", "2", "--load-if-exists").ok().says("Study cos in study.db: 2 trials")
    place.run("run", "--native", "libm.so.6", "--call", "f64 sin(f64 x)", "--space", LINE, "-n", "2",
              "--load-if-exists").ok().says("Study sin in study.db")
    counts = {s["name"]: s["trials"] for s in place.run("studies", "-f", "json").ok().json}
    assert counts == {"cos": 5, "cos-2": 2, "sin": 2}, counts
    place.run("ask", "--study-name", "new", "--space", LINE).ok()
    place.run("tell", "--study-name", "new", "--trial-number", "0", "--values", "1").ok()
    place.run(*COS, "-n", "1", "--storage", "memory:", "--study-name", "cos").ok().says("Study cos: 1 trial in")
    place.run(*COS, "-n", "1", env={"ATTUNE_STORAGE": "memory:"}).ok().notes("created in memory")
    place.run("best", "--storage", "memory:").fails(2, "memory:, which ends with the command")


@test
def a_study_file_runs_from_its_folder_and_is_kept_in_this_one(place):
    place.file("there/s.yaml", f"command: [sh, -c, 'cat value']\nspace: {LINE}\nn_trials: 2\nprogress: none\n")
    place.file("there/value", "3\n")
    place.run("run", "there/s.yaml").ok().says("Study sh in ", "study.db: 2 trials")
    assert place.run("best", "-f", "json").ok().json["values"] == [3]
    place.run("run", "there/s.yaml", "--storage", "memory:").ok().says("Study sh: 2 trials")


@test
def a_study_without_a_name_is_called_after_its_objective(place):
    for _ in range(3):
        place.run(*COS, "-n", "1", "--storage", "a.db").ok()
    names = [s["name"] for s in place.run("studies", "--storage", "a.db", "-f", "json").json]
    assert names == ["cos", "cos-2", "cos-3"], names


@test
def a_command_gets_its_parameters_three_ways(place):
    place.file("check.py", """import json, os, sys
params = json.load(sys.stdin)
assert float(sys.argv[1]) == params["x"] == float(os.environ["ATTUNE_PARAM_X"])
assert os.environ["ATTUNE_TRIAL_NUMBER"] == sys.argv[2]
print("noise")
print(json.dumps({"value": params["x"]}))
""")
    report = place.run(
        "run", "--space", LINE, "-n", "4", "-f", "json", "--", "python3", "check.py", "{x}",
        "{$number}").ok().json
    assert report["trials"]["complete"] == 4 and report["study"] == "check", report


@test
def a_shell_line_is_a_command_too(place):
    report = place.run(
        "run", "--space", LINE, "-n", "3", "-f", "json", "--command", "echo v={x} | tail -1"
    ).ok().json
    assert report["best"]["value"] == report["best"]["params"]["x"]


@test
def failures_are_counted_with_their_reasons(place):
    place.file("parabola.sh", PARABOLA, 0o755)
    result = place.run(
        "run", "--space", LINE, "-n", "24", "--seed", "1", "--", "./parabola.sh").ok()
    match = re.search(r"24 trials \((\d+) complete, (\d+) failed\)", result.out)
    assert match and int(match[1]) + int(match[2]) == 24 and int(match[2]) >= 2, result
    result.says("trials failed:", f"  {match[2]} x command ./parabola.sh: exit status 3", "too big")
    result.notes("failed with parameters: {'x': ")


@test
def a_misspelt_parameter_in_a_command_is_refused(place):
    place.run("run", "--space", LINE, "--", "echo", "{xx}").fails(2, "{xx}", 'did you mean "x"?')


@test
def the_next_step_after_failures_alone_shows_them(place):
    result = place.run(
        "run", "--space", LINE, "-n", "2", "--storage", "a.db", "--", "sh", "-c", "exit 9").ok(3)
    line = re.search(r"  (attune trials .*? --state fail)\s+# ", result.err)[1]
    place.shell(line).ok().says("FAIL", "exit status 9")


@test
def a_run_without_a_complete_trial_ends_with_status_3(place):
    result = place.run("run", "--space", LINE, "-n", "2", "--", "false").ok(3)
    result.says("No trial is complete.", "2 x command false: exit status 1")


@test
def on_failure_stop_ends_with_the_first_failure(place):
    result = place.run("run", "--space", LINE, "-n", "9", "--on-failure", "stop", "--", "false")
    result.ok(1).notes("attune: error: trial 0 failed").says("ended by failures")
    result = place.run("run", "--space", LINE, "-n", "9", "--max-failures", "2", "--", "false")
    result.ok(1).says("3 trials (0 complete, 3 failed)")


@test
def trial_timeout_ends_a_command_that_hangs(place):
    result = place.run(
        "run", "--space", LINE, "-n", "1", "--trial-timeout", "0.3", "--", "sleep", "60",
        timeout=20).ok(3)
    result.says("timeout after 0.3 s")


@test
def a_timeout_ends_the_run(place):
    result = place.run(
        "run", "--space", LINE, "--timeout", "1s", "--", "sh", "-c", "sleep 0.2; echo 1",
        timeout=20).ok()
    result.says("ended by the time limit")
    assert "failed" not in result.out, result


@test
def a_grid_ends_by_itself(place):
    space = '{"a": {"type": "int", "low": 1, "high": 3}, "b": {"type": "categorical", "choices": ["u", "v"]}}'
    result = place.run(
        "run", "--strategy", "grid", "--space", space, "--", "sh", "-c", "echo 1").ok()
    result.says("6 trials", "every point is tried")
    place.run(
        "run", "--sampler", "grid", "-o", "order=shuffled", "--space", space, "-f", "json", "--",
        "sh", "-c", "echo 1").ok()


@test
def without_a_limit_100_trials_are_made(place):
    assert place.run(*COS, "-f", "json").ok().json["trials"]["complete"] == 100


@test
def jobs_run_at_the_same_time(place):
    import time
    start = time.time()
    report = place.run(
        "run", "--space", LINE, "-n", "8", "-j", "8", "-f", "json", "--", "sh", "-c",
        "sleep 1; echo 1", timeout=60).ok().json
    assert report["trials"]["complete"] == 8 and time.time() - start < 5, report


@test
def several_directions_give_a_pareto_front(place):
    line = "awk -v x={x} 'BEGIN { print x, 6 - x }'"
    arguments = [
        "run", "--space", LINE, "-n", "12", "--directions", "minimize", "minimize", "--command",
        line]
    place.run(*arguments).ok().says("Pareto front of 12 trials", "value_0", "value_1")
    report = place.run(*arguments, "-f", "json").ok().json
    assert len(report["best_trials"]) == 12 and len(report["best_trials"][0]["values"]) == 2


@test
def a_pruner_ends_poor_trials(place):
    script = """import json, sys
x = json.load(sys.stdin)["x"]
for step in range(5):
    print("attune:report", step, x, flush=True)
print(x)
"""
    place.file("report.py", script)
    result = place.run(
        "run", "--space", LINE, "-n", "14", "--seed", "3", "--pruner", "median",
        "--pruner-option", "n_startup_trials=3", "--", "python3", "report.py").ok()
    assert re.search(r"\d+ pruned", result.out), result
    result.notes(" pruned.")


@test
def a_study_goes_on_where_it_stopped(place):
    whole = place.run(*COS, "-n", "12", "--seed", "5", "--study-name", "s", "--storage", "a.db")
    whole.ok()
    first = [*COS, "--seed", "5", "--study-name", "s", "--storage", "b.db"]
    place.run(*first, "-n", "5").ok()
    place.run(*first, "-n", "5").fails(1, 'study "s" exists in b.db (hint: --load-if-exists')
    place.run(*first, "-n", "7", "--load-if-exists").ok().notes("Using an existing study with name 's'")

    def points(storage):
        trials = place.run("trials", "--storage", storage, "-f", "json").json
        return [trial["params"] for trial in trials]
    assert points("a.db") == points("b.db") and len(points("a.db")) == 12


@test
def another_space_or_direction_is_refused_on_continuing(place):
    place.run(*COS, "-n", "2", "--study-name", "s", "--storage", "a.db").ok()
    place.run("run", "--space", '{"y": {"type": "int", "low": 0, "high": 5}}', "--strategy", "RandomSampler",
              "--direction", "maximize", "--study-name", "s", "--storage", "a.db", "--", "echo", "1").fails(
        1, 'study "s" exists in a.db, with directions minimize instead of maximize; strategy bayesian instead of '
        'random; parameter "y" missing instead of {"type": "int"', 'parameter "x" {"type": "float"', "instead of none")
    other = [
        "run", "--native", "libm.so.6", "--call", "f64 cos(f64 x)", "--study-name", "s", "--storage",
        "a.db", "--load-if-exists", "-n", "1"]
    place.run(*other, "--space", '{"x": {"type": "float", "low": 0, "high": 5}}').fails(
        2, 'parameter "x"', "as recorded")
    place.run(*other, "--direction", "maximize").fails(2, "directions are maximize")
    place.run(*other).ok()


@test
def a_run_that_cannot_begin_leaves_no_study(place):
    place.run(
        "run", "--space", LINE, "--storage", "a.db", "--study-name", "s", "--",
        "no-such-program-here").fails(1, "no such program in PATH")
    assert not os.path.exists(os.path.join(place.path, "a.db"))
    study = ["--storage", "a.db", "--study-name", "s"]
    place.run(*COS, *study, "--pruner", "median", "--pruner-option", "n=1").fails(2, '"n"')
    assert place.run("studies", "--storage", "a.db", "-f", "json").json == []
    place.run(*COS, *study, "-n", "1").ok()


@test
def duplicates_are_avoided_or_reused(place):
    space = '{"a": {"type": "int", "low": 1, "high": 3}}'
    run = ["run", "--space", space, "-n", "30", "--strategy", "random", "-f", "json"]
    command = ["--", "sh", "-c", "echo x >> calls; echo {a}"]
    report = place.run(*run, "--duplicates", "avoid", *command).ok().json
    assert report["trials"]["complete"] == 3 and report["stop_reason"] == "exhausted", report
    report = place.run(*run, "--duplicates", "reuse", *command).ok().json
    assert report["trials"]["complete"] == 30 and len(place.read("calls").split()) == 6, report


@test
def progress_as_json_is_one_object_a_line(place):
    result = place.run(*COS, "-n", "3", "--progress", "json", "-f", "json").ok()
    events = [json.loads(line) for line in result.err.splitlines()]
    assert [e["event"] for e in events] == ["start", "trial", "trial", "trial", "end"], events
    assert events[3]["best"]["value"] == result.json["best"]["value"]
    assert events[1]["params"]["x"] >= 0 and events[0]["n_trials"] == 3

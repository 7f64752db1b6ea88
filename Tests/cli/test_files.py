"""Study files, W&B sweeps, spaces in YAML and of Optuna."""
import json

from harness import test
from spaces import COS, LINE, PARABOLA

STUDY = """# tunes a parabola
command: [./parabola.sh]
storage: out/study.db
study-name: from-file
space:
  x: {type: float, low: 0, high: 4}
strategy: random
n_trials: 6
seed: 11
enqueue:
  - {x: 1}
"""


def parabola(place, folder):
    place.file(folder + "/parabola.sh", PARABOLA, 0o755)
    place.file(folder + "/study.yaml", STUDY)
    place.file(folder + "/out/.keep", "")


@test
def a_study_file_holds_everything_and_its_paths_count_from_it(place):
    parabola(place, "work/deep")
    report = place.run("run", "work/deep/study.yaml", "-f", "json").ok().json
    assert report["study"] == "from-file" and report["seed"] == 11, report
    assert report["strategy"] == "random" and report["trials"]["complete"] == 6
    assert report["best"]["value"] == 0 and report["best"]["origin"] == "enqueued"
    trials = place.run("trials", "--storage", "work/deep/out/study.db", "-f", "json").ok().json
    assert len(trials) == 6
    # The next steps work from here.
    done = place.run("run", "work/deep/study.yaml", "--load-if-exists", "-n", "2").ok()
    line = next(l for l in done.err.splitlines() if "attune trials" in l).split("#")[0]
    place.shell(line).ok().says("COMPLETE")


@test
def the_command_line_wins_over_the_file(place):
    parabola(place, ".")
    report = place.run(
        "run", "study.yaml", "--seed", "1", "-n", "3", "--strategy", "sobol", "--storage", "b.db",
        "--study-name", "mine", "-f", "json").ok().json
    assert (report["seed"], report["strategy"], report["study"]) == (1, "sobol", "mine"), report
    assert report["trials"]["complete"] == 3
    place.run("best", "--storage", "b.db").ok()


@test
def a_study_file_may_be_json_and_native(place):
    place.file("study.json", json.dumps({
        "native": "libm.so.6", "call": "f64 pow(f64 x, f64 y)", "direction": "maximize",
        "n_trials": 3, "space": {
            "x": {"type": "float", "low": 0, "high": 6}, "y": {"type": "fixed", "value": 2}}}))
    report = place.run("run", "study.json", "-f", "json").ok().json
    best = report["best"]
    assert abs(best["value"] - best["params"]["x"] ** 2) < 1e-9, report


@test
def a_space_may_stand_in_a_file_of_its_own(place):
    place.file("d/space.yaml", "x:\n  type: float\n  low: 0\n  high: 6\n")
    place.file("d/study.yaml", "native: libm.so.6\ncall: f64 cos(f64 x)\nspace: space.yaml\nn_trials: 2\n")
    place.run("run", "d/study.yaml").ok()
    place.run(*COS[:-1], "d/space.yaml", "-n", "2").ok()
    place.run("space", "check", "d/study.yaml").ok().says("x", "0.0 to 6.0")


@test
def mistakes_in_a_study_file_name_file_and_line(place):
    cases = [
        ("command: [a]\nn_trails: 3\n", ':2: unknown key "n_trails" (did you mean "n_trials"?)'),
        ("command: [a]\nn_trials: many\n", ':2: n_trials is "many", wanted a whole number'),
        ("command: [a]\nseed: -1\n", ":2: seed is -1, wanted"),
        ("command: [a]\ntimeout: soon\n", ":2: timeout is \"soon\", wanted seconds"),
        ("command: [a]\ndirection: up\n", ':2: direction is "up", wanted minimize or maximize'),
        ("command: [a]\nplugin: b.attune.so\n", "command and plugin are given"),
        ("native: libm.so.6\n", ":1: native lacks call"),
        ("command: [a]\ncommand: [b]\n", '"command"'),
        ("command: [a\n", "malformed YAML"),
        ("- a\n- b\n", "wanted a mapping"),
        ("command: [a]\nspace:\n  x: {type: float, low: 0, high: 1}\n  y: {type: float, low: 3, high: 1}\n",
         ':4: parameter "y": low is 3'),
        ("command: [a]\nspace:\n  x:\n    type: int\n    low: 0\n    high: 1.5\n", ":6: "),
        ("command: [a]\nduplicates: no\n", ':2: duplicates is "no"'),
        ("command: [a]\nstrategy_options: {order: [1]}\n", ":2: strategy_options.order is a list"),
        ("command: [a]\nload_if_exists: maybe\n", ':2: load_if_exists is "maybe", wanted true or false'),
    ]
    for text, *wanted in cases:
        place.file("study.yaml", text)
        place.run("run", "study.yaml").fails(2, "study.yaml", *wanted)
    place.file("study.json", '{\n  "command": ["a"],\n  "n_trails": 3\n}\n')
    place.run("run", "study.json").fails(2, "study.json:3:", "n_trails")
    place.file("study.json", '{\n  "command": ["a"],\n}\n')
    place.run("run", "study.json").fails(2, "study.json: line 3")
    place.run("run", "missing.yaml").fails(2, "cannot read missing.yaml")


@test
def a_yaml_bomb_is_refused(place):
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for i in range(1, 9):
        text += f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n"
    place.file("bomb.yaml", text)
    place.run("run", "bomb.yaml", timeout=60).fails(2, "bomb.yaml")


SWEEP = """program: train.py
method: random
metric: {name: loss, goal: maximize}
run_cap: 5
name: swept
parameters:
  lr: {min: 0.0001, max: 0.1, distribution: log_uniform_values}
  wd: {value: 0}
  act: {values: [relu, tanh, null, 3, true]}
  layers: {min: 1, max: 5}
  drop: {min: 0.0, max: 0.5}
  units: {distribution: q_uniform, min: 30, max: 100, q: 8}
  batch: {distribution: q_log_uniform_values, min: 16, max: 256, q: 8}
  width: {distribution: q_log_uniform_values, min: 1, max: 64, q: 1}
  old: {distribution: log_uniform, min: -3, max: 0}
  n: {distribution: int_uniform, min: 1, max: 3}
"""


@test
def a_wandb_sweep_is_read_as_a_space(place):
    place.file("sweep.yaml", SWEEP)
    result = place.run("space", "check", "sweep.yaml", "-f", "json").ok()
    space = result.json
    assert space["lr"] == {"type": "float", "low": 0.0001, "high": 0.1, "log": True}, space
    assert space["wd"] == {"type": "fixed", "value": 0}
    assert space["act"]["choices"] == ["relu", "tanh", None, 3, True]
    assert space["layers"] == {"type": "int", "low": 1, "high": 5}
    assert space["drop"] == {"type": "float", "low": 0.0, "high": 0.5}
    assert space["units"] == {"type": "int", "low": 32, "high": 96, "step": 8}
    assert space["batch"] == {"type": "int", "low": 16, "high": 256, "step": 8}
    assert space["width"] == {"type": "int", "low": 1, "high": 64, "log": True}
    assert abs(space["old"]["low"] - 0.0497871) < 1e-6 and space["old"]["high"] == 1
    result.notes('parameter "batch": multiples of q are searched evenly')


@test
def a_wandb_sweep_is_run(place):
    place.file("train.py", """import argparse
parser = argparse.ArgumentParser()
for name in ["lr", "drop", "old"]:
    parser.add_argument("--" + name, type=float)
for name in ["wd", "layers", "units", "batch", "width", "n"]:
    parser.add_argument("--" + name, type=int)
parser.add_argument("--act")
args = parser.parse_args()
print("loss=%r" % (args.layers + args.drop))
""")
    place.file("sweep.yaml", SWEEP)
    report = place.run("run", "sweep.yaml", "-f", "json").ok().json
    assert report["trials"] == {"complete": 5, "pruned": 0, "failed": 0}, report
    assert report["directions"] == ["maximize"] and report["study"] == "swept"
    assert report["strategy"] == "random"


@test
def what_a_sweep_has_and_a_flat_space_cannot_is_refused(place):
    cases = [
        ("opt:\n    parameters: {lr: {value: 1}}", ':4: parameter "opt" holds nested parameters'),
        ("x: {distribution: normal, mu: 0, sigma: 1}", "distribution normal has no bounds"),
        ("x: {distribution: unifrom, min: 0, max: 1}", 'did you mean "uniform"?'),
        ("x: {mni: 0, max: 1}", 'unknown key "mni" (did you mean "min"?)'),
        ("x: {max: 1}", "neither value, nor values, nor min and max"),
        ("x: {min: a, max: 1}", 'min is "a", wanted a number'),
        ("x: {values: []}", "at least one"),
        ("x: {distribution: q_uniform, min: 1, max: 2, q: 0}", "q is 0, wanted more than 0"),
        ("x: {distribution: q_uniform, min: 1, max: 2, q: 5}", "no multiple of q = 5"),
        ("x: 3", "wanted a mapping"),
    ]
    for text, wanted in cases:
        place.file("sweep.yaml", f"method: grid\nparameters:\n  {text}\n")
        place.run("space", "check", "sweep.yaml").fails(2, "sweep.yaml:", wanted)
    place.file("sweep.yaml", "method: byaes\nparameters:\n  x: {value: 1}\n")
    place.run("run", "sweep.yaml").fails(2, "sweep.yaml:1:", 'did you mean "bayes"?')
    place.file("sweep.yaml", "metod: grid\nparameters:\n  x: {value: 1}\n")
    place.run("run", "sweep.yaml").fails(2, "sweep.yaml:1:", 'did you mean "method"?')


@test
def distributions_of_optuna_are_read(place):
    space = json.dumps({
        "x": {"name": "FloatDistribution",
              "attributes": {"step": None, "low": 1e-5, "high": 1.0, "log": True}},
        "n": {"name": "IntDistribution", "attributes": {"log": False, "step": 2, "low": 1, "high": 9}},
        "k": {"name": "CategoricalDistribution", "attributes": {"choices": ["a", 1, None]}}})
    read = place.run("space", "check", space, "-f", "json").ok().json
    assert read["x"] == {"type": "float", "low": 1e-05, "high": 1.0, "log": True}, read
    assert read["n"] == {"type": "int", "low": 1, "high": 9, "step": 2}
    assert read["k"]["choices"] == ["a", 1, None]


@test
def space_check_counts_points(place):
    cases = [
        ('{"a": {"type": "int", "low": 1, "high": 3}}', "1 parameter, 3 points"),
        ('{"a": {"type": "fixed", "value": 1}}', "1 parameter, 1 point"),
        (LINE, "1 parameter, endless points"),
        ('{"k": {"type": "categorical", "choices": ["u", "v"]}, "d": {"type": "int", "low": 1, '
         '"high": 4, "when": {"k": ["v"]}}}', "2 parameters, 5 points"),
        ('{"a": {"type": "int", "low": -9223372036854775808, "high": 9223372036854775807}}',
         "2^64 points or more"),
        ("{}", "0 parameters, 1 point"),
    ]
    for space, text in cases:
        place.run("space", "check", space).ok().says(text)
    place.run("space", "check", "-", input="x: {type: int, low: 1, high: 2}\n").ok().says("2 points")


@test
def yaml_scalars_follow_yaml_1_2(place):
    place.file("space.yaml", """
k: {type: categorical, choices: [no, on, 1e-3, 0x1F, "1", ~, True, .5, -7, 'x''y']}
""")
    read = place.run("space", "check", "space.yaml", "-f", "json").ok().json
    assert read["k"]["choices"] == ["no", "on", 0.001, 31, "1", None, True, 0.5, -7, "x'y"], read


@test
def constraints_of_a_space_hold_and_are_counted(place):
    place.file("study.yaml", """command: [sh, -c, 'echo $ATTUNE_PARAM_X $ATTUNE_PARAM_Y >> notes; echo 1']
strategy: grid
space:
  x: {type: int, low: 0, high: 4}
  y: {type: int, low: 0, high: 4}
  $constraints:
    - {linear: {x: 1, y: 2}, at_most: 4}
    - {forbidden: {x: 0, y: {low: 1}}}
""")
    place.run("space", "check", "study.yaml").ok().says(
        "2 parameters, 7 points", 'constraint: {"forbidden": {"x": [0], "y": {"low": 1.0}}}')
    place.run("run", "study.yaml", "--storage", "a.db", "--study", "s").ok()
    points = [tuple(map(int, line.split())) for line in place.read("notes").splitlines()]
    assert sorted(points) == [(x, y) for x in range(5) for y in range(5) if x + 2 * y <= 4 and (x > 0 or y < 1)], points
    place.run("enqueue", "--storage", "a.db", "--study", "s", '{"x": 4, "y": 4}').fails(2, "constraint 0", "at_most")

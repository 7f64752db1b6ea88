"""Every form of output is read by a reader of that form."""
import csv
import io
import json

from harness import Skip, test
from spaces import COS, LINE, MIXED

A = ["--storage", "a.db"]


def yaml():
    try:
        import yaml
    except ImportError:
        raise Skip("PyYAML is missing")
    return yaml


def study(place):
    line = (
        "if [ {depth} -gt 6 ]; then echo 'it \"broke\", badly' >&2; exit 1; fi;"
        " echo '{\"value\": {depth}, \"attributes\": {\"note\": \"a,b\"}, \"constraints\": {\"c\": -1}}'")
    place.run(
        "run", *A, "--study-name", "s", "--space", MIXED, "-n", "20", "--seed", "1", "--command", line
    ).ok()


COMMANDS = [
    ["best"], ["importance"], ["importance", "--method", "fanova"], ["trials"], ["studies"], ["show"],
    ["show", "--trial-number", "0"],
]
PLAIN = [
    ["strategies"], ["strategies", "grid"], ["pruners"], ["pruners", "median"], ["stop-rules"],
    ["stop-rules", "target"], ["version"],
    ["space", "check", MIXED], ["plugin", "path"], ["plugin", "list"],
]


def all_commands(place):
    study(place)
    for command in COMMANDS:
        yield command + A
    yield from PLAIN


@test
def json_of_every_command_is_json(place):
    for command in all_commands(place):
        place.run(*command, "-f", "json").ok().json


@test
def yaml_of_every_command_says_what_json_says(place):
    reader = yaml()
    for command in all_commands(place):
        expected = place.run(*command, "-f", "json").ok().json
        read = reader.safe_load(place.run(*command, "-f", "yaml").ok().out)
        assert read == expected, (command, read, expected)


@test
def csv_of_every_command_is_rectangular(place):
    for command in all_commands(place):
        if command == ["plugin", "list"]:
            continue
        rows = list(csv.reader(io.StringIO(place.run(*command, "-f", "csv").ok().out)))
        assert len(rows) >= 2 and len({len(row) for row in rows}) == 1, (command, rows)


@test
def trials_as_csv_have_the_columns_of_optuna(place):
    study(place)
    rows = list(csv.DictReader(io.StringIO(place.run("trials", *A, "-f", "csv").ok().out)))
    assert list(rows[0]) == [
        "number", "value", "datetime_start", "datetime_complete", "duration", "params_degree",
        "params_depth", "params_kernel", "params_lr", "user_attrs_note", "system_attrs_constraints:c",
        "system_attrs_attune:reason", "state"], rows[0]
    failed = [row for row in rows if row["state"] == "FAIL"]
    assert failed and 'it "broke", badly' in failed[0]["system_attrs_attune:reason"], failed
    exported = place.run("export", *A, "-f", "csv").ok().out
    again = list(csv.DictReader(io.StringIO(exported)))
    for row in rows + again:
        row["user_attrs_note"] = row["user_attrs_note"].strip('"')
    assert again == rows


@test
def numbers_are_exact_in_every_form(place):
    place.run(*COS, "-n", "5", *A).ok()
    expected = [t["value"] for t in place.run("trials", *A, "-f", "json").json]
    rows = csv.DictReader(io.StringIO(place.run("trials", *A, "-f", "csv").out))
    assert [float(row["value"]) for row in rows] == expected
    table = place.run("trials", *A).out.splitlines()[2:]
    assert [float(row.split()[2]) for row in table] == expected


@test
def infinities_and_texts_that_look_like_other_things_survive(place):
    space = json.dumps({"k": {"type": "categorical", "choices": [
        "no", "1e3", "null", "a: b", "- x", "", "ü\n", "0x10", "~", "2026-11-24", "'", '"']}})
    place.run(
        "run", *A, "--study-name", "s", "--space", space, "--strategy", "grid", "--", "echo", "inf"
    ).ok()
    expected = place.run("trials", *A, "-f", "json").ok().json
    assert len(expected) == 12 and expected[0]["value"] == float("inf")
    rows = list(csv.DictReader(io.StringIO(place.run("trials", *A, "-f", "csv").ok().out, newline="")))
    assert [r["params_k"] for r in rows] == [t["params"]["k"] for t in expected]
    assert float(rows[0]["value"]) == float("inf")
    table = place.run("trials", *A).ok().out.splitlines()
    assert len(table) == 14, "control characters must not break rows"
    read = yaml().safe_load(place.run("trials", *A, "-f", "yaml").ok().out)
    assert read == expected


@test
def the_result_of_a_run_comes_in_every_form(place):
    report = place.run(*COS, "-n", "3", "--seed", "1", "-f", "json").ok().json
    rows = list(csv.DictReader(io.StringIO(place.run(*COS, "-n", "3", "--seed", "1", "-f", "csv").out)))
    assert float(rows[0]["value"]) == report["best"]["value"], rows
    read = yaml().safe_load(place.run(*COS, "-n", "3", "--seed", "1", "-f", "yaml").out)
    assert read["best"]["params"] == report["best"]["params"]

"""Databases of studies: what they are, whether they are whole, and doing away with a study."""
import os
import signal
import sqlite3
import time

from harness import test
from spaces import COS, LINE

A = ["--storage", "a.db"]


def database(place, name="a.db"):
    return sqlite3.connect(os.path.join(place.path, name))


@test
def a_study_is_deleted_only_when_that_is_confirmed(place):
    for name in "st":
        place.run(*COS, "-n", "2", *A, "--study-name", name).ok()
    place.run("delete-study", *A).fails(2, "no study is named", '"s", "t"')
    place.run("delete-study", *A, "--study-name", "ss").fails(1, 'no study "ss" in a.db', 'did you mean "s"')
    place.run("delete-study", *A, "--study-name", "s").fails(2, 'study "s" has 2 trials', "--yes")
    assert len(place.run("studies", *A, "-f", "json").json) == 2
    place.run("delete-study", *A, "--study-name", "s", "--yes").ok().says("study s with 2 trials deleted")
    assert [s["name"] for s in place.run("studies", *A, "-f", "json").json] == ["t"]
    with database(place) as connection:
        for table, count in (("trials", 2), ("trial_params", 2), ("trial_values", 2), ("attune_studies", 1)):
            assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (count,), table


@test
def the_file_is_optunas_to_the_table(place):
    place.run(*COS, "-n", "3", *A, "--study-name", "s").ok()
    connection = database(place)
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("v3.2.0.a",)]
    assert connection.execute("SELECT schema_version FROM version_info").fetchall() == [(12,)]
    rows = connection.execute(
        "SELECT number, state, param_name, distribution_json, value_type FROM trials "
        "JOIN trial_params USING (trial_id) JOIN trial_values USING (trial_id) ORDER BY number").fetchall()
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        (n, "COMPLETE", "x", "FINITE") for n in range(3)], rows
    assert rows[0][3].startswith('{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, '), rows
    connection.close()


@test
def a_storage_says_what_it_holds(place):
    place.run(*COS, "-n", "3", *A, "--study-name", "s").ok()
    place.run("enqueue", *A, '{"x": 1}').ok()
    info = place.run("storage", "info", *A, "-f", "json").ok().json
    assert info["database"] == "SQLite" and info["schema"] == "v3.2.0.a" and info["trials"] == 4, info
    assert info["states"] == {"COMPLETE": 3, "WAITING": 1} and info["studies"] == 1, info
    place.run("storage", "info", "--storage", "none.db").fails(1, "none.db: no such file")


@test
def a_check_finds_what_is_wrong_and_repairs_what_it_can(place):
    place.run(*COS, "-n", "3", *A, "--study-name", "s").ok()
    place.run("storage", "check", *A).ok().says("all is well")
    with database(place) as connection:
        connection.execute("INSERT INTO trial_values VALUES (99, 77, 0, 1.0, 'FINITE')")
    place.run("storage", "check", *A).ok(1).says("trial_values: 1 rows without their trial\n")
    place.run("storage", "check", *A, "--repair").ok().says("without their trial: repaired", "all is well now")
    place.run("storage", "check", *A).ok().says("all is well")
    with database(place) as connection:
        connection.execute("UPDATE trials SET number = 7 WHERE number = 1")
    place.run("storage", "check", *A, "--repair").ok(1).says("1 trials have a wrong number, the first one instead of 1")
    with database(place) as connection:
        connection.execute("UPDATE trials SET number = 1 WHERE number = 7")
        connection.execute("DELETE FROM attune_events WHERE event_id = 2")
    place.run("storage", "check", *A).ok(1).says("1 of 9 events are missing")


@test
def a_run_that_was_killed_goes_on_with_its_trial(place):
    run = ["run", "--space", LINE, *A, "--study-name", "s", "--seed", "4"]
    process = place.start(*run, "-n", "5", "--", "sh", "-c", "sleep 60; echo {x}")
    deadline = time.monotonic() + 60
    while not os.path.exists(os.path.join(place.path, "a.db")) or not place.run(
            "trials", *A, "-f", "json").out.startswith("[\n"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()
    lost = place.run("trials", *A, "-f", "json").ok().json
    assert [t["state"] for t in lost] == ["RUNNING"], lost
    place.run("storage", "check", *A).ok(1).says('study "s": the worker of trial 0 is dead')
    place.run(*run, "--load-if-exists", "-n", "3", "--", "echo", "{x}").ok()
    place.run("run", "--space", LINE, "--storage", "b.db", "--study-name", "s", "--seed", "4", "-n", "3", "--",
              "echo", "{x}").ok()
    params = [[t["params"] for t in place.run("trials", "--storage", name, "-f", "json").json] for name in ("a.db", "b.db")]
    assert params[0] == params[1] and len(params[0]) == 3, params


@test
def wider_ranges_are_taken_and_other_differences_listed(place):
    run = ["run", *A, "--study-name", "s", "--strategy", "random", "-n", "3", "--load-if-exists"]
    space = '{"x": {"type": "float", "low": 0, "high": %d}}'
    place.run(*run, "--space", space % 1, "--", "echo", "{x}").ok()
    place.run(*run, "--space", space % 9, "--", "echo", "{x}").ok()
    xs = [t["params"]["x"] for t in place.run("trials", *A, "-f", "json").json]
    assert len(xs) == 6 and max(xs[:3]) <= 1 < max(xs), xs
    place.run(*run, "--space", space % 5, "--", "echo", "{x}").fails(2, 'parameter "x" is', '"high": 9.0')
    place.run(*run, "--direction", "maximize", "--", "echo", "{x}").fails(2, "directions are maximize")


@test
def durability_is_a_choice(place):
    place.run(*COS, "-n", "2", *A, "--durability", "full").ok()
    place.run(*COS, "-n", "2", *A, "--durability", "fulll").fails(2, "--durability", "process or full")
    place.file("s.yaml", f"native: libm.so.6\ncall: f64 cos(f64 x)\nspace: {LINE}\nn_trials: 2\n"
               "storage: b.db\ndurability: full\n")
    place.run("run", "s.yaml").ok()

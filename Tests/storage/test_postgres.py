"""What is PostgreSQL's alone: errors, credentials, restarts."""
import json
import os
import subprocess
import time

from harness import Skip, test
from stores import SERVER, consistent, finish, postgres, trials
from test_together import ASK, ECHO, starts

CONTROL = os.environ.get("ATTUNE_TEST_POSTGRES_CONTROL")


@test
def a_missing_libpq_is_named_with_its_package(place):
    place.run(
        "studies", "--storage", "postgresql://u:secret@127.0.0.1:1/db",
        env={"ATTUNE_LIBPQ": "/nowhere/libpq.so.5"}).fails(1, "libpq5", "ATTUNE_LIBPQ")


@test
def no_error_shows_a_password(place):
    postgres(place)
    wrong = SERVER.replace("p%40ss", "wr%40ng")
    for url in (wrong, "postgresql://u:s3cr%40t@127.0.0.1:1/db", "postgresql+psycopg2://u:s3cr%4@h:x/db",
                "postgresql://127.0.0.1:1/db?user=u&password=s3cr%40t"):
        for command in (["studies"], ["best"], ["run", *ASK, "-n", "1", *ECHO]):
            at = command.index("--") if "--" in command else len(command)
            result = place.run(*command[:at], "--storage", url, *command[at:])
            assert result.status != 0, result
            for secret in ("s3cr", "wr@ng", "wr%40ng", "w/rd", "w%2Frd"):
                assert secret not in result.out + result.err, result


@test
def no_output_shows_a_password(place):
    store = postgres(place)
    space = [*ASK, "--study-name", "s", "--storage", store.attune]
    for command in (
        ["run", *space, "-n", "2", *ECHO], ["run", *space, "--load-if-exists", "-n", "1", "-f", "json", *ECHO],
        ["worker", *space, "-n", "1", "--progress", "json", *ECHO],
        ["studies", "--storage", store.attune], ["show", "--storage", store.attune],
        ["storage", "info", "--storage", store.attune], ["storage", "check", "--storage", store.attune],
        ["export", "--storage", store.attune], ["delete-study", "--storage", store.attune, "--study", "t"], ["best", "--storage", store.attune],
    ):
        result = place.run(*command)
        assert result.status == (1 if "t" in command else 0), result
        for secret in ("p@ss", "p%40ss", "w/rd", "w%2Frd"):
            assert secret not in result.out + result.err, result


@test
def a_server_restarted_in_mid_run_loses_nothing(place):
    store = postgres(place)
    starts(place, store, 1).wait(timeout=120)
    mine = [starts(place, store, 150, "--n-jobs", "2") for _ in range(2)]
    # A worker that cannot connect at its very start says so and ends.
    while len(store.load().trials) < 20:
        time.sleep(0.2)
    for how in ("kill", "stop", "kill"):
        time.sleep(0.7)
        subprocess.run([CONTROL, how], check=True)
        time.sleep(0.5)
        subprocess.run([CONTROL, "start"], check=True)
    for process in mine:
        finish(process)
    found = consistent(store.load())
    assert len(found) == 301, len(found)
    assert all(t.state.name == "COMPLETE" and t.value == t.params["x"] for t in found)
    assert [t["value"] for t in trials(place, store)] == [t.value for t in found]

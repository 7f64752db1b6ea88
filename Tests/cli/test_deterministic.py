"""Deterministic studies, and replay."""
import json
import sqlite3

from harness import test
from spaces import COS, LINE

#: Sleeps for a moment that differs from run to run, then gives (x - 1)^2.
SLOW = (
    "--", "python3", "-c",
    "import random, sys, time; time.sleep(random.random() / 20); print((float(sys.argv[1]) - 1) ** 2)", "{x}",
)


def trials(place, storage):
    report = place.run("trials", "--storage", storage, "-f", "json").ok().json
    return [(trial["number"], trial["params"], trial.get("value")) for trial in report]


@test
def any_number_of_jobs_and_workers_gives_the_same_study(place):
    study = ("--space", LINE, "--strategy", "tpe", "--seed", "3", "--window", "3", "--study-name", "s")
    place.run("run", *study, "--storage", "one.db", "-n", "18", *SLOW).ok()
    place.run("run", *study, "--storage", "five.db", "-n", "18", "-j", "5", *SLOW).ok().notes(
        'n_jobs is 5, but the window of "s" lets 3 trials run at a time')
    workers = [
        place.start("worker", *study, "--storage", "workers.db", "--total-trials", "18", "-j", "2", *SLOW)
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.wait(timeout=120) == 0
    one = trials(place, "one.db")
    assert len(one) == 18
    assert trials(place, "five.db") == one
    assert trials(place, "workers.db") == one
    for storage in ("one.db", "five.db", "workers.db"):
        place.run("replay", storage).ok().says('study "s": 18 suggestions of 18 trials', "all as recorded")


@test
def the_window_is_that_of_the_jobs_and_another_is_refused(place):
    run = (*COS, "--deterministic", "-j", "3", "-n", "4", "--storage", "s.db", "--study-name", "s")
    place.run(*run).ok()
    place.run(*run, "--load-if-exists").ok()
    place.run(*run, "--load-if-exists", "--window", "3").ok()
    place.run(*run, "--load-if-exists", "--window", "4").fails(
        2, 'study "s": window is 4, wanted 3 as recorded')
    place.run(*COS, "--window", "0").fails(2, "--window is 0, wanted 1 or more")


@test
def a_study_file_makes_a_study_deterministic(place):
    place.file("s.yaml", f"""
native: libm.so.6
call: f64 cos(f64 x)
space: {{x: {{type: float, low: 0, high: 6.3}}}}
storage: s.db
deterministic: true
window: 2
n_trials: 5
""")
    place.run("run", "s.yaml").ok()
    with sqlite3.connect(place.path + "/s.db") as database:
        (definition,) = database.execute("SELECT definition_json FROM attune_studies").fetchone()
    assert json.loads(definition)["window"] == 2


@test
def asking_names_the_trial_that_must_be_told_first(place):
    ask = ("ask", "--storage", "s.db", "--space", LINE, "--window", "2", "--study-name", "s")
    assert [place.run(*ask).ok().json["number"] for _ in range(2)] == [0, 1]
    place.run(*ask).fails(1, "trial 2 is chosen when trial 0 has ended", "tell that one first")
    place.run("tell", "--storage", "s.db", "--trial-number", "0", "--values", "1.5").ok()
    assert place.run(*ask).ok().json["number"] == 2


@test
def replay_shows_the_first_difference(place):
    place.run(*COS, "-n", "12", "-j", "3", "--seed", "1", "--storage", "s.db", "--study-name", "s").ok()
    place.run("replay", "--storage", "s.db", "--study", "s").ok().says("all as recorded")
    healthy = place.run("replay", "s.db", "-f", "json").ok().json
    assert healthy == {"name": "s", "trials": 12, "suggestions": 12, "skipped": 0}, healthy
    with sqlite3.connect(place.path + "/s.db") as database:
        database.execute(
            "UPDATE attune_events SET event = json_set(event, '$.params.x', 0.25) "
            "WHERE json_extract(event, '$.ask') = 6")
    place.run("replay", "s.db").ok(1).says('trial 6: parameter "x" is recorded as 0.25, derived ')
    report = place.run("replay", "s.db", "-f", "json").ok(1).json
    assert report["difference"]["trial"] == 6 and report["difference"]["recorded"] == 0.25, report
    place.run("replay", "none.db").fails(1)

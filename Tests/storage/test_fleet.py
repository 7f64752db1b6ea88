"""A fleet of Attune and Optuna on one PostgreSQL study, in which processes of both die and are found dead by their own."""
import os
import signal
import time

import optuna

from harness import test
from stores import HERE, consistent, finish, params_of, postgres, python, trials
from test_together import ASK, starts

ROOT = os.path.dirname(os.path.dirname(HERE))
FOREVER = 600


class Fleet:
    """Processes on one study, and what each evaluated."""

    def __init__(self, place):
        self.place, self.store = place, postgres(place)
        self.stop = os.path.join(place.path, "stop")
        self.processes = {}
        # The first trial makes the study.
        finish(starts(place, self.store, 1))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.communicate()

    def add(self, name, kind, seconds):
        """Starts `attune worker`, a process of Attune's Python package ("attune") or one of Optuna ("optuna")."""
        journal = self.journal(name)
        if kind == "worker":
            line = (f'echo "begin $ATTUNE_TRIAL_NUMBER $ATTUNE_PARAM_X" >>{journal}; sleep {seconds};'
                    f'echo "end $ATTUNE_TRIAL_NUMBER $ATTUNE_PARAM_X" >>{journal}; echo "$ATTUNE_PARAM_X"')
            process = self.place.start("worker", *self.store.arguments(), *ASK, "--", "sh", "-c", line)
        else:
            url = self.store.attune if kind == "attune" else self.store.url
            library = os.path.join(os.path.dirname(os.path.dirname(self.place.binary)), "lib", "libattune.so.0")
            process = python(
                os.path.join(HERE, "fleet_worker.py"), kind, url, journal, self.stop, str(seconds),
                env={**self.place.environment, "ATTUNE_LIB": library,
                     "PYTHONPATH": os.path.join(ROOT, "Sources", "python")})
        self.processes[name] = process
        return process

    def journal(self, name):
        return os.path.join(self.place.path, f"{name}.journal")

    def evaluated(self, name, what):
        """The trials that a process began or ended, with their x."""
        if not os.path.exists(self.journal(name)):
            return []
        with open(self.journal(name)) as file:
            lines = [line.split() for line in file if line.endswith("\n")]
        return [(int(number), float(x)) for kind, number, x in lines if kind == what]

    def begun(self, name, count=1):
        """Waits until a process has begun so many trials; gives the last."""
        until(lambda: len(self.evaluated(name, "begin")) >= count, f"{name} begins a trial", self.processes[name])
        return self.evaluated(name, "begin")[-1][0]

    def kill(self, name):
        """kill -9, in the middle of a trial; gives the trial's number."""
        number = self.begun(name)
        process = self.processes.pop(name)
        process.kill()
        process.communicate()
        return number

    def end(self):
        """All end after their running trials, and well."""
        with open(self.stop, "w"):
            pass
        for name, process in self.processes.items():
            if process.args[1] == "worker":
                process.send_signal(signal.SIGINT)
        for name, process in self.processes.items():
            out, err = process.communicate(timeout=120)
            interrupted = process.args[1] == "worker" and process.returncode in (130, -signal.SIGINT)
            assert process.returncode == 0 or interrupted, f"{name}: status {process.returncode}: {out}{err}"

    def agreed(self):
        """The trials, of which both programs say the same, numbered without a gap, none of them lost or open."""
        found, seen = consistent(self.store.load()), trials(self.place, self.store)
        assert [t["number"] for t in seen] == [t.number for t in found]
        for theirs, ours in zip(found, seen):
            assert ours["state"] == theirs.state.name and theirs.state.name in ("COMPLETE", "FAIL"), (ours, theirs)
            assert ours["params"] == params_of(theirs) and set(theirs.params) == {"x", "lr"}, (ours, theirs)
            assert ours.get("value") == theirs.value, (ours, theirs)
            if theirs.state.name == "COMPLETE":
                assert theirs.value == theirs.params["x"], theirs
        self.place.run("storage", "check", "--storage", self.store.attune).ok()
        return found


def until(condition, what, process=None, seconds=150):
    end = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, (what, process.communicate())
        assert time.monotonic() < end, f"wanted within {seconds} s: {what}"
        time.sleep(0.1)


def retries_of(found, number):
    """The trials made of a lost one."""
    return [t for t in found if (t.system_attrs.get("retry_history") or [None])[-1] == number]


def reaper(store, grace):
    """The study as an Optuna that takes a trial for lost after so many seconds, and tries it again twice."""
    storage = optuna.storages.RDBStorage(
        store.url, heartbeat_interval=1, grace_period=grace,
        heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=2))
    return optuna.load_study(study_name="s", storage=storage, sampler=optuna.samplers.RandomSampler())


def beaten(store, number):
    """Waits for the sign of life of a trial."""
    until(lambda: sql(store, HEARTBEATS, number), f"a sign of life of trial {number}")


HEARTBEATS = "SELECT h.heartbeat FROM trial_heartbeats h JOIN trials t USING (trial_id) WHERE t.number = %s"
AGE = """UPDATE trial_heartbeats SET heartbeat = heartbeat - interval '1 hour'
         WHERE trial_id = (SELECT trial_id FROM trials WHERE number = %s) RETURNING 1"""


def sql(store, text, *arguments):
    import psycopg2
    connection = psycopg2.connect(store.attune)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(text, arguments)
        return cursor.fetchall()
    finally:
        connection.close()


@test
def a_fleet_of_both_with_dead_of_both_loses_and_doubles_nothing(place):
    with Fleet(place) as fleet:
        for name, kind, seconds in (
            ("worker 1", "worker", 0.4), ("attune 1", "attune", 0.4), ("optuna 1", "optuna", 0.4),
            ("worker 2", "worker", 0.7), ("attune 2", "attune", 0.7), ("optuna 2", "optuna", 0.7),
            # Lives longer than Optuna waits for a sign of life: Attune's are enough for it.
            ("slow", "worker", 45),
            ("dead worker", "worker", FOREVER), ("dead attune", "attune", FOREVER), ("dead optuna", "optuna", FOREVER),
        ):
            fleet.add(name.replace(" ", "-"), kind, seconds)
        victims = ["dead-worker", "dead-attune", "dead-optuna"]
        slow = fleet.begun("slow")
        for name in victims:
            fleet.begun(name)
        # Without its first sign of life a trial of Optuna's is never taken for lost.
        beaten(fleet.store, fleet.begun("dead-optuna"))
        dead = {name: fleet.kill(name) for name in victims}

        def tried_again():
            found = fleet.store.load().get_trials(deepcopy=False)
            again = [retries_of(found, number) for number in dead.values()]
            return all(one and one[0].state.name == "COMPLETE" for one in again)

        until(tried_again, "each lost trial is tried again")
        until(lambda: fleet.evaluated("slow", "end"), "the slow trial ends", fleet.processes["slow"])
        fleet.begun("slow", 2)
        names = [*fleet.processes, *victims]
        # The slow worker is in a trial that would keep all waiting: killed as well, it is the last orphan.
        last = fleet.evaluated("slow", "begin")[-1][0]
        fleet.processes.pop("slow").kill()
        until(lambda: retries_of(fleet.store.load().trials, last), "the last lost trial waits or runs again")
        until(lambda: retries_of(fleet.store.load().trials, last)[0].state.name == "COMPLETE", "it ends")
        dead["slow"] = last
        fleet.end()

        found = fleet.agreed()
        assert len(found) >= 60, len(found)
        # Each was evaluated by one process, once, with the parameters it has.
        begun = [one for name in names for one in fleet.evaluated(name, "begin")]
        ended = [one for name in names for one in fleet.evaluated(name, "end")]
        assert len(dict(begun)) == len(begun) and len(dict(ended)) == len(ended), "a trial was evaluated twice"
        assert sorted(dict(begun)) == list(range(1, len(found))), "a trial was evaluated by nobody"
        assert all(found[number].params["x"] == x for number, x in begun)
        assert {t.number for t in found if t.state.name == "FAIL"} == set(dead.values()) == dict(begun).keys() - dict(ended).keys()
        assert found[slow].state.name == "COMPLETE"
        # The dead ones of a kind were found by that kind, and each was tried again once with what it had.
        for name, number in dead.items():
            reason = found[number].system_attrs.get("attune:reason")
            assert reason == (None if name == "dead-optuna" else "worker lost"), (name, found[number])
            again = retries_of(found, number)
            assert len(again) == 1 and again[0].params == found[number].params, (name, again)
            assert again[0].system_attrs["failed_trial"] == number
            assert again[0].system_attrs["retry_history"] == [number]
        assert len([t for t in found if "retry_history" in t.system_attrs]) == len(dead)


@test
def a_trial_lost_by_one_kind_and_then_the_other_keeps_its_history(place):
    with Fleet(place) as fleet:
        study = reaper(fleet.store, grace=5)
        fleet.add("first", "worker", FOREVER)
        first = fleet.begun("first")
        beaten(fleet.store, first)
        optuna.storages.fail_stale_trials(study)
        assert study.trials[first].state.name == "RUNNING", "a living trial of Attune's is none of Optuna's"
        fleet.kill("first")

        def lost(number):
            optuna.storages.fail_stale_trials(study)
            return study.trials[number].state.name == "FAIL"

        until(lambda: lost(first), "Optuna finds Attune's trial dead where no Attune lives")
        fleet.add("second", "optuna", FOREVER)
        beaten(fleet.store, fleet.begun("second"))
        second = fleet.kill("second")
        assert second == first + 1
        until(lambda: lost(second), "Optuna finds its own trial dead")
        fleet.add("third", "attune", 0.2)
        until(lambda: len(fleet.evaluated("third", "end")) >= 3, "the third goes on")
        optuna.storages.fail_stale_trials(study)
        fleet.end()
        found = fleet.agreed()
        assert [t.number for t in found if t.state.name == "FAIL"] == [first, second]
        assert found[first].params == found[second].params == found[second + 1].params
        assert found[second].system_attrs["retry_history"] == [first]
        assert found[second + 1].system_attrs["retry_history"] == [first, second]
        assert found[second + 1].system_attrs["failed_trial"] == first
        assert found[second + 1].state.name == "COMPLETE"
        assert all("retry_history" not in t.system_attrs for t in found[second + 2:])


@test
def a_trial_that_goes_on_under_its_number_is_not_dead_to_optuna(place):
    with Fleet(place) as fleet:
        study = reaper(fleet.store, grace=10)
        fleet.add("first", "worker", FOREVER)
        number = fleet.begun("first")
        beaten(fleet.store, number)
        fleet.kill("first")
        assert sql(fleet.store, AGE, number) == [(1,)]
        fleet.add("second", "attune", 4)
        assert fleet.begun("second") == number
        optuna.storages.fail_stale_trials(study)
        until(lambda: fleet.evaluated("second", "end"), "the trial ends")
        fleet.end()
        found = fleet.agreed()
        assert all(t.state.name == "COMPLETE" for t in found) and not retries_of(found, number)

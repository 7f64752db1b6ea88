"""The storages that the tests run on, and what they share: each test runs once for each storage."""
import functools
import itertools
import json
import os
import subprocess
import sys
import warnings

import optuna

import harness

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
SERVER = os.environ.get("ATTUNE_TEST_POSTGRES")
VERSION = int(optuna.__version__.split(".")[0])
HERE = os.path.dirname(os.path.abspath(__file__))
databases = itertools.count()


class Store:
    """A storage as both programs name it."""

    def __init__(self, attune, optuna_url):
        self.attune, self.url = attune, optuna_url

    @property
    def rdb(self):
        return optuna.storages.RDBStorage(self.url)

    def load(self, name="s"):
        return optuna.load_study(study_name=name, storage=self.url)

    def arguments(self, name="s"):
        return ["--storage", self.attune, "--study-name", name]


def sqlite(place):
    path = os.path.join(place.path, "study.db")
    return Store(path, "sqlite:///" + path)


def postgres(_):
    """A database of its own on the server of these tests."""
    if not SERVER:
        raise harness.Skip("ATTUNE_TEST_POSTGRES names no server")
    import psycopg2
    name = f"t{os.getpid()}_{next(databases)}"
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    url = SERVER.rsplit("/", 1)[0] + "/" + name
    return Store(url, url.replace("postgresql://", "postgresql+psycopg2://"))


def on_each(function):
    """Registers a test for each storage."""
    for make in (sqlite, postgres):
        @functools.wraps(function)
        def run(place, make=make):
            function(place, make(place))
        run.__name__ = f"{function.__name__}_in_{make.__name__}"
        harness.test(run)
    return function


def python(*arguments, **options):
    """A process of this Python, which has Optuna."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=HERE, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, **options)


def finish(process, timeout=300):
    out, err = process.communicate(timeout=timeout)
    assert process.returncode == 0, f"status {process.returncode}: {out}{err}"
    return out


def trials(place, store, name="s"):
    """The trials as Attune sees them."""
    return place.run("trials", *store.arguments(name), "-f", "json", timeout=300).ok().json


def params_of(trial):
    """Parameters of a trial of Optuna as JSON has them."""
    return json.loads(json.dumps(trial.params))


def consistent(study):
    """Numbers without a gap or a repetition, and no trial that nobody runs."""
    found = study.get_trials(deepcopy=False)
    assert [t.number for t in found] == list(range(len(found))), [t.number for t in found]
    return found

"""One engine in the Python of its own virtual environment; speaks JSON lines with engine_process.py.

usage: worker.py NAME       Only ask and tell are timed: neither the pipe nor the evaluation counts.
"""
import os
import sys

_answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)                       # what libraries print goes to standard error
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gc
import json
import time
import traceback

from adapters import load
from space import clean


def trace():
    """The end of the current traceback, without the paths of this machine."""
    text = traceback.format_exc()[-2000:]
    here = os.path.dirname(os.path.abspath(__file__))
    return text.replace(here + os.sep, "").replace(sys.prefix + os.sep, "<env>/")


def send(answer):
    _answers.write(json.dumps(answer) + "\n")
    _answers.flush()


class Session:
    """The engine of one run after another."""

    def __init__(self, cls):
        self.cls, self.engine, self.space, self.params = cls, None, None, None

    def start(self, space, seed, budget):
        self.engine = None
        gc.collect()
        self.space = space
        self.engine = self.cls(space, seed, budget)
        return {}

    def step(self, value, ask):
        """Tells the value of the last ask, if there is one, then asks, if wanted."""
        wall, cpu = time.perf_counter, time.process_time
        out = {"params": None, "ask": 0.0, "tell": 0.0, "cpu": 0.0}
        if value is not None:
            c, t = cpu(), wall()
            self.engine.tell(self.params, value)
            out["tell"] = wall() - t
            out["cpu"] += cpu() - c
        if ask:
            c, t = cpu(), wall()
            self.params = self.engine.ask()
            out["ask"] = wall() - t
            out["cpu"] += cpu() - c
            out["params"] = clean(self.space, self.params)
        return out


def main(name):
    try:
        session = Session(load(name))
    except Exception:
        send({"error": trace()})
        return
    send({"ready": name})
    for line in sys.stdin:
        message = json.loads(line)
        command = message.pop("command")
        if command == "quit":
            return
        try:
            send({"start": session.start, "step": session.step}[command](**message))
        except Exception:
            send({"error": trace()})


main(sys.argv[1])

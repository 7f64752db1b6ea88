"""One process per trial: what a training took is given back when its process ends, and a crash ends only its trial.

The process asks this one for suggestions and reports through a pipe, so that a study in memory will do.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
import traceback
from typing import Any, Callable, Optional, Sequence, Union

from ..errors import TimeLimitError, TrialPruned
from ..trial import Trial

#: What a process may have done to its trial here.
_METHODS = frozenset(
    {
        "suggest_float", "suggest_int", "suggest_categorical", "report", "should_prune", "set_attribute",
        "set_constraint", "should_stop",
    }
)  # fmt: skip


class LostProcessError(RuntimeError):
    """The process of a trial ended without an answer: it crashed, was killed, or left."""


class in_process:  # noqa: N801
    """An objective that evaluates each trial of another one in a new process.

    The objective and its result go through pickle: a function of a module, or of a script whose work stands below
    `if __name__ == "__main__":`. After `timeout` seconds the process is killed and the trial fails.
    """

    def __init__(self, objective: Callable[[Any], Any], timeout: Optional[float] = None) -> None:
        self.objective = objective
        self.timeout = timeout

    def __call__(self, trial: Trial) -> Any:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_work, args=(theirs, self.objective, trial.number, trial.seed), name=f"attune-trial-{trial.number}"
        )
        process.start()
        theirs.close()
        try:
            return self._serve(trial, ours, process)
        finally:
            if process.is_alive():
                process.kill()
            process.join()
            ours.close()

    def _serve(self, trial: Trial, pipe: Any, process: Any) -> Any:
        deadline = None if self.timeout is None else time.monotonic() + self.timeout
        while True:
            if deadline is not None and not pipe.poll(max(0.0, deadline - time.monotonic())):
                raise TimeLimitError(f"trial {trial.number}: timeout after {self.timeout} s")
            try:
                message = pipe.recv()
            except (EOFError, ConnectionResetError):
                process.join()
                raise LostProcessError(f"the process of trial {trial.number} {_end(process.exitcode)}") from None
            kind, content = message
            if kind == "result":
                process.join(10)  # leaves by itself, so that what it writes at its exit is written
                return content
            if kind == "error":
                raise content
            name, arguments, words = content
            if name not in _METHODS:
                raise ValueError(f"a process asked for {name!r}, wanted one of {', '.join(sorted(_METHODS))}")
            try:
                done = getattr(trial, name)
                pipe.send(("done", done(*arguments, **words) if callable(done) else done))
            except Exception as error:  # what the trial refuses is raised where it was asked
                pipe.send(("refused", error))


class RemoteTrial:
    """A trial as its process sees it."""

    def __init__(self, pipe: Any, number: int, seed: int) -> None:
        self.number = number
        self.seed = seed
        #: What was suggested so far.
        self.params: dict[str, Any] = {}
        self._pipe = pipe

    def _ask(self, name: str, *arguments: Any, **words: Any) -> Any:
        self._pipe.send(("call", (name, arguments, words)))
        kind, content = self._pipe.recv()
        if kind == "refused":
            raise content
        return content

    def _suggest(self, method: str, name: str, *arguments: Any, **words: Any) -> Any:
        return self.params.setdefault(name, self._ask(method, name, *arguments, **words))

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """As Trial.suggest_float."""
        return float(self._suggest("suggest_float", name, low, high, step=step, log=log))

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """As Trial.suggest_int."""
        return int(self._suggest("suggest_int", name, low, high, step=step, log=log))

    def suggest_categorical(self, name: str, choices: Sequence[Any], *, ordered: bool = False) -> Any:
        """As Trial.suggest_categorical."""
        return self._suggest("suggest_categorical", name, list(choices), ordered=ordered)

    def report(self, value: Union[float, Sequence[float]], step: int) -> None:
        """As Trial.report."""
        self._ask("report", value, step)

    def should_prune(self) -> bool:
        """As Trial.should_prune."""
        return bool(self._ask("should_prune"))

    @property
    def should_stop(self) -> bool:
        """As Trial.should_stop."""
        return bool(self._ask("should_stop"))

    def set_attribute(self, key: str, value: Any) -> None:
        """As Trial.set_attribute."""
        self._ask("set_attribute", key, value)

    #: Optuna's word for it.
    set_user_attr = set_attribute

    def set_constraint(self, name: str, value: float) -> None:
        """As Trial.set_constraint."""
        self._ask("set_constraint", name, value)


class _RemoteTraceback(Exception):
    """The cause of an exception that came from another process: where it was raised there."""

    def __str__(self) -> str:
        return f'\n"""\n{self.args[0]}"""'


def _work(pipe: Any, objective: Callable[[Any], Any], number: int, seed: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent ends this process
    try:
        pipe.send(("result", objective(RemoteTrial(pipe, number, seed))))
    except TrialPruned as pruned:
        pipe.send(("error", TrialPruned(*pruned.args)))
    except BaseException as error:  # raised again in the parent
        pipe.send(("error", _portable(error)))


def _portable(error: BaseException) -> BaseException:
    """An exception that pickle can carry, with its traceback as a text."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    try:
        carried = pickle.loads(pickle.dumps(error))
    except Exception:  # an exception of any make may refuse; its text remains
        carried = RuntimeError(f"{type(error).__name__}: {error}")
    if not isinstance(carried, Exception):
        carried = RuntimeError(f"{type(error).__name__}: {error}")
    return _WithCause(carried, text)


class _WithCause(Exception):
    """Carries an exception and the text of its traceback; unpickles as the exception itself."""

    def __reduce__(self) -> Any:
        return _rebuilt, self.args


def _rebuilt(error: BaseException, text: str) -> BaseException:
    error.__cause__ = _RemoteTraceback(text)
    return error


def _end(code: Optional[int]) -> str:
    if code is not None and code < 0:
        return f"was ended by signal {-code} ({signal.strsignal(-code)})"
    return f"ended with status {code} and no result"

"""What goes wrong, as Python exceptions: each status of attune.h is a class that is also Python's own."""

from __future__ import annotations


class AttuneError(Exception):
    """Whatever the engine refuses or fails at.

    `subject` is the offending item ("space.lr.low", a path), `user_code` what a callback or plugin returned.
    """

    #: The number in attune.h.
    status = -1

    def __init__(self, message: str, subject: str = "", user_code: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.user_code = user_code

    def __str__(self) -> str:  # KeyError would quote it
        return self.message

    def __reduce__(self) -> tuple[type[AttuneError], tuple[str, str, int]]:
        return type(self), (self.message, self.subject, self.user_code)


class InternalError(AttuneError, RuntimeError):
    """A bug in Attune."""

    status = -1


class InvalidArgumentError(AttuneError, ValueError):
    """A value that cannot be meant."""

    status = -2


class InvalidStateError(AttuneError, RuntimeError):
    """A call that does not fit now: a finished trial is told again, a closed study is asked."""

    status = -3


class NotFoundError(AttuneError, KeyError):
    """A name that nothing has."""

    status = -4


class AlreadyExistsError(AttuneError, ValueError):
    """A name that is taken."""

    status = -5


class TypeMismatchError(AttuneError, TypeError):
    """A parameter or value of another type."""

    status = -6


class InactiveError(AttuneError, KeyError):
    """A parameter that this trial does not have, because of its conditions."""

    status = -7


class NotSupportedError(AttuneError, NotImplementedError):
    """What this strategy, storage or plugin cannot do."""

    status = -8


class OutOfMemoryError(AttuneError, MemoryError):
    """No memory, or no room for another handle."""

    status = -9


class FileError(AttuneError, OSError):
    """A file that cannot be read or written."""

    status = -10


class StorageError(AttuneError, RuntimeError):
    """A storage that is corrupt, locked or written by a newer version."""

    status = -11


class ConflictError(AttuneError, RuntimeError):
    """Another process changed the trial."""

    status = -12


class CancelledError(AttuneError, RuntimeError):
    """A call that was ended by request."""

    status = -13


class TimeLimitError(AttuneError, TimeoutError):
    """A call that took too long."""

    status = -14


class PluginError(AttuneError, RuntimeError):
    """A plugin that cannot be loaded or broke its contract."""

    status = -15


class ObjectiveError(AttuneError, RuntimeError):
    """User code that failed."""

    status = -16


class ExhaustedError(AttuneError, RuntimeError):
    """A finite strategy that has proposed every point."""

    status = -17


class TrialPruned(Exception):
    """Raised by an objective that gives its trial up: `if trial.should_prune(): raise TrialPruned`."""


BY_STATUS: dict[int, type[AttuneError]] = {
    kind.status: kind
    for kind in (
        InternalError, InvalidArgumentError, InvalidStateError, NotFoundError, AlreadyExistsError, TypeMismatchError,
        InactiveError, NotSupportedError, OutOfMemoryError, FileError, StorageError, ConflictError, CancelledError,
        TimeLimitError, PluginError, ObjectiveError, ExhaustedError,
    )
}  # fmt: skip

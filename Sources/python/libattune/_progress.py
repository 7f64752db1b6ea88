"""The bar of `optimize(show_progress_bar=True)`, on standard error."""

from __future__ import annotations

import sys
import time
from typing import Optional

_WIDTH = 24
_INTERVAL = 0.1


class ProgressBar:
    """Best trial: 3. Best value: 0.08:  42%|##########              | 42/100 [00:10<00:14]"""

    def __init__(self, n_trials: Optional[int], timeout: Optional[float]) -> None:
        self._n_trials, self._timeout = n_trials, timeout
        self._begun = time.monotonic()
        self._shown = 0.0
        self._count = 0
        self._best: Optional[tuple[int, float]] = None

    def finished(self, number: int, value: Optional[float], maximize: bool) -> None:
        """Counts a trial. The library never calls for two at once."""
        self._count += 1
        if value is not None:
            if self._best is None or (value > self._best[1] if maximize else value < self._best[1]):
                self._best = (number, value)
        now = time.monotonic()
        if now - self._shown >= _INTERVAL:
            self._shown = now
            self._show(now)

    def close(self) -> None:
        """Shows the last state and ends the line."""
        self._show(time.monotonic())
        sys.stderr.write("\n")
        sys.stderr.flush()

    def _show(self, now: float) -> None:
        elapsed = now - self._begun
        best = f"Best trial: {self._best[0]}. Best value: {self._best[1]:.6g}: " if self._best else ""
        share: Optional[float] = None
        if self._n_trials:
            share = self._count / self._n_trials
        elif self._timeout:
            share = min(1.0, elapsed / self._timeout)
        if share is None:
            text = f"{best}{self._count} trials [{_clock(elapsed)}]"
        else:
            bar = ("#" * int(share * _WIDTH)).ljust(_WIDTH)
            left = _clock(elapsed / share - elapsed) if share > 0 else "?"
            of = f"{self._count}/{self._n_trials}" if self._n_trials else str(self._count)
            text = f"{best}{share:4.0%}|{bar}| {of} [{_clock(elapsed)}<{left}]"
        sys.stderr.write("\r" + text)
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"

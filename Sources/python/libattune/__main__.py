"""`python -m libattune`, and the command `attune` of an installed wheel: the command line of Attune."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

from ._library import NATIVE


def main() -> NoReturn:
    """Becomes the command, which takes over arguments, standard streams and signals."""
    own = NATIVE / "bin" / "attune"
    command = str(own) if own.exists() else shutil.which("attune")
    if command is None or os.path.realpath(command) == os.path.realpath(sys.argv[0]):
        sys.exit("libattune: error: this installation carries no command, and no 'attune' is in PATH")
    sys.stdout.flush()
    os.execv(command, ["attune", *sys.argv[1:]])


if __name__ == "__main__":
    main()

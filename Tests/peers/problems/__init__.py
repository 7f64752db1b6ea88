"""The problems by name; each is made when it is first wanted."""
import functools

from problem_set import SET
from problems import bbob, fresh, synthetic, tabular, training

MAKERS = {"": {**synthetic.PROBLEMS, **bbob.PROBLEMS, **tabular.PROBLEMS, **training.PROBLEMS},
          "fresh": fresh.PROBLEMS}[SET]
NAMES = list(MAKERS)


@functools.cache
def get(name):
    return MAKERS[name]()


def select(text):
    """The names a comma-separated list stands for: "all", suites "A" to "D", names."""
    chosen = set()
    for word in text.split(","):
        names = [n for n in NAMES if word in ("all", n, n[0])]
        if not names:
            raise SystemExit(f"peers: no problem {word!r}; known: all, A, B, C, D, {', '.join(NAMES)}")
        chosen.update(names)
    return [n for n in NAMES if n in chosen]

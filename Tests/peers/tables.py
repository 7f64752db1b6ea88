#!/usr/bin/env python3
"""Tables of engines among the recorded peers, in Markdown.

  tables.py attune attune_tpe            prints them; the first engine is the one held to the bars
  tables.py --write attune attune_tpe    writes RESULTS.md beside this file, or FRESH.md where PEERS_SET is fresh
Fresh runs are read from PEERS_RESULTS, those of overhead.py from overhead.json there, if any.
"""
import argparse
import datetime
import json
import sys
from pathlib import Path

import numpy as np

import bars
import kinds
from engine_process import RESULTS
from overhead_table import overhead_lines
from problem_set import SET
from runs import CLIP, Runs, read_lines
from standing import complete, duel, geometric, interval, mean, ranks

NUMBERS = (25, 50, 100)
SUITES = {"A": "A synthetic", "B": "B BBOB", "C": "C tabular", "D": "D training"}


def row(cells):
    return "| " + " | ".join(str(c) for c in cells) + " |"


def between(bounds, digits=3):
    return "" if bounds is None else f" [{bounds[0]:.{digits}f}, {bounds[1]:.{digits}f}]"


class Report:
    """The tables of engines (own: not recorded) and peers."""

    def __init__(self, own):
        self.runs, self.own = Runs.recorded(), own
        self.peers = list(self.runs.traces)
        for name in own:
            records = read_lines(RESULTS / "runs" / f"{name}.jsonl")
            if not records:
                raise SystemExit(f"tables.py: no runs of {name} in {RESULTS / 'runs'}")
            self.runs.add(records)
        self.tables = {n: self.runs.regrets(n) for n in NUMBERS}
        names = list(self.runs.references)
        self.suites = {s: [p for p in names if p[0] == s] for s in SUITES}
        self.suites["all"] = names
        self.kinds = kinds.by_kind([p for p in names if p in self.tables[100]])

    def seeds(self, table, engine):
        counts = [len(table[p][engine]) for p in table if engine in table[p]]
        return f"{min(counts)}" if min(counts) == max(counts) else f"{min(counts)}-{max(counts)}"

    def quality(self, n):
        """One row an engine; engines that did not run a suite have no mean there."""
        table = self.tables[n]
        suites = {s: [p for p in ps if p in table] for s, ps in self.suites.items()}
        left = [p for p in self.suites["all"] if p not in table]
        out = [f"### After {n} trials", ""]
        if left:
            out += [f"Left out, since random search is at the optimum by then: {', '.join(left)}.", ""]
        out += [row(["engine", *SUITES.values(), f"**all {len(suites['all'])}** [95 %]",
                     "geometric [95 %]", "mean rank", "seeds"]), "|---" * (len(SUITES) + 5) + "|"]
        field = complete(table, suites["all"], self.peers)
        rank = ranks(table, suites["all"], field)
        for name in self.own:               # each against the peers, not against the others of its kind
            if complete(table, suites["all"], [name]):
                rank[name] = ranks(table, suites["all"], [*field, name])[name]
        engines = [e for e in [*self.own, *self.peers] if any(e in table[p] for p in table)]
        rows = []
        for e in engines:
            means = {s: mean(table, ps, e) if ps and complete(table, ps, [e]) else None for s, ps in suites.items()}
            cells = [f"**{e}**" if e in self.own else e]
            cells += ["–" if means[s] is None else f"{means[s]:.3f}" for s in SUITES]
            if means["all"] is None:
                cells += ["–", "–", "–"]
            else:
                ps = suites["all"]
                cells += [f"**{means['all']:.3f}**{between(interval(table, ps, e))}",
                          f"{geometric(table, ps, e):.4f}{between(interval(table, ps, e, True), 4)}", f"{rank[e]:.2f}"]
            few = [s for s in "ABC" if means[s] is None]
            known = [m for m in means.values() if m is not None]
            order = (means["all"] is None, len(few), means["all"] or float(np.mean(known or [CLIP])))
            rows.append((order, row(cells + [self.seeds(table, e)])))
        return out + [text for _, text in sorted(rows)] + [""]

    def problems(self, n=100):
        """One row a problem: the own engines beside the best peer and random search."""
        table = self.tables[n]
        out = [f"### Problem by problem, after {n} trials", "",
               "Best peer: the least mean among peers with at least 3 seeds, so the best of many picked in hindsight. "
               "Place: among these peers on this problem.", "",
               row(["problem", *(f"{e} [95 %]" for e in self.own), "place", "best peer", "its regret [95 %]",
                    "random"]),
               "|---" * (len(self.own) + 5) + "|"]
        for p, by_engine in table.items():
            peers = [e for e in self.peers if len(by_engine.get(e, [])) >= 3]
            best = min(peers, key=lambda e: by_engine[e].mean())
            cells = [f"{by_engine[e].mean():.3f}{between(interval(table, [p], e))}" if e in by_engine else "–"
                     for e in self.own]
            place = [str(1 + sum(by_engine[e].mean() < by_engine[o].mean() for e in peers)) if o in by_engine else "–"
                     for o in self.own]
            out.append(row([p, *cells, " / ".join(place), best,
                            f"{by_engine[best].mean():.3f}{between(interval(table, [p], best))}",
                            f"{by_engine['random'].mean():.3f}"]))
        return out + [""]

    def by_kind(self, n=100):
        """One row a kind of problems: the own engines beside the best peer and random search."""
        table = self.tables[n]
        out = [f"### Kinds of problems, after {n} trials", "",
               *(f"- {kind}: {kinds.MEANING[kind]} ({', '.join(ps)})" for kind, ps in self.kinds.items()), "",
               "Best peer: the least mean among peers that ran all of them with at least 3 seeds, so the best of many "
               "picked in hindsight.", "",
               row(["kind", "problems", *(f"{e} [95 %]" for e in self.own), "best peer", "its regret [95 %]",
                    "random"]),
               "|---" * (len(self.own) + 5) + "|"]
        for kind, ps in self.kinds.items():
            cells = [f"{mean(table, ps, e):.3f}{between(interval(table, ps, e))}" if complete(table, ps, [e]) else "–"
                     for e in self.own]
            best = bars.best_peer(table, ps, self.peers)
            cells += [best[0], f"{best[1]:.3f}{between(best[2])}"] if best else ["–", "–"]
            out.append(row([kind, len(ps), *cells, f"{mean(table, ps, 'random'):.3f}"]))
        return out + [""]

    def duels(self, own, n=100):
        """One row a peer: the problems both ran."""
        out = [f"### {own} against each peer, after {n} trials", "",
               row(["peer", "problems both ran", "won", own, "peer"]), "|---|---|---|---|---|"]
        results = {peer: duel(self.tables[n], own, peer) for peer in self.peers}
        results = {peer: r for peer, r in results.items() if r}
        for peer, (count, won, mine, theirs) in sorted(results.items(), key=lambda r: r[1][3]):
            out.append(row([peer, count, f"{won:.0%}", f"{mine:.3f}", f"{theirs:.3f}"]))
        return out + [""]

    def markdown(self):
        first = self.own[0]
        held = bars.quality(self.tables, self.suites, self.peers, first)
        held += bars.kinds(self.tables[100], self.kinds, self.peers, first)
        seeds = self.seeds(self.tables[100], first)
        out = ["# Attune among its peers" + (f": the {SET} problems" if SET else ""), "",
               f"Written by `tables.py` on {datetime.date.today()}; do not edit. How to repeat it, what the problems "
               "are and what was recorded of the peers: [README.md](README.md).", "",
               "Normalised regret: (best so far - optimum) / (median of random search's best after as many trials - "
               "optimum), at most 1.5; 0 is the optimum, 1 is random search, lower is better. Means over problems of "
               "the mean over seeds; in brackets the 95 % bootstrap interval over seeds (none below 3 seeds; with 3 to "
               "5 it is too narrow). Geometric: its geometric mean, at least 1e-4 each. Mean rank: among the peers "
               "that ran all problems. – : not all of these problems run.", "",
               f"Attune: {seeds} seeds, defaults, told the space and a seed, not the budget.", "",
               f"## Bars, held against {first}", "", *bars.lines(held), "", "## Quality", ""]
        for n in reversed(NUMBERS):
            out += self.quality(n)
        out += self.by_kind() + self.problems() + self.duels(first)
        out += ["## Time inside ask and tell in these runs", "",
                "Mean milliseconds a trial over 100 trials, adapter included. The peers' were recorded on another, "
                "shared machine: an impression, not a comparison. Overhead measured side by side is below, if at all.",
                "", row(["engine", "ms a trial"]), "|---|---|"]
        for e in [*self.own, *self.peers]:
            seconds, trials = np.sum(self.runs.seconds[e], axis=0)
            out.append(row([e, f"{1e3 * seconds / trials:.3g}"]))
        measured = RESULTS / "overhead.json"
        if measured.exists():
            out += ["", *overhead_lines(json.loads(measured.read_text()))]
        return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("engines", nargs="*", default=["attune"])
    a = parser.parse_args()
    text = Report(a.engines or ["attune"]).markdown()
    if a.write:
        path = Path(__file__).resolve().parent / ("FRESH.md" if SET else "RESULTS.md")
        path.write_text(text)
        print(f"wrote {path.name}")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()

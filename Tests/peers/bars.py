"""What Attune is held to: each bar with what was measured, and whether it is met."""
from problem_set import SET
from standing import complete, duel, geometric, interval, mean, ranks


def _first(values, own):
    """(whether own has the least value, the least of the others and whose it is)"""
    other = min((v, e) for e, v in values.items() if e != own)
    return values[own] < other[0], other


def quality(tables, suites, peers, own):
    """[(bar, measured, met)]. tables: n -> table of regrets; suites: name -> problems, "all" among them."""
    bars = []
    for n, table in tables.items():
        for name, problems in suites.items() if n == 100 else [("all", suites["all"])]:
            problems = [p for p in problems if p in table]
            field = complete(table, problems, [own, *peers])
            if not problems or own not in field or len(field) < 2:
                continue
            for what, values in (("mean rank", ranks(table, problems, field)),
                                 ("mean regret", {e: mean(table, problems, e) for e in field})):
                met, (value, engine) = _first(values, own)
                bars.append((f"first by {what} at {n} trials, {name} ({len(field) - 1} peers)",
                             f"{values[own]:.3f}; best peer {engine} {value:.3f}", met))
    table, problems = tables[100], [p for p in suites["all"] if p in tables[100]]
    if not SET and complete(table, problems, [own]):     # these two were set for the first 25 problems
        value, least = mean(table, problems, own), geometric(table, problems, own)
        bars.append(("mean regret at 100 trials at most 0.20", f"{value:.3f}", value <= 0.20))
        bars.append(("geometric mean regret at 100 trials at most 0.019", f"{least:.4f}", least <= 0.019))
    lost = []
    for peer in peers:
        result = duel(table, own, peer)
        if result and (result[2] >= result[3] or result[1] < 0.5):
            lost.append(peer)
    bars.append(("ahead of every single peer on the problems it ran, at 100 trials",
                 "lost to " + ", ".join(lost) if lost else "all won", not lost))
    worse = []
    for p in problems:
        if own in table[p]:
            bound = interval(table, [p], own)
            if bound and bound[0] > table[p]["random"].mean():
                worse.append(p)
    bars.append(("on no problem worse than random search, interval clear of it, at 100 trials",
                 "worse on " + ", ".join(worse) if worse else "none", not worse))
    return bars


def best_peer(table, problems, peers):
    """(name, mean regret, its 95 % interval) of the peer with the least mean regret, among those that ran all of
    problems with 3 seeds or more; None where there is none."""
    field = [(mean(table, problems, e), e) for e in complete(table, problems, peers)]
    field = [(value, e, interval(table, problems, e)) for value, e in sorted(field)]
    return next(((e, value, bounds) for value, e, bounds in field if bounds), None)


def kinds(table, kinds, peers, own):
    """[(bar, measured, met)]: on each kind of problems own is ahead of the best peer, or within its interval."""
    bars = []
    for kind, problems in kinds.items():
        best = best_peer(table, problems, peers)
        if best is None or not complete(table, problems, [own]):
            continue
        peer, other, (low, high) = best
        value = mean(table, problems, own)
        bars.append((f"{kind}: ahead of the best peer or within its interval, at 100 trials",
                     f"{value:.3f}; best peer {peer} {other:.3f} [{low:.3f}, {high:.3f}]", value <= high))
    return bars


def lines(bars):
    """The bars as rows of a table in Markdown."""
    out = ["| bar | measured | met |", "|---|---|---|"]
    return out + [f"| {bar} | {measured} | {'yes' if met else '**no**'} |" for bar, measured, met in bars]

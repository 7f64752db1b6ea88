"""Tables and bars of what overhead.py measured, in Markdown."""
import numpy as np

# (engine, trials, microseconds of the mean at most, of the worst so far at most or None); 0: over the first 100
LIMITS = [("attune_tpe", 1000, 100, None), ("attune_tpe", 100_000, 150, None),
          ("attune_gp", 100, 3000, None), ("attune_gp", 200, 6000, 40_000), ("attune_gp", 1000, 10_000, None),
          ("attune_bayesian", 0, 3000, None), ("attune_bayesian", 100, 3000, None),
          ("attune_bayesian", 200, 6000, 40_000), ("attune_bayesian", 1000, 10_000, None)]
# (engine, peer, trials, times as fast at least)
RATIOS = [("attune_tpe", "optuna_tpe", 1000, 100), ("attune_tpe", "rustuna_tpe", 1000, 5),
          ("attune_gp", "optuna_gp", 100, 60)]
# (engine, trials, MB at most)
MEMORY = [("attune_tpe", 100_000, 60), ("attune_gp", 100_000, 60), ("attune_bayesian", 100_000, 60)]


def _pooled(measured, name, n):
    """(CPU, wall) microseconds of every ask + tell in the windows at n, all rounds together; None when not reached."""
    times = [t for m in measured["engines"].get(name, []) for t in m.get("windows", {}).get(str(n), [])]
    return np.array(times) * 1e6 if times else None


def _duration(microseconds):
    if microseconds < 1000:
        return f"{microseconds:.3g} us"
    return f"{microseconds / 1000:.3g} ms" if microseconds < 1e6 else f"{microseconds / 1e6:.3g} s"


def _at(n):
    return "first 100" if n == 0 else f"{n:,}"


def _row(cells):
    return "| " + " | ".join(map(str, cells)) + " |"


def _times(measured):
    out = [_row(["engine", "trials told", "mean", "99th percentile", "worst", "mean of wall time", "samples"]),
           "|---|---|---|---|---|---|---|"]
    for name, rounds in measured["engines"].items():
        for error in {m["error"] for m in rounds if "error" in m}:
            out.append(_row([name, "", f"not measured: {error}", "", "", "", ""]))
        for n in sorted({int(n) for m in rounds for n in m.get("windows", {})}):
            times = _pooled(measured, name, n)
            cpu = times[:, 0]
            out.append(_row([name, _at(n), _duration(cpu.mean()), _duration(np.percentile(cpu, 99)),
                             _duration(cpu.max()), _duration(times[:, 1].mean()), len(times)]))
    return out + [""]


def _bars(measured):
    out = [_row(["bar", "measured", "met"]), "|---|---|---|"]
    verdict = lambda met: "yes" if met else "**no**"
    for name, n, mean, worst in LIMITS:
        times, bar = _pooled(measured, name, n), f"{name}, {_at(n)}: mean at most {_duration(mean)}"
        if times is None:
            out.append(_row([bar, "not measured", "–"]))
            continue
        out.append(_row([bar, _duration(times[:, 0].mean()), verdict(times[:, 0].mean() <= mean)]))
        if worst:
            # Of all trials so far, not of the window alone: fits are rare.
            longest = max([times[:, 0].max(), *(1e6 * m["worst"][0] for m in measured["engines"][name] if m.get("worst"))])
            out.append(_row([f"{name}, up to {_at(n)}: worst at most {_duration(worst)}", _duration(longest),
                             verdict(longest <= worst)]))
    for name, peer, n, wanted in RATIOS:
        own, other = _pooled(measured, name, n), _pooled(measured, peer, n)
        bar = f"{name} at {n:,} at least {wanted} times as fast as {peer}"
        if own is None or other is None:
            out.append(_row([bar, "not measured", "–"]))
            continue
        ratio = other[:, 0].mean() / own[:, 0].mean()
        out.append(_row([bar, f"{ratio:.3g} times", verdict(ratio >= wanted)]))
    for name, n, most in MEMORY:
        peaks = [(m["memory"][str(n)], m["before"]) for m in measured["engines"].get(name, [])
                 if str(n) in m.get("memory", {})]
        bar = f"memory of {name} at {n:,} trials: at most {most} MB"
        if not peaks:
            out.append(_row([bar, "not measured", "–"]))
            continue
        peak, before = max(peaks)
        what = f"{peak:.0f} MB the whole process (VmHWM), of it {before:.0f} MB Python before the library"
        out.append(_row([bar, what, verdict(peak <= most)]))
    return out + [""]


def overhead_lines(measured):
    """The section on overhead."""
    versions = ", ".join(f"{k} {v}" for k, v in measured["versions"].items())
    return ["## Overhead, side by side", "",
            f"Measured {measured['date']} by `overhead.py` on {measured['processor']}, load average "
            f"{measured['load']:.1f}: {versions}. 10 mixed parameters, in memory, one thread, rounds of fresh "
            f"processes in turns: {measured['rounds']}. Ask and tell of one trial together, as CPU time (what else the "
            "machine runs does not count; wall time stands beside). All through Python: Attune's times include its "
            "ctypes adapter, which attune_random shows. A window of trials around the number told, all rounds "
            "together.", "",
            *_times(measured), *_bars(measured)]

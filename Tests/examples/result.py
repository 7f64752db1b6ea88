"""Reads what `attune run -f json` and `attune plugin check -f json` printed.

result.py FILE                the best value and its parameters, as one line to compare
result.py FILE complete       at least one trial is COMPLETE, all that were asked for ended, the best value is finite
result.py FILE below NUMBER   the best value is below NUMBER
result.py FILE claims CLAIM   the plugin that was checked claims this capability
"""
import json
import math
import sys


def main(path, what="best", *arguments):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    if what == "claims":
        claims = [finding["detail"] for finding in result["findings"] if finding["name"].endswith(": claims")]
        return 0 if arguments[0] in ", ".join(claims).split(", ") else 1
    best, trials = result["best"], result["trials"]
    if what == "best":
        print(json.dumps([best["number"], best["value"], best["params"]]))
        return 0
    if what == "complete":
        well = trials["complete"] > 0 and math.isfinite(best["value"]) and result["stop_reason"] == "n_trials"
    else:
        well = best["value"] < float(arguments[0])
    if not well:
        print(json.dumps({"best": best["value"], "trials": trials, "stop_reason": result["stop_reason"],
                          "failures": result["failures"]}))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

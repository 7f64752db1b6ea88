"""An objective as `attune run` calls one: all that can become of a trial, by its number."""
import json
import os
import sys

number = int(os.environ["ATTUNE_TRIAL_NUMBER"])
params = json.load(sys.stdin)
x = params["x"]
print("attune:report 0", x)
print("attune:report 3", "nan" if number == 6 else x / 2)
result = {"value": x, "constraints": {"low": x - 0.5, "high": -1.0},
          "attributes": {"note": {"list": [1, None, "é"]}, "number": number}}
if number == 2:
    result = {"state": "pruned"}
elif number == 3:
    sys.exit("broken")
elif number == 4:
    result["value"] = float("inf")
elif number == 5:
    result["value"] = float("nan")
print(json.dumps(result))

"""Runs README.md as written: files it shows are made, commands it shows are run, its table is checked.

A block after `<!-- file: NAME -->` becomes that file, one after `<!-- run -->` is run by sh in a folder of
its own; ATTUNE_TREE is the built tree.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "README.md")


def blocks(text):
    """(kind, name, body) of every marked block, in order."""
    pattern = re.compile(r"<!-- (file: (?P<name>[^ ]+)|run) -->\n```\w+\n(?P<body>.*?)```\n", re.S)
    for match in pattern.finditer(text):
        yield ("file" if match["name"] else "run", match["name"], match["body"])


def strategies_table():
    """The table of strategies as the command describes them."""
    listed = json.loads(subprocess.run(["attune", "strategies", "-f", "json"], check=True,
                                       capture_output=True, text=True).stdout)
    lines = ["| name | for | several objectives | conditions | define-by-run |", "|---|---|---|---|---|"]
    for strategy in listed:
        flags = ["yes" if strategy[key] else "no" for key in ("multi_objective", "conditional", "define_by_run")]
        lines.append(f"| `{strategy['name']}` | {strategy['summary']} | {' | '.join(flags)} |")
    return "\n".join(lines) + "\n"


def main():
    text = open(README, encoding="utf-8").read()
    passed = failed = 0
    if "--write" in sys.argv:
        text = re.sub(r"(<!-- strategies -->\n).*?(<!-- end -->)",
                      lambda m: m[1] + strategies_table() + m[2], text, flags=re.S)
        open(README, "w", encoding="utf-8").write(text)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, body in blocks(text):
            if kind == "file":
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(body)
                continue
            result = subprocess.run(["sh", "-e", "-c", body], cwd=folder, capture_output=True, text=True, timeout=120)
            if result.returncode == 0 and result.stdout.strip():
                passed += 1
            else:
                failed += 1
                print(f"README.md: this failed with {result.returncode}:\n{body}\n{result.stdout}{result.stderr}")
    table = re.search(r"<!-- strategies -->\n(.*?)<!-- end -->", text, re.S)
    if table and table[1] == strategies_table():
        passed += 1
    else:
        failed += 1
        print("README.md: the table of strategies is out of date; run python3 Tests/readme.py --write")
    lines = text.count("\n")
    if lines <= 200:
        passed += 1
    else:
        failed += 1
        print(f"README.md: {lines} lines, wanted at most 200")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())

"""Which set of problems is meant: PEERS_SET is "fresh", or not there for the 25 that the bars are about."""
import os

SETS = ("", "fresh")
SET = os.environ.get("PEERS_SET", "")
if SET not in SETS:
    raise SystemExit(f"peers: PEERS_SET is {SET!r}, wanted fresh, or not set")

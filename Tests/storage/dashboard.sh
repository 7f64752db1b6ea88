#!/bin/sh
# dashboard.sh [PNG]: has optuna-dashboard show a study while `attune run` works on it, and takes a picture of it by a
# headless browser (default: Tests/storage/dashboard.png). The `attune` in PATH makes the study.
set -eu
cd "$(dirname "$0")/../.."
picture=${1:-Tests/storage/dashboard.png}
case $picture in /*) ;; *) picture=$PWD/$picture ;; esac
sh Sources/packaging/need.sh python3 python3-venv:python3-venv chromium-headless-shell pkg:fonts-dejavu-core
home=${STORAGE_HOME:-.build-attune/storage}/dashboard
[ -e "$home/complete" ] || {
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/python" -m pip install -q --disable-pip-version-check optuna==5.0.0 optuna-dashboard
  : >"$home/complete"
}
home=$(cd "$home" && pwd)
work=$(mktemp -d)
pids=""
trap 'for pid in $pids; do kill "$pid" 2>/dev/null || :; done; wait; rm -rf "$work"' EXIT
cd "$work"

# A trial takes a moment, so that the study is still running when the picture is taken.
attune run --study-name dashboard --seed 1 --progress none -n 10000 --command '
sleep 0.3
awk -v lr={lr} -v depth={depth} -v kernel={kernel} "BEGIN {
  e = log(lr / 0.01) / log(10); d = depth - 5
  print e * e + d * d / 20 + (kernel == \"rbf\" ? 0 : 0.3) }"' --space '{
  "lr": {"type": "float", "low": 1e-5, "high": 1, "log": true},
  "depth": {"type": "int", "low": 1, "high": 12},
  "kernel": {"type": "categorical", "choices": ["rbf", "poly", "linear"]}}' &
pids="$pids $!"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
while [ "$(attune trials -f json 2>/dev/null | grep -c COMPLETE)" -lt 40 ]; do sleep 1; done
"$home/bin/optuna-dashboard" --host 127.0.0.1 --port "$port" sqlite:///study.db >dashboard.log 2>&1 &
pids="$pids $!"
tries=0
until python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/api/studies')" 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 120 ] || { cat dashboard.log >&2; exit 1; }
  sleep 1
done
chromium-headless-shell --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1500 \
  --virtual-time-budget="${ATTUNE_PICTURE_MS:-60000}" --user-data-dir="$work/browser" --screenshot="$picture" \
  "http://127.0.0.1:$port/dashboard/studies/1" 2>browser.log || { cat browser.log >&2; exit 1; }
# The study was alive all the while.
attune trials -f json | grep -q RUNNING
echo "dashboard.sh: $picture"

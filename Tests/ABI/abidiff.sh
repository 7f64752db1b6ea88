#!/bin/sh
# abidiff.sh [--write]: compares the types, functions and constants of the headers with the recorded ones of 0.1.
# A library in Swift carries no C types in its debug information, so a C stub made from the headers stands for it.
# --write records the headers as they are.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/Tests/checks.sh"
baseline=$here/attune-0.1.abi
constants=$here/attune-0.1.constants
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
for tool in abidw abidiff gcc; do
  command -v $tool >/dev/null || { echo "abidiff.sh: no '$tool'; apt-get install abigail-tools gcc" >&2; exit 2; }
done

bare_header() { gcc -w -fpreprocessed -dD -E -P "$1" | grep -v '^ *#'; }

# stub INCLUDE NAME: the shared object that declares what the headers of INCLUDE declare.
stub() {
  {
    echo '#include <attune.h>'
    echo '#include <attune_plugin.h>'
    bare_header "$1/attune.h" | awk -v MARK=ATTUNE_API -f "$here/stub.awk"
    bare_header "$1/attune_plugin.h" | awk -v MARK=ATTUNE_PLUGIN_EXPORT -f "$here/stub.awk"
    # What get_extension gives, which no function names.
    echo 'attune_host_state attune_extension_state;'
  } >"$work/$2.c"
  # The same names of files everywhere: a report says what changed, not where it was compiled.
  (cd "$work" && gcc -std=gnu11 -g -shared -fPIC -I"$1" -ffile-prefix-map="$1"=include -ffile-prefix-map="$work"=. \
    -Wl,-soname,libattune.so.0 -o "$2.so" "$2.c")
}
describe() { # describe NAME: what abidw reads in the stub
  abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed --out-file "$work/$1.abi" "$work/$1.so"
}

# names_of INCLUDE: "NAME VALUE" of every enumerator and numeric macro.
names_of() {
  {
    bare_header "$1/attune.h"
    bare_header "$1/attune_plugin.h"
  } | tr '\n' ' ' | grep -oE 'enum *\{[^}]*\}' | grep -oE 'ATTUNE_[A-Z0-9_]+ *=' | tr -d ' ='
  echo ATTUNE_ABI_VERSION
  echo ATTUNE_PLUGIN_ABI_MAJOR
}
constants_of() { # constants_of INCLUDE NAME
  {
    printf '#include <attune.h>\n#include <attune_plugin.h>\n#include <stdio.h>\nint main(void) {\n'
    names_of "$1" | while read -r name; do printf '  printf("%%s %%lld\\n", "%s", (long long)%s);\n' "$name" "$name"; done
    printf '  return 0;\n}\n'
  } >"$work/$2-constants.c"
  gcc -I"$1" -o "$work/$2-constants" "$work/$2-constants.c" && "$work/$2-constants" | LC_ALL=C sort >"$work/$2.constants"
}

# compare NAME OPTIONS...: abidiff's own word. It ends with a set of bits: 1 error, 2 usage, 4 change, 8 incompatible.
compare() {
  name=$1
  shift
  abidiff "$@" --no-show-locs "$baseline" "$work/$name.so"
  status=$?
  [ $((status & 3)) -eq 0 ] || echo "abidiff itself failed with status $status"
  return $status
}

stub "$root/include" now && constants_of "$root/include" now || { echo "abidiff.sh: the stub does not compile" >&2; exit 2; }
if [ "${1:-}" = --write ]; then
  describe now || exit 2
  cp "$work/now.abi" "$baseline"
  cp "$work/now.constants" "$constants"
  echo "abidiff.sh: wrote $(basename "$baseline") and $(basename "$constants")"
  exit 0
fi

declared=$(bare_header "$root/include/attune.h" | grep -c '^ATTUNE_API ')
stubbed=$(nm -D --defined-only "$work/now.so" | grep -c ' W attune_')
check "the stub has all $declared functions of attune.h and the plugin's entry" same $((declared + 1)) "$stubbed"
check "no type or function of the recorded ABI changed" compare now --no-added-syms
check "what was added is recorded (abidiff.sh --write)" compare now
constants_stay() { not sh -c 'LC_ALL=C comm -23 "$1" "$2" | grep .' - "$constants" "$work/now.constants"; }
check "no constant changed its value or went" constants_stay
check "new constants are recorded (abidiff.sh --write)" diff "$constants" "$work/now.constants"

# The comparison finds what it is for: the headers with one mistake each.
mistake() { # mistake PROMISE HEADER SED-EXPRESSION
  name=mistake$((mistakes = ${mistakes:-0} + 1))
  cp -r "$root/include" "$work/$name"
  sed -i "$3" "$work/$name/$2"
  if cmp -s "$root/include/$2" "$work/$name/$2"; then failed "$1" "the expression changes nothing: $3"; return; fi
  stub "$work/$name" $name || { failed "$1" "does not compile"; return; }
  compare $name --no-added-syms >"$work/report" 2>&1
  status=$?
  # 4 or 12: a change, found by a comparison that worked.
  if [ $((status & 4)) -ne 0 ] && [ $((status & 3)) -eq 0 ]; then check "$1" true; else failed "$1" "abidiff ended with $status"; fi
}
mistake "a parameter of another type is found" attune.h 's/double low, double high, double step,/float low, double high, double step,/'
mistake "a function that went is found" attune.h '/attune_trials_destroy(attune_trials/d'
mistake "a result of another type is found" attune.h 's/int32_t attune_version(void)/int64_t attune_version(void)/'
mistake "a field of another type is found" attune_plugin.h 's/^  int64_t trial_number;/  int32_t trial_number;/'
mistake "fields that change places are found" attune_plugin.h '/^  int64_t trial_number;/d; s/^  double fidelity;.*/  double fidelity; int64_t trial_number;/'
mistake "an extension of another shape is found" attune_plugin.h 's/(ATTUNE_PLUGIN_CALL \*folder)(const attune_host \*host, /(ATTUNE_PLUGIN_CALL *folder)(/'
mistake "a callback of another shape is found" attune.h 's/const double \*values, size_t n_values, void \*user_data);/const float *values, size_t n_values, void *user_data);/'
cp -r "$root/include" "$work/value"
sed -i 's/ATTUNE_STOP = 2,/ATTUNE_STOP = 5,/' "$work/value/attune.h"
constants_of "$work/value" value
refuse "a constant of another value is found" diff "$constants" "$work/value.constants"
checks_end

#!/bin/sh
# install.sh: installs the built tree, moves it elsewhere and uses it there as someone without Swift would.
# ATTUNE_TREE is the tree that `make build` lays out.
set -u
. Tests/checks.sh
tree=${ATTUNE_TREE:?install.sh: ATTUNE_TREE must name the built tree}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# Nothing of the build may help: what is found is found in the installed tree.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -vxF "$tree/bin" | paste -sd:)
unset LD_LIBRARY_PATH PKG_CONFIG_PATH CMAKE_PREFIX_PATH ATTUNE_PLUGIN_PATH ATTUNE_TREE
version=$(sed -n 's/^Version: //p' "$tree/lib/pkgconfig/attune.pc")
first=$work/first
prefix=$work/elsewhere/attune

# The tree, the system's own libraries, and no variable of this shell.
bare() { env -i PATH=/usr/bin:/bin HOME="$work" ATTUNE_STORAGE=memory: "$@"; }

needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p'; }
needs_only_system() { # needs_only_system FILE
  for need in $(needed "$1"); do
    case $need in
      libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux*.so.*) ;;
      *) echo "$1 needs $need; wanted libc, libm, libstdc++, libgcc_s alone"; return 1 ;;
    esac
  done
  [ -n "$(needed "$1")" ] || { echo "$1: readelf names no library it needs"; return 1; }
}
# $ORIGIN, the file's own folder, is the one search path that may stand in a file.
has_no_search_path() { same "" "$(readelf -d "$1" | sed -n 's/.*R\(UN\)*PATH.*\[\(.*\)\].*/\2/p' | grep -vxF '$ORIGIN')"; }
finds_all() { bare ldd "$1" >"$work/ldd" && cat "$work/ldd" && not grep -E 'not found|swift|Foundation' "$work/ldd"; }
at_most() { # at_most BYTES FILE
  size=$(stat -L -c %s "$2")
  [ "$size" -le "$1" ] || { echo "$2 is $size bytes, wanted at most $1"; return 1; }
}
link_to() { same "$2" "$(readlink "$1")"; }

echo "-- installing"
check "installs into a new folder" sh Sources/packaging/install.sh "$tree" "$first"
check "installs again over itself" sh Sources/packaging/install.sh "$tree" "$first"
(cd "$tree" && find . ! -type d | sort) >"$work/tree.list"
(cd "$first" && find . ! -type d ! -name manifest | sort) >"$work/first.list"
check "installs what the tree holds, all of it" diff "$work/tree.list" "$work/first.list"
check "anyone may read what is installed" same "" "$(find "$first" ! -type l ! -perm -go+r)"
check "no one else may write it" same "" "$(find "$first" ! -type l -perm /go+w)"
mkdir -p "$work/elsewhere"
mv "$first" "$prefix"

echo "-- library"
lib=$prefix/lib/libattune.so.$version
check "libattune.so links to libattune.so.0" link_to "$prefix/lib/libattune.so" libattune.so.0
check "libattune.so.0 links to libattune.so.$version" link_to "$prefix/lib/libattune.so.0" "libattune.so.$version"
check "the SONAME is libattune.so.0" same libattune.so.0 \
  "$(readelf -d "$lib" | sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')"
check "the library is at most 12 MB" at_most 12000000 "$lib"
for file in "$lib" "$prefix/bin/attune" "$prefix/bin/attune-worker"; do
  name=$(basename "$file")
  check "$name needs only the C and C++ libraries" needs_only_system "$file"
  check "$name looks nowhere else for libraries" has_no_search_path "$file"
  check "$name finds all it needs without Swift" finds_all "$file"
done

echo "-- programs"
runs_version() { same "$version" "$(bare "$prefix/bin/attune" version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -1)"; }
runs_native() {
  bare "$prefix/bin/attune" run --native libm.so.6 --call 'f64 cos(f64 x)' --n-trials 20 --seed 1 --progress none \
    --space '{"x": {"type": "float", "low": 0, "high": 6.3}}' --storage "$work/native.db"
  bare "$prefix/bin/attune" best --storage "$work/native.db"
}
runs_worker() {
  bare "$prefix/bin/attune-worker" --check "$work/parabola.attune.so" --json >"$work/report" || { cat "$work/report"; return 1; }
  grep -q '"passed" *: *true' "$work/report" || { cat "$work/report"; return 1; }
}
pkg() { bare env PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config "$@" attune; }
with_pkg() { # with_pkg CC-ARGUMENTS...: compiles with what pkg-config says
  # shellcheck disable=SC2046
  ${CC:-cc} -std=c99 -Wall -Wextra -Werror "$@" $(pkg --cflags)
}
check "a plugin compiles by pkg-config and links nothing" \
  with_pkg -shared -fPIC -fvisibility=hidden Tests/install/parabola.c -o "$work/parabola.attune.so" -Wl,-z,defs
check "attune runs without Swift" runs_version
check "attune tunes a native function" runs_native
check "attune checks the plugin" bare "$prefix/bin/attune" plugin check "$work/parabola.attune.so"
check "attune tunes the plugin" \
  bare "$prefix/bin/attune" run "$work/parabola.attune.so" --n-trials 20 --seed 1 --progress none
check "attune-worker runs without Swift" runs_worker
mkdir -p "$prefix/lib/attune/plugins"
cp "$work/parabola.attune.so" "$prefix/lib/attune/plugins/"
finds_installed() { bare "$prefix/bin/attune" plugin list | grep -q org.attune.tests.parabola; }
check "a plugin in the installed folder is found by its id" finds_installed
check "a study of an installed plugin runs by its id" \
  bare "$prefix/bin/attune" run org.attune.tests.parabola --n-trials 5 --seed 1 --progress none

skeleton() { # skeleton LANGUAGE: what `attune plugin new` writes builds and is well, with nothing but the installed tree
  (cd "$work" && PATH="$prefix/bin:$PATH" && export PATH && attune plugin new --lang "$1" "new-$1" && cd "new-$1" &&
    make && attune plugin check "./new-$1.attune.so")
}
check "a new C plugin builds and is well" skeleton c
check "a new C++ plugin builds and is well" skeleton cpp
if command -v swiftc >/dev/null; then check "a new Swift plugin builds and is well" skeleton swift; fi

echo "-- alone with the libraries it needs"
# A root folder with the tree, the libraries above and nothing else.
jail=$work/jail
mkdir -p "$jail/opt" "$jail/tmp"
cp -a "$prefix" "$jail/opt/attune"
for file in "$lib" "$prefix/bin/attune" "$prefix/bin/attune-worker"; do
  for need in $(bare ldd "$file" | grep -oE '/[^ ]+'); do
    mkdir -p "$jail$(dirname "$need")"
    cp -L "$need" "$jail$need" 2>/dev/null
  done
done
if [ "$(id -u)" -eq 0 ]; then into="chroot"; else into="unshare -r chroot"; fi
if bare PATH=/usr/sbin:/usr/bin:/sbin:/bin $into / /bin/true 2>/dev/null; then
  jailed() { bare PATH=/usr/sbin:/usr/bin:/sbin:/bin $into "$jail" "$@"; }
  check "attune runs in a root folder of its own" jailed /opt/attune/bin/attune run --native libm.so.6 \
    --call 'f64 cos(f64 x)' --n-trials 5 --progress none --space '{"x": {"type": "float", "low": 0, "high": 1}}'
  check "attune-worker runs there" jailed /opt/attune/bin/attune plugin list
else
  echo "--    not possible for this user: chroot"
fi

echo "-- pkg-config"
check "pkg-config knows version $version" same "$version" "$(pkg --modversion)"
check "pkg-config accepts attune >= 0.1" pkg --exists "attune >= 0.1"
check "pkg-config names the plugin folder" test -d "$(pkg --variable=plugindir)"
host_by_pkg() {
  # shellcheck disable=SC2046
  ${CC:-cc} -std=c99 -Wall -Wextra -Werror Tests/install/host.c -o "$work/host" $(pkg --cflags --libs) -lm &&
    bare env LD_LIBRARY_PATH="$prefix/lib" "$work/host"
}
check "a C program builds by pkg-config and runs" host_by_pkg
host_by_rpath() {
  # shellcheck disable=SC2046
  ${CC:-cc} -std=c99 Tests/install/host.c -o "$work/host-rpath" $(pkg --cflags --libs) -lm \
    "-Wl,-rpath,$prefix/lib" && bare "$work/host-rpath"
}
check "with -rpath it runs without LD_LIBRARY_PATH" host_by_rpath
check "it needs libattune.so.0, whatever the version" \
  sh -c 'readelf -d "$1" | grep -q "NEEDED.*\[libattune.so.0\]"' - "$work/host"

echo "-- CMake"
by_cmake() { # by_cmake BUILD PREFIX
  bare cmake -S Tests/install -B "$1" -DCMAKE_PREFIX_PATH="$2" && bare cmake --build "$1"
}
asks_cmake() { # asks_cmake VERSION: does find_package(attune VERSION) succeed?
  mkdir -p "$work/ask"
  printf 'cmake_minimum_required(VERSION 3.16)\nproject(ask NONE)\nfind_package(attune %s REQUIRED)\n' "$1" \
    >"$work/ask/CMakeLists.txt"
  bare cmake -S "$work/ask" -B "$work/ask/build-$1" -DCMAKE_PREFIX_PATH="$prefix"
}
spaced="$work/a place/with spaces"
mkdir -p "$spaced"
cp -a "$prefix" "$spaced/attune"
check "find_package builds a host and a plugin" by_cmake "$work/build" "$prefix"
check "the host runs" bare "$work/build/host"
check "attune checks the plugin" bare "$prefix/bin/attune" plugin check "$work/build/parabola.attune.so"
check "a folder with spaces works as well" by_cmake "$work/build spaced" "$spaced/attune"
check "the host runs from it" bare "$work/build spaced/host"
check "find_package(attune) of any version succeeds" asks_cmake ""
check "find_package(attune $version EXACT) succeeds" asks_cmake "$version EXACT"
refuse "find_package(attune 0.2) is refused" asks_cmake 0.2
refuse "find_package(attune 1.0) is refused" asks_cmake 1.0

echo "-- documents"
page=$prefix/share/man/man1/attune.1
check "the man page is there" test -s "$page"
if command -v man >/dev/null; then
  page_reads() {
    man --warnings -l "$page" >"$work/page" 2>"$work/page.errors" || { cat "$work/page.errors"; return 1; }
    same "" "$(cat "$work/page.errors")" && grep -q 'attune run' "$work/page"
  }
  check "man reads it without a warning" page_reads
fi
for name in README.md LICENSE CHANGELOG.md THIRD_PARTY.md; do
  check "$name is there" test -s "$prefix/share/doc/attune/$name"
done
check "the Swift sources for plugin authors are there" \
  sh -c 'ls "$1"/*.swift' - "$prefix/share/attune/swift"

echo "-- uninstalling"
rm -f "$prefix/lib/attune/plugins/parabola.attune.so"
check "uninstall removes" sh Sources/packaging/uninstall.sh "$prefix"
check "nothing of ours stays" same "" "$(find "$prefix" ! -type d)"
check "no folder of ours stays" same "" "$(find "$prefix" -name '*attune*' -mindepth 1)"
refuse "a second uninstall says that nothing is there" sh Sources/packaging/uninstall.sh "$prefix"
shared=$work/shared
mkdir -p "$shared/lib/pkgconfig" "$shared/bin" "$shared/lib/attune/plugins"
echo mine >"$shared/lib/pkgconfig/mine.pc"
echo mine >"$shared/bin/mine"
echo mine >"$shared/lib/attune/plugins/mine.attune.so"
(cd "$shared" && find . | sort) >"$work/before"
check "installs into a folder that others use" sh Sources/packaging/install.sh "$tree" "$shared"
check "uninstalls from it" sh Sources/packaging/uninstall.sh "$shared"
(cd "$shared" && find . ! -type d | sort) >"$work/after"
(cd "$shared" && sed -n p "$work/before" | while read -r f; do [ -d "$f" ] || echo "$f"; done) >"$work/mine"
check "what others put there stays" diff "$work/mine" "$work/after"

echo "-- cost of the library in an idle host (for information)"
if ${CC:-cc} -O1 Tests/install/idle.c -o "$work/idle" -ldl; then
  for round in 1 2 3 4 5 6 7 8 9; do "$work/idle" "$tree/lib/libattune.so.0"; done | sort -n >"$work/idle.out"
  check "the library opens in a host that links nothing" test "$(wc -l <"$work/idle.out")" -eq 9
  printf '      %-28s %8s %10s\n' "" measured wanted
  printf '      %-28s %8s %10s\n' "dlopen, ms (median of 9)" "$(sed -n 5p "$work/idle.out" | cut -d' ' -f1)" "<= 3"
  printf '      %-28s %8s %10s\n' "resident, MB" "$(sed -n 5p "$work/idle.out" | cut -d' ' -f2)" "<= 10"
  printf '      %-28s %8s %10s\n' "library, MB" "$(awk "BEGIN { print $(stat -L -c %s "$tree/lib/libattune.so.0") / 1e6 }")" "<= 12"
  # Memory does not depend on the machine's mood: twice the wanted figure is a mistake.
  check "an idle host stays below 20 MB" awk '{ if ($2 > 20) bad = 1 } END { exit bad }' "$work/idle.out"
else
  failed "idle.c compiles" "cc failed"
fi
checks_end

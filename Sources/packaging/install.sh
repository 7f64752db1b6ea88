#!/bin/sh
# install.sh TREE PREFIX: copies the tree and records what was put where, for uninstall.
set -eu
tree=$1
prefix=$2
if [ ! -d "$tree/lib" ]; then
  echo "attune: error: $tree: no built tree there; run make build first" >&2
  exit 1
fi
if ! mkdir -p "$prefix" 2>/dev/null || [ ! -w "$prefix" ]; then
  echo "attune: error: cannot write to $prefix; use sudo make install, or PREFIX=\$HOME/.local" >&2
  exit 1
fi
prefix=$(cd "$prefix" && pwd)
manifest=$prefix/share/doc/attune/manifest
list=$(mktemp)
archive=$(mktemp)
trap 'rm -f "$list" "$archive"' EXIT
(cd "$tree" && find . \( -type f -o -type l \)) | sed 's|^\./||' | sort > "$list"

# What an earlier version put here and this one lacks goes.
if [ -f "$manifest" ]; then
  sort "$manifest" | comm -23 - "$list" | while IFS= read -r file; do rm -f "$prefix/$file"; done
fi
# Readable by all and owned by who installs, whatever the builder's umask; a program that runs now keeps its old file.
tar cf "$archive" -C "$tree" --mode='u+rw,go+r,go-w' -T "$list"
(umask 022 && tar xpf "$archive" --no-same-owner --unlink-first -C "$prefix" && mkdir -p "$prefix/lib/attune/plugins")
install -m 644 "$list" "$manifest"
echo "attune: installed into $prefix"

# Staged files are used in another place than this.
[ -z "${DESTDIR:-}" ] || exit 0
PATH=$PATH:/usr/sbin:/sbin
case ":${LD_LIBRARY_PATH:-}:$(ldconfig -v 2>/dev/null | sed -n 's/^\(\/[^:]*\):.*/\1/p' | tr '\n' ':')" in
  *":$prefix/lib:"*) if [ "$(id -u)" -eq 0 ]; then ldconfig; fi ;;
  *) echo "attune: programs find the library by -Wl,-rpath,$prefix/lib or LD_LIBRARY_PATH=$prefix/lib" ;;
esac

#!/bin/sh
# install.sh TREE PREFIX: copies the tree and records what was put where, for uninstall.
set -eu
tree=$1
prefix=$2
manifest="$prefix/share/doc/attune/manifest"
mkdir -p "$prefix"
(cd "$tree" && find . \( -type f -o -type l \) | sed 's|^\./||' | sort) > "$tree.manifest"
(cd "$tree" && tar cf - $(cat "$tree.manifest")) | (cd "$prefix" && tar xf -)
mkdir -p "$prefix/lib/attune/plugins"
cp "$tree.manifest" "$manifest"
echo "attune: installed into $prefix"
case ":${LD_LIBRARY_PATH:-}:$(ldconfig -v 2>/dev/null | sed -n 's/^\(\/[^:]*\):.*/\1/p' | tr '\n' ':')" in
  *":$prefix/lib:"*) [ "$(id -u)" -eq 0 ] && ldconfig 2>/dev/null || true ;;
  *) echo "attune: programs find the library by -Wl,-rpath,$prefix/lib or LD_LIBRARY_PATH=$prefix/lib" ;;
esac

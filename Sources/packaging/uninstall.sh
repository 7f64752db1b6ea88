#!/bin/sh
# uninstall.sh PREFIX: removes the files install.sh recorded there, and our folders when nothing else is in them.
set -eu
prefix=$1
manifest="$prefix/share/doc/attune/manifest"
if [ ! -f "$manifest" ]; then
  echo "attune: error: $manifest is missing: nothing was installed into $prefix" >&2
  exit 1
fi
if [ ! -w "$manifest" ] || [ ! -w "$prefix/lib" ]; then
  echo "attune: error: cannot write to $prefix; use sudo make uninstall" >&2
  exit 1
fi
while IFS= read -r file; do rm -f "$prefix/$file"; done < "$manifest"
rm -f "$manifest"
for dir in share/doc/attune share/attune/swift share/attune/workers share/attune lib/cmake/attune lib/attune/plugins lib/attune; do
  [ ! -d "$prefix/$dir" ] || rmdir "$prefix/$dir" 2>/dev/null || echo "attune: kept $prefix/$dir, which holds other files"
done
echo "attune: removed from $prefix"

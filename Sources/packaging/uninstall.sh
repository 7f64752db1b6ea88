#!/bin/sh
# uninstall.sh PREFIX: removes the files install.sh recorded there, and folders left empty.
set -eu
prefix=$1
manifest="$prefix/share/doc/attune/manifest"
if [ ! -f "$manifest" ]; then
  echo "attune: error: $manifest is missing: nothing was installed into $prefix" >&2
  exit 1
fi
while read -r file; do rm -f "$prefix/$file"; done < "$manifest"
rm -f "$manifest"
for dir in share/doc/attune share/attune/swift share/attune lib/cmake/attune lib/attune/plugins lib/attune; do
  rmdir "$prefix/$dir" 2>/dev/null || true
done
echo "attune: removed from $prefix"

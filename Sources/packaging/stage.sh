#!/bin/sh
# stage.sh SCRATCH TREE: lays out what was built as it is installed. Everything in it finds the rest by
# its own place, so the tree may be moved.
set -eu
scratch=$1
tree=$2
release="$scratch/release"
library="libattune.so.$VERSION"

rm -rf "$tree.new"
mkdir -p "$tree.new/lib/pkgconfig" "$tree.new/lib/cmake/attune" "$tree.new/lib/attune/plugins" \
  "$tree.new/include" "$tree.new/bin" "$tree.new/share/doc/attune" "$tree.new/share/man/man1" \
  "$tree.new/share/attune/swift" "$tree.new/share/attune/workers"
cp "$release/libAttuneC.so" "$tree.new/lib/$library"
cp "$release/attune" "$release/attune-worker" "$tree.new/bin/"
strip --strip-unneeded "$tree.new/lib/$library"
strip "$tree.new/bin/attune" "$tree.new/bin/attune-worker"
ln -s "$library" "$tree.new/lib/libattune.so.$SONAME"
ln -s "libattune.so.$SONAME" "$tree.new/lib/libattune.so"
cp include/attune.h include/attune_plugin.h include/attune_plugin.hpp include/attune_rate.h "$tree.new/include/"
cp Sources/AttunePlugin/*.swift "$tree.new/share/attune/swift/"
cp include/attune_plugin.h "$tree.new/share/attune/swift/"
cp Sources/packaging/workers/* "$tree.new/share/attune/workers/"
for file in attune.pc; do
  sed "s/@VERSION@/$VERSION/g" "Sources/packaging/$file.in" > "$tree.new/lib/pkgconfig/$file"
done
for file in attuneConfig.cmake attuneConfigVersion.cmake; do
  sed -e "s/@VERSION@/$VERSION/g" -e "s/@SONAME@/$SONAME/g" -e "s/@MAJOR@/${VERSION%%.*}/g" \
    -e "s/@MAJOR_MINOR@/${VERSION%.*}/g" "Sources/packaging/$file.in" \
    > "$tree.new/lib/cmake/attune/$file"
done
cp README.md LICENSE CHANGELOG.md Sources/packaging/THIRD_PARTY.md "$tree.new/share/doc/attune/"
# The command writes its own man page, from the help of all its commands.
"$tree.new/bin/attune" manual > "$tree.new/share/man/man1/attune.1"
rm -rf "$tree"
mv "$tree.new" "$tree"
echo "attune: built $(du -h "$tree/lib/$library" | cut -f1) $tree/lib/$library"

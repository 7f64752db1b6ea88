#!/bin/sh
# docs.sh OUT: DocC archives of the engine and its words.
set -eu
out=$1
build=$PWD/.build-docs
# The compiler writes symbols only for what it compiles: they stay beside what is built.
symbols=$build/symbols
mkdir -p "$out" "$symbols"
# SwiftPM 6.3 fails with "unknown build description" when it finds an old plan in a folder like this one.
rm -f "$build"/*.yaml
swift build --target Attune --scratch-path "$build" \
  -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$symbols"
for module in Attune AttuneCore; do
  rm -rf "$build/$module.symbols" "$out/$module.doccarchive"
  mkdir -p "$build/$module.symbols"
  # MODULE.symbols.json, and MODULE@OTHER.symbols.json for its extensions of another module.
  for file in "$symbols/$module.symbols.json" "$symbols/$module@"*.symbols.json; do
    if [ -e "$file" ]; then cp "$file" "$build/$module.symbols/"; fi
  done
  set -- convert
  catalog="Sources/$module/$module.docc"
  if [ -d "$catalog" ]; then set -- "$@" "$catalog"; fi
  docc "$@" --fallback-display-name "$module" --fallback-bundle-identifier "attune.$module" \
    --additional-symbol-graph-dir "$build/$module.symbols" --output-path "$out/$module.doccarchive"
done
echo "attune: wrote $out/*.doccarchive; docc preview or any web server shows them"

#!/bin/sh
# docs.sh OUT: DocC archives of the engine and its words.
set -eu
out=$1
mkdir -p "$out/symbols"
swift build --target Attune -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$out/symbols" --scratch-path .build-docs
for module in Attune AttuneCore; do
  mkdir -p "$out/$module.symbols"
  cp "$out/symbols/$module"*.symbols.json "$out/$module.symbols/"
  catalog="Sources/$module/$module.docc"
  docc convert $( [ -d "$catalog" ] && echo "$catalog" ) --fallback-display-name "$module" \
    --fallback-bundle-identifier "attune.$module" --additional-symbol-graph-dir "$out/$module.symbols" \
    --output-path "$out/$module.doccarchive"
done
echo "attune: wrote $out/*.doccarchive"

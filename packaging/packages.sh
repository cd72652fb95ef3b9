#!/bin/sh
# Makes all that a release consists of besides its archives, in the folder that holds them:
#
#   packaging/packages.sh [FOLDER]
#
# The packages of npm, the wheels of Python, the script that installs, and SHA256SUMS over all of it.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

out=${1:-dist}
node packaging/npm/pack.mjs "$out" "$out"
python3 packaging/python/wheel.py "$out" "$out"
cp packaging/install.sh "$out/install.sh"
cd "$out"
rm -f SHA256SUMS
# The list is complete before there is a file for it, so that it does not list itself.
if command -v sha256sum > /dev/null 2>&1; then
    sums=$(sha256sum -- *)
else
    sums=$(shasum -a 256 -- *)
fi
printf '%s\n' "$sums" > SHA256SUMS
cat SHA256SUMS

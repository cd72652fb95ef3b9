#!/bin/sh
# Installs what packaging/packages.sh made in each way that this machine knows, into a scratch folder
# and without a network, and runs the program through it:
#
#   packaging/try.sh [FOLDER]
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
out=$(cd "${1:-dist}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The program runs under this path, says its version, and hands its exit status on.
runs() {
    said=$("$2" --version)
    [ "$said" = "assize $version" ] || { printf '%s: %s\n' "$1" "$said" >&2 && exit 1; }
    status=0
    "$2" explain no-such-control > /dev/null 2>&1 || status=$?
    [ "$status" = 2 ] || { printf '%s: exit status %s\n' "$1" "$status" >&2 && exit 1; }
    printf '%s: %s\n' "$1" "$said"
}

PREFIX="$work/script" ASSIZE_BASE_URL="file://$out" sh packaging/install.sh
runs install.sh "$work/script/bin/assize"

case $(uname -s)-$(uname -m) in
Linux-x86_64) platform=linux-x64 ;;
Linux-aarch64) platform=linux-arm64 ;;
Darwin-x86_64) platform=darwin-x64 ;;
Darwin-arm64) platform=darwin-arm64 ;;
*) platform=none ;;
esac
npm install --prefix "$work/npm" --offline --no-audit --no-fund --silent \
    "$out/assize-$platform-$version.tgz" "$out/assize-$version.tgz"
runs npm "$work/npm/node_modules/.bin/assize"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-index --disable-pip-version-check \
    --find-links "$out" assize
runs wheel "$work/venv/bin/assize"

#!/bin/sh
# Builds one release archive: the program, its completions, its manual pages and the licences.
#
#   packaging/build.sh [TARGET [FOLDER]]
#
# TARGET is a target of rustc, by default this machine's; FOLDER is where the archive goes, by
# default `dist`. The program must be able to run here: it writes its completions and pages itself.
# The same commit and toolchain give the same archive.
set -eu
export LC_ALL=C COPYFILE_DISABLE=1
cd "$(dirname "$0")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
out=${2:-dist}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
built=${CARGO_TARGET_DIR:-target}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

fail() {
    printf 'build.sh: %s\n' "$1" >&2
    exit 1
}

# The grammars are C: a static program needs a C library that may be linked statically.
case $target in
*-linux-musl)
    command -v musl-gcc > /dev/null 2>&1 || fail "$target needs musl-gcc (musl-tools)"
    variable="CC_$(printf '%s' "$target" | tr - _)"
    export "$variable=musl-gcc"
    ;;
esac

# Paths of this machine must not stand in the program.
flags=$(printf '%s' "${RUSTFLAGS:-}" | tr ' ' '\037')
for pair in "$PWD=." "${CARGO_HOME:-$HOME/.cargo}=cargo"; do
    flags=$(printf '%s\037--remap-path-prefix=%s' "$flags" "$pair")
done
CARGO_ENCODED_RUSTFLAGS=${flags#"$(printf '\037')"} cargo build \
    --release --locked --package assize --target "$target"
program="$built/$target/release/assize"

said=$("$program" --version) || fail "the program for $target does not run here"
[ "$said" = "assize $version" ] || fail "the program says \`$said\`, but this is version $version"
case $target in
*-linux-musl)
    # `grep -c` reads to the end: a pipe that closes early would fail `readelf`.
    interpreters=$(readelf --program-headers --wide "$program" | grep -c INTERP) || true
    [ "$interpreters" = 0 ] || fail "the program for $target is not static"
    ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name="assize-$target"
folder="$work/$name"
mkdir -p "$folder/completions" "$folder/man"
cp "$program" "$folder/assize"
cp LICENSE-MIT LICENSE-APACHE THIRD_PARTY.md README.md CHANGELOG.md "$folder"
env -u RUSTFLAGS cargo xtask notices "$target" > "$folder/NOTICES.txt"
"$program" man --out "$folder/man"
"$program" completions bash > "$folder/completions/assize.bash"
"$program" completions zsh > "$folder/completions/_assize"
"$program" completions fish > "$folder/completions/assize.fish"
"$program" completions powershell > "$folder/completions/_assize.ps1"
"$program" completions elvish > "$folder/completions/assize.elv"

# Order, times, owners and modes are the same everywhere.
if tar --version 2> /dev/null | grep GNU > /dev/null; then
    owner="--owner=0 --group=0 --numeric-owner --format=ustar"
else
    owner="--uid 0 --gid 0 --format ustar"
fi
stamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M.%S 2> /dev/null ||
    date -u -r "$SOURCE_DATE_EPOCH" +%Y%m%d%H%M.%S)
find "$folder" -type f -exec chmod 644 {} +
find "$folder" -type d -exec chmod 755 {} +
chmod 755 "$folder/assize"
find "$folder" -exec env TZ=UTC touch -t "$stamp" {} +
mkdir -p "$out"
archive="$PWD/$out/$name.tar"
case $out in /*) archive="$out/$name.tar" ;; esac
# shellcheck disable=SC2086 # `owner` is several words
(cd "$work" && find "$name" | sort | tar $owner --no-recursion -cf "$archive" -T -)
gzip -9 -n -f "$archive"
printf '%s\n' "$out/$name.tar.gz"

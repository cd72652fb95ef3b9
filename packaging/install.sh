#!/bin/sh
# Installs Assize from a release: finds the archive for this machine, holds it against the release's
# checksums, and puts the program into place in one step.
#
#   sh install.sh              into ~/.local/bin
#   PREFIX=/opt/assize sh install.sh          into /opt/assize/bin
#   ASSIZE_VERSION=0.1.0 sh install.sh        that release instead of the newest
#   ASSIZE_BASE_URL=file:///media/assize sh install.sh
#                              from a folder or server that holds the archives and SHA256SUMS
#
# Nothing else is changed: no shell's settings, no other folder, and never with other rights.
set -eu
export LC_ALL=C

RELEASES=https://github.com/assize/assize/releases

say() { printf 'assize: %s\n' "$1"; }

fail() {
    printf 'assize: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  help: %s\n' "$2" >&2
    exit 1
}

has() { command -v "$1" > /dev/null 2>&1; }

# The target of rustc whose archive runs here.
target() {
    system=$(uname -s)
    machine=$(uname -m)
    case $system in
    Linux) end=unknown-linux-musl ;;
    Darwin) end=apple-darwin ;;
    *) fail "there is no release for $system" "Linux and macOS have one; elsewhere build it" ;;
    esac
    # A shell that macOS translates says that it runs on the older processor.
    if [ "$system" = Darwin ] && [ "$(sysctl -n sysctl.proc_translated 2> /dev/null)" = 1 ]; then
        machine=arm64
    fi
    case $machine in
    x86_64 | amd64) printf 'x86_64-%s\n' "$end" ;;
    aarch64 | arm64) printf 'aarch64-%s\n' "$end" ;;
    *) fail "there is no release for $system on $machine" "build it: cargo install --git" ;;
    esac
}

# Fetches FILE of the release into this folder, or fails and says from where it did not come.
fetch() {
    case $base in
    file://*) cp "${base#file://}/$1" "$1" 2> /dev/null ;;
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]*)
        if has curl; then
            curl --fail --silent --show-error --location --retry 2 --proto-redir '=https' \
                --output "$1" "$base/$1"
        elif has wget; then
            wget --quiet --tries 3 --output-document "$1" "$base/$1"
        else
            fail "neither curl nor wget is here" "fetch $base/$1 otherwise; see docs/install.md"
        fi
        ;;
    *) fail "ASSIZE_BASE_URL must begin with https:// or file://" ;;
    esac || fail "cannot fetch $base/$1"
}

digest() {
    if has sha256sum; then
        sha256sum < "$1"
    elif has shasum; then
        shasum -a 256 < "$1"
    else
        fail "neither sha256sum nor shasum is here: the archive cannot be verified"
    fi | sed 's/[^0-9a-f].*//'
}

# The archive must be the one that the release's list names.
verify() {
    listed=$(awk -v name="$1" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
    [ "$(printf '%s' "$listed" | wc -c)" -eq 64 ] || fail "SHA256SUMS does not list $1 once"
    found=$(digest "$1")
    [ "$found" = "$listed" ] || fail "$1 is not what the release lists
  listed: $listed
  found:  $found" "nothing was installed; fetch it again, and report it if it stays so"
    say "SHA-256 of $1 is as listed"
}

# Whether PATH belongs to whoever runs this.
mine() { [ -n "$(find "$1" -prune -user "$(id -u)" 2> /dev/null)" ]; }

# Refuses a folder where this user would leave files that its owner cannot change, or could not
# write at all.
check_place() {
    there=$bin
    while [ ! -e "$there" ]; do there=$(dirname "$there"); done
    [ -d "$there" ] || fail "$there is no folder" "choose another with PREFIX"
    if [ "$(id -u)" = 0 ] && ! mine "$there"; then
        fail "$there does not belong to root: its owner could not change what root leaves there" \
            "run this as that user, or choose another folder with PREFIX"
    fi
    [ -w "$there" ] || fail "you may not write into $there" "choose another folder with PREFIX"
    new=$bin/assize
    if [ -L "$new" ] || { [ -e "$new" ] && [ ! -f "$new" ]; }; then
        fail "$new is no plain file: something else manages it" "remove it there, or use PREFIX"
    fi
    if [ -e "$new" ] && ! mine "$new"; then
        fail "$new belongs to somebody else" "remove it, or choose another folder with PREFIX"
    fi
}

# The program is complete and runs before it takes the place of the one before.
put() {
    mkdir -p "$bin"
    staged=$(mktemp "$bin/.assize.XXXXXX")
    cp "$1" "$staged"
    chmod 755 "$staged"
    said=$("$staged" --version) || fail "the program does not run on this machine"
    mv -f "$staged" "$bin/assize"
    say "$said is in $bin"
}

# Everything is in functions that the last line calls: a script cut off on its way does nothing.
main() {
    base=$RELEASES/latest/download
    [ -z "${ASSIZE_VERSION:-}" ] || base=$RELEASES/download/v${ASSIZE_VERSION#v}
    base=${ASSIZE_BASE_URL:-$base}
    base=${base%/}
    [ -n "${PREFIX:-}" ] || [ -n "${HOME:-}" ] || fail "neither HOME nor PREFIX is set"
    bin=${PREFIX:-$HOME/.local}/bin
    case $bin in /*) ;; *) fail "PREFIX must be an absolute path" ;; esac
    check_place
    name=assize-$(target) || exit 1

    staged=
    work=$(mktemp -d)
    trap 'rm -rf "$work" ${staged:+"$staged"}' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    cd "$work"
    say "fetching $base/$name.tar.gz"
    fetch SHA256SUMS
    fetch "$name.tar.gz"
    verify "$name.tar.gz"
    tar -xzf "$name.tar.gz" "$name/assize" || fail "$name.tar.gz cannot be unpacked"
    put "$name/assize"

    case :$PATH: in
    *:"$bin":*) ;;
    *) say "$bin is not in PATH: add it to your shell's settings" ;;
    esac
    say "next: 'assize init' in a repository; 'assize completions --help' for your shell"
}

main

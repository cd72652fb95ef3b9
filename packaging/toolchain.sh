#!/bin/sh
# Takes the toolchain that `Cargo.toml` names, by rustup, with the library of TARGET:
#
#   packaging/toolchain.sh [TARGET]
set -eu
cd "$(dirname "$0")/.."

toolchain=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
rustup toolchain install "$toolchain" --profile minimal --no-self-update ${1:+--target "$1"}
rustup default "$toolchain"

#!/usr/bin/env bash
# Shows what Assize finds in a copy of this tree with one breach planted for each control.
# Usage: scripts/breaches.sh [OPTIONS OF assize check]
# Requires: git, tar, assize
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git archive HEAD | tar -x -C "$copy"
cd "$copy"
git init --quiet
git add --all
git -c user.name=orders -c user.email=orders@example.com commit --quiet --message "As it should be"
git apply breaches.patch
assize check "$@"

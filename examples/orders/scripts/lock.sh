#!/usr/bin/env bash
# Writes the lock files of both services anew from their manifests.
# Usage: scripts/lock.sh
# Requires: python3.11, npm, a network
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3.11 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check pip-tools==7.6.2

export CUSTOM_COMPILE_COMMAND="make lock"
options=(--quiet --generate-hashes --strip-extras --annotation-style line --allow-unsafe
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host)
(
    cd services/orders
    "$tools/bin/pip-compile" "${options[@]}" --output-file requirements.lock pyproject.toml
    "$tools/bin/pip-compile" "${options[@]}" --extra dev --constraint requirements.lock \
        --output-file requirements-dev.lock pyproject.toml
)
npm --prefix services/notifications install --package-lock-only --omit-lockfile-registry-resolved

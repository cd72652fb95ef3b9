#!/usr/bin/env bash
# Installs what the lock files name, where that is not done yet.
# Usage: scripts/install.sh
# Requires: python3.11, npm
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python_lock=services/orders/requirements-dev.lock
if [[ ! .venv/installed -nt $python_lock ]]; then
    python3.11 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$python_lock"
    touch .venv/installed
fi

node_modules=services/notifications/node_modules
if [[ ! $node_modules/installed -nt services/notifications/package-lock.json ]]; then
    npm --prefix services/notifications ci --silent --no-audit --no-fund
    touch "$node_modules/installed"
fi

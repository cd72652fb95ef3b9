#!/usr/bin/env bash
# Runs the tests of both services side by side; needs neither a server nor, once installed, a network.
# Usage: scripts/test.sh
# Requires: python3.11, npm, node
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
./scripts/install.sh

notifications_output=$(mktemp)
trap 'rm -f "$notifications_output"' EXIT
npm --prefix services/notifications test --silent >"$notifications_output" 2>&1 &
notifications=$!

failed=0
echo "orders"
(cd services/orders && ../../.venv/bin/python -m pytest --quiet) || failed=1
echo "notifications"
wait "$notifications" || failed=1
cat "$notifications_output"
exit "$failed"

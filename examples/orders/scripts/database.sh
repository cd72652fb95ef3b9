#!/usr/bin/env bash
# Backs the database of the running system up into a file, or restores it from one.
# Usage: scripts/database.sh backup|restore FILE
# Requires: docker
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

action=${1:?"say backup or restore"}
file=${2:?"name the file"}

case $action in
backup)
    mkdir -p "$(dirname "$file")"
    docker compose exec -T postgres pg_dump --username orders --format custom orders >"$file.part"
    mv "$file.part" "$file"
    ;;
restore)
    [[ -r $file ]] || { echo "cannot read $file" >&2; exit 1; }
    docker compose exec -T postgres \
        pg_restore --username orders --dbname orders --clean --if-exists --single-transaction <"$file"
    ;;
*)
    echo "say backup or restore, not $action" >&2
    exit 2
    ;;
esac
echo "$action done: $file"

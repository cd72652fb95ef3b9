#!/usr/bin/env bash
# MCP server over the documents of this repository; agents get these two folders and no more.
# Usage: started by the client that reads .mcp.json
# Requires: npx
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec npx --yes @modelcontextprotocol/server-filesystem@2026.8.31 docs authority

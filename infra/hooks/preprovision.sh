#!/bin/sh
# Before the first provision: an operator's key, of which Azure gets the hash (and the maintenance job the key), the key that gateway and
# worker share, and the budget's first month.
set -eu

if [ -z "${INFER_API_KEY:-}" ]; then
    key=$(openssl rand -hex 32)
    hash=$(printf %s "$key" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
    azd env set INFER_API_KEY "$key"
    azd env set API_KEYS "[{\"name\":\"operator\",\"sha256\":\"$hash\",\"operator\":true}]"
fi

if [ -z "${WORKER_KEY:-}" ]; then
    azd env set WORKER_KEY "$(openssl rand -base64 32)"
fi

if [ -z "${BUDGET_START_DATE:-}" ]; then
    azd env set BUDGET_START_DATE "$(date -u +%Y-%m-01)"
fi

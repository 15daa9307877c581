#!/bin/sh
# After a deployment: the sample model, if it is not there yet, and the dashboards.
set -eu

infer() { dotnet run --project tools/Serverless.Cli -- "$@"; }

# A role that was just assigned takes minutes to hold everywhere.
attempt=1
until infer model show minilm >/dev/null 2>&1 || infer model push minilm; do
    if [ "$attempt" -ge "${PUSH_ATTEMPTS:-10}" ]; then
        echo "The sample model could not be pushed; later: infer model push minilm" >&2
        exit 1
    fi
    attempt=$((attempt + 1))
    sleep "${PUSH_PAUSE:-30}"
done

if [ -n "${GRAFANA_NAME:-}" ] && command -v az >/dev/null; then
    for dashboard in infra/monitoring/dashboards/*.json; do
        az grafana dashboard import --name "$GRAFANA_NAME" --resource-group "$AZURE_RESOURCE_GROUP" --definition "@$dashboard" --overwrite --output none
    done
fi

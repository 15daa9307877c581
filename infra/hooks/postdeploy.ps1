# What postdeploy.sh does, for Windows.
$ErrorActionPreference = 'Stop'

function Invoke-Infer { dotnet run --project tools/Serverless.Cli -- @args }

# A role that was just assigned takes minutes to hold everywhere.
for ($attempt = 1; ; $attempt++) {
    Invoke-Infer model show minilm *> $null
    if ($LASTEXITCODE -eq 0) { break }
    Invoke-Infer model push minilm
    if ($LASTEXITCODE -eq 0) { break }
    if ($attempt -ge 10) { throw 'The sample model could not be pushed; later: infer model push minilm' }
    Start-Sleep -Seconds 30
}

if ($env:GRAFANA_NAME -and (Get-Command az -ErrorAction SilentlyContinue)) {
    foreach ($dashboard in Get-ChildItem infra/monitoring/dashboards/*.json) {
        az grafana dashboard import --name $env:GRAFANA_NAME --resource-group $env:AZURE_RESOURCE_GROUP --definition "@$($dashboard.FullName)" --overwrite --output none
    }
}

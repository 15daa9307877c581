# What preprovision.sh does, for Windows.
$ErrorActionPreference = 'Stop'

if (-not $env:INFER_API_KEY) {
    $key = [Convert]::ToHexString([Security.Cryptography.RandomNumberGenerator]::GetBytes(32)).ToLowerInvariant()
    $hash = [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($key))).ToLowerInvariant()
    azd env set INFER_API_KEY $key
    azd env set API_KEYS "[{""name"":""operator"",""sha256"":""$hash"",""operator"":true}]"
}

if (-not $env:WORKER_KEY) {
    azd env set WORKER_KEY ([Convert]::ToBase64String([Security.Cryptography.RandomNumberGenerator]::GetBytes(32)))
}

if (-not $env:BUDGET_START_DATE) {
    azd env set BUDGET_START_DATE ([DateTime]::UtcNow.ToString('yyyy-MM-01'))
}

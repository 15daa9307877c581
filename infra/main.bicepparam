using 'main.bicep'

// Values of the azd environment: `azd env set NAME VALUE`. docs/deploy.md lists them.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'inference')
param location = readEnvironmentVariable('AZURE_LOCATION', 'swedencentral')
param accelerator = readEnvironmentVariable('ACCELERATOR', 't4')
param deployer = {
  principalId: readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
  principalType: readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
}
param gatewayImage = readEnvironmentVariable('SERVICE_GATEWAY_IMAGE_NAME', '')
param workerImage = readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')
param workerTraffic = json(readEnvironmentVariable('WORKER_TRAFFIC', '[]'))
param preload = json(readEnvironmentVariable('PRELOAD', '[]'))
param apiKeys = json(readEnvironmentVariable('API_KEYS', '[]'))
param operatorKey = readEnvironmentVariable('INFER_API_KEY', '')
param retentionDays = int(readEnvironmentVariable('RETENTION_DAYS', '30'))
param modelShards = int(readEnvironmentVariable('MODEL_SHARDS', '0'))
param dataLake = bool(readEnvironmentVariable('DATA_LAKE', 'false'))
param privateNetwork = bool(readEnvironmentVariable('PRIVATE_NETWORK', 'false'))
param grafana = bool(readEnvironmentVariable('GRAFANA', 'true'))
param alertEmails = json(readEnvironmentVariable('ALERT_EMAILS', '[]'))
param budgetAmount = int(readEnvironmentVariable('BUDGET_AMOUNT', '0'))
param budgetStartDate = readEnvironmentVariable('BUDGET_START_DATE', '')
param prices = json(readEnvironmentVariable('PRICES', '{}'))
param currency = readEnvironmentVariable('CURRENCY', 'USD')
param tenantBudgets = json(readEnvironmentVariable('TENANT_BUDGETS', '[]'))
param sampleRatio = readEnvironmentVariable('SAMPLE_RATIO', '0.1')
param kubernetesIssuer = readEnvironmentVariable('KUBERNETES_ISSUER', '')

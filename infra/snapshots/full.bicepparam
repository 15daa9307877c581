using '../main.bicep'

// Everything on, images pushed, a canary under way.
param environmentName = 'full'
param location = 'swedencentral'
param accelerator = 'a100'
param deployer = { principalId: '00000000-0000-0000-0000-00000000000d', principalType: 'ServicePrincipal' }
param gatewayImage = 'registry.example/gateway:1'
param workerImage = 'registry.example/worker:2'
param workerTraffic = [
  { revisionName: 'worker--stable', weight: 90, label: 'stable' }
  { latestRevision: true, weight: 10, label: 'canary' }
]
param workerAudience = '00000000-0000-0000-0000-0000000000aa'
param preload = ['minilm:prod']
param apiKeys = [
  { name: 'operator', sha256: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', operator: true }
  { name: 'shop', sha256: 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', operator: false }
]
param operatorKey = readEnvironmentVariable('SNAPSHOT_OPERATOR_KEY', 'not-a-key')
param modelShards = 2
param dataLake = true
param privateNetwork = true
param alertEmails = ['platform@example.com']
param budgetAmount = 500
param budgetStartDate = '2026-01-01'
param prices = {
  t4: { gpuSecond: '0.0002' }
  a100: { gpuSecond: '0.0007', vcpuSecond: '0.00002', giBSecond: '0.000003' }
}
param currency = 'EUR'
param tenantBudgets = [
  { tenant: 'shop', daily: '2.5', monthly: '40', alertAt: '0.9' }
  { tenant: 'intern', daily: '0.1' }
]
param sampleRatio = '0.05'
param kubernetesIssuer = 'https://issuer.example/tenant/'

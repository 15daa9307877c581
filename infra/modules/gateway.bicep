metadata description = 'The gateway: a Functions app in the same environment, so that it reaches the worker\'s internal ingress.'

import { apiKeyType, tagsType, tenantBudgetType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Resource id of the Container Apps environment.')
param environmentId string

@description('Required. Image; empty before the first one is pushed.')
param image string

@description('Required. Registry of the image.')
param registry string

@description('Required. Name of its identity, also for pulling images.')
param identityName string

@description('Required. Name of the account of the Functions host.')
param hostStorageName string

@description('Required. URL of the account\'s blobs.')
param blobEndpoint string

@description('Required. URL of the account\'s queues.')
param queueEndpoint string

@description('Required. URL of the account\'s tables.')
param tableEndpoint string

@description('Required. Host name of the Service Bus namespace.')
param serviceBusHost string

@description('Required. URL of the worker.')
param workerUrl string

@description('Required. App registration that tokens for the worker are for; empty for none.')
param workerAudience string

@secure()
@description('Required. Key to sign with for the worker; unused with an audience.')
param workerKey string

@description('Required. Containers of models, with ; between them.')
param modelStore string

@description('Required. Largest request body in bytes.')
param maxBodyBytes int

@description('Required. Who may call.')
param apiKeys apiKeyType[]

@description('Required. What tenants may spend.')
param tenantBudgets tenantBudgetType[]

@description('Required. Part of the traces to be sampled.')
param sampleRatio string

@description('Required. Name of Application Insights.')
param insightsName string

@description('Required. Where OTLP goes.')
param otlpEndpoint string

var rules = loadJsonContent('../scale.json')
var scale = rules.gateway
var port = 8080
var deployed = !empty(image)

// The gateway answers 413 itself at its own limit; the host's only has to be out of its way.
var hostBodyBytes = maxBodyBytes + 16777216

// Not set rather than empty where there is no limit.
var budgetSettings = [
  { name: 'Daily', from: 'daily' }
  { name: 'Monthly', from: 'monthly' }
  { name: 'AlertAt', from: 'alertAt' }
]

var settings = concat(
  [
    { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'dotnet-isolated' }
    // Any user may listen on it, and both images do.
    { name: 'ASPNETCORE_URLS', value: 'http://+:${port}' }
    { name: 'AzureWebJobsStorage__accountName', value: hostStorageName }
    { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
    { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
    { name: 'AzureWebJobsSecretStorageType', value: 'ContainerApps' }
    { name: 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT', value: string(hostBodyBytes) }
    { name: 'Storage__blobServiceUri', value: blobEndpoint }
    { name: 'Storage__queueServiceUri', value: queueEndpoint }
    { name: 'Storage__tableServiceUri', value: tableEndpoint }
    { name: 'Storage__credential', value: 'managedidentity' }
    { name: 'Storage__clientId', value: identity.properties.clientId }
    { name: 'ServiceBus__fullyQualifiedNamespace', value: serviceBusHost }
    { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
    { name: 'Gateway__WorkerUrl', value: workerUrl }
    { name: 'Gateway__ModelStore', value: modelStore }
    { name: 'Gateway__MaxBodyBytes', value: string(maxBodyBytes) }
    { name: 'Gateway__Holding__MaxRequests', value: string(rules.worker.maxHeldRequests) }
  ],
  empty(workerAudience)
    ? [
        { name: 'Gateway__WorkerKey', secretRef: 'worker-key' }
        // A changed secret makes no new revision, and replicas that run keep the old one; this does.
        { name: 'WORKER_KEY_VERSION', value: uniqueString(workerKey) }
      ]
    : [{ name: 'Gateway__WorkerAudience', value: workerAudience }],
  flatten(map(range(0, length(apiKeys)), i => [
    { name: 'Gateway__ApiKeys__${i}__Name', value: apiKeys[i].name }
    { name: 'Gateway__ApiKeys__${i}__Sha256', value: apiKeys[i].sha256 }
    { name: 'Gateway__ApiKeys__${i}__Operator', value: string(apiKeys[i].operator) }
  ])),
  flatten(map(
    range(0, length(tenantBudgets)),
    i =>
      concat(
        [{ name: 'Gateway__Budgets__${i}__Tenant', value: tenantBudgets[i].tenant }],
        map(
          filter(budgetSettings, setting => contains(tenantBudgets[i], setting.from)),
          setting => { name: 'Gateway__Budgets__${i}__${setting.name}', value: string(tenantBudgets[i][setting.from]) }
        )
      )
  )),
  [
    // For the Functions host, which decides first. By the id alone: a caller's flag must not say what is recorded.
    { name: 'OTEL_TRACES_SAMPLER', value: 'traceidratio' }
    { name: 'OTEL_TRACES_SAMPLER_ARG', value: sampleRatio }
    { name: 'Telemetry__SampleRatio', value: sampleRatio }
    { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
    {
      name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
      value: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    }
    { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: otlpEndpoint }
    { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'http/protobuf' }
  ]
)

var probes = [
  {
    type: 'Startup'
    httpGet: { port: port, path: '/health/live' }
    initialDelaySeconds: 1
    periodSeconds: 2
    failureThreshold: 60
  }
  {
    type: 'Liveness'
    httpGet: { port: port, path: '/health/live' }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 6
  }
  {
    type: 'Readiness'
    httpGet: { port: port, path: '/health/ready' }
    periodSeconds: 5
    timeoutSeconds: 6
    failureThreshold: 3
  }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'gateway'
  location: location
  kind: 'functionapp'
  tags: union(tags, { 'azd-service-name': 'gateway' })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      identitySettings: [{ identity: identity.id, lifecycle: 'Main' }]
      registries: [{ server: registry, identity: identity.id }]
      secrets: empty(workerAudience) ? [{ name: 'worker-key', value: workerKey }] : []
      ingress: {
        external: true
        targetPort: port
        transport: 'auto'
        allowInsecure: false
        traffic: [{ latestRevision: true, weight: 100 }]
      }
    }
    template: {
      containers: [
        {
          name: 'gateway'
          image: deployed ? image : 'mcr.microsoft.com/k8se/quickstart-functions:latest'
          resources: { cpu: json('1'), memory: '2Gi' }
          env: settings
          probes: deployed
            ? probes
            : [{ type: 'Startup', tcpSocket: { port: port }, periodSeconds: 2, failureThreshold: 60 }]
        }
      ]
      // The rules are derived from the triggers; their targets are in host.json.
      scale: {
        minReplicas: scale.minReplicas
        maxReplicas: scale.maxReplicas
      }
    }
  }
}

@description('Public URL of the API.')
output url string = 'https://${app.properties.configuration.ingress.fqdn}'

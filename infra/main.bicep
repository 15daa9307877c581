metadata description = 'Everything that a serverless inference platform takes in one resource group.'

targetScope = 'subscription'

import { apiKeyType, deployerType, pricesType, tenantBudgetType, trafficType } from 'modules/types.bicep'

@description('Required. Name of the environment, which names the resource group and makes names unique.')
@minLength(1)
@maxLength(64)
param environmentName string

@metadata({ azd: { type: 'location' } })
@description('Required. Region. It must have the chosen GPU: docs/deploy.md lists them.')
param location string

@description('Optional. What the worker runs on.')
param accelerator 'cpu' | 't4' | 'a100' = 't4'

@description('Optional. Who deploys, pushes models and administers Grafana.')
param deployer deployerType = { principalId: '', principalType: 'User' }

@description('Optional. Image of the gateway; empty before the first one is pushed.')
param gatewayImage string = ''

@description('Optional. Image of the worker; empty before the first one is pushed.')
param workerImage string = ''

@description('Optional. Id of the app registration that stands for the worker: then the worker takes requests with a token of the gateway\'s identity for it alone; empty to know it by workerKey.')
param workerAudience string = ''

@secure()
@description('Optional. What the gateway signs with for the worker, base64 of 32 bytes at least; needed where there is no workerAudience.')
param workerKey string = ''

@secure()
@description('Optional. A second key that the worker takes, while one replaces the other.')
param otherWorkerKey string = ''

@description('Optional. Shares of the worker\'s revisions, for a canary; empty for all to the latest.')
param workerTraffic trafficType[] = []

@description('Optional. Models that a worker loads when it starts.')
param preload string[] = []

@description('Optional. Who may call the API.')
param apiKeys apiKeyType[] = []

@secure()
@description('Optional. An operator\'s key for the maintenance job; without it there is no job.')
param operatorKey string = ''

@description('Optional. When maintenance runs, as five cron fields in UTC.')
param maintenanceSchedule string = '*/5 * * * *'

@description('Optional. Largest request body in bytes.')
@minValue(1024)
@maxValue(2000000000)
param maxBodyBytes int = 536870912

@description('Optional. Days after which answers and files of jobs are deleted.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 30

@description('Optional. How many more accounts share the contents of models.')
@minValue(0)
@maxValue(16)
param modelShards int = 0

@description('Optional. Whether to have a data lake for users\' own inputs and outputs.')
param dataLake bool = false

@description('Optional. Whether storage, registry and Service Bus are reached through private endpoints alone.')
param privateNetwork bool = false

@description('Optional. Whether to have Managed Grafana.')
param grafana bool = true

@description('Optional. Addresses that get mail from alerts.')
param alertEmails string[] = []

@description('Optional. Budget of a month in the subscription\'s currency; 0 for none.')
@minValue(0)
param budgetAmount int = 0

@description('Optional. First day of the month in which the budget began, such as 2026-01-01.')
param budgetStartDate string = ''

@description('Optional. What a second of a worker\'s resources costs; without prices requests are charged nothing.')
param prices pricesType = {}

@description('Optional. Currency of prices and of what tenants may spend, ISO 4217.')
@minLength(3)
@maxLength(3)
param currency string = 'USD'

@description('Optional. What tenants may spend..')
param tenantBudgets tenantBudgetType[] = []

@description('Optional. Part of the traces to be sampled, 0 to 1.')
param sampleRatio string = '0.1'

@description('Optional. Issuer of a Kubernetes cluster whose workers use the same models; empty for none.')
param kubernetesIssuer string = ''

@description('Optional. Image of the OpenTelemetry collector.')
param collectorImage string = 'docker.io/otel/opentelemetry-collector-contrib:0.132.0'

@description('Optional. Image with curl for the maintenance job.')
param maintenanceImage string = 'mcr.microsoft.com/azurelinux/base/core:3.0'

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))
// Shards of a job are given up sooner: each of their deliveries may run for minutes.
var queues = [
  { name: 'inference', maxDeliveries: 10 }
  { name: 'shards', maxDeliveries: 5 }
]
var names = {
  gateway: 'id-gateway-${token}'
  worker: 'id-worker-${token}'
  collector: 'id-collector-${token}'
  insights: 'appi-${token}'
}

// Written out rather than asked of the accounts, so that a preview can say what the apps are given.
var blobSuffix = 'blob.${environment().suffixes.storage}'
var blobEndpoint = 'https://stdata${token}.${blobSuffix}/'
var tableEndpoint = 'https://stdata${token}.table.${environment().suffixes.storage}/'
var queueEndpoint = 'https://stdata${token}.queue.${environment().suffixes.storage}/'

// The first store is the home of manifests and aliases.
var modelStore = join(
  concat(
    ['${blobEndpoint}models'],
    map(range(0, modelShards), i => 'https://stmodels${i}${token}.${blobSuffix}/models')
  ),
  ';'
)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    gatewayName: names.gateway
    workerName: names.worker
    collectorName: names.collector
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    grafanaEnabled: grafana
    insightsName: names.insights
    senderNames: [names.gateway, names.worker]
    collectorName: names.collector
    deployer: deployer
  }
  dependsOn: [identities]
}

module registry 'modules/registry.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    private: privateNetwork
    pullerNames: [names.gateway, names.worker]
  }
  dependsOn: [identities]
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: { location: location, tags: tags, token: token, private: privateNetwork, gatewayName: names.gateway }
  dependsOn: [identities]
}

module dataStorage 'modules/data-storage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    private: privateNetwork
    retentionDays: retentionDays
    gatewayName: names.gateway
    workerName: names.worker
    deployer: deployer
  }
  dependsOn: [identities]
}

module shards 'modules/model-shard.bicep' = [
  for i in range(0, modelShards): {
    scope: group
    params: {
      location: location
      tags: tags
      name: 'stmodels${i}${token}'
      private: privateNetwork
      workerName: names.worker
      gatewayName: names.gateway
      deployer: deployer
    }
    dependsOn: [identities]
  }
]

module lake 'modules/data-lake.bicep' = if (dataLake) {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    private: privateNetwork
    gatewayName: names.gateway
    workerName: names.worker
  }
  dependsOn: [identities]
}

module serviceBus 'modules/service-bus.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    private: privateNetwork
    queues: queues
    gatewayName: names.gateway
    workerName: names.worker
  }
  dependsOn: [identities]
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: { location: location, tags: tags, token: token }
}

var zones = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  registry: 'privatelink${environment().suffixes.acrLoginServer}'
  namespace: 'privatelink.servicebus.windows.net'
}

module privateDns 'modules/private-dns.bicep' = if (privateNetwork) {
  scope: group
  params: { tags: tags, networkId: network!.outputs.id, zoneNames: map(items(zones), zone => zone.value) }
}

var targets = [
  { name: 'pe-host-blob', of: 'host', part: 'blob' }
  { name: 'pe-data-blob', of: 'data', part: 'blob' }
  { name: 'pe-data-queue', of: 'data', part: 'queue' }
  { name: 'pe-data-table', of: 'data', part: 'table' }
  { name: 'pe-registry', of: 'registry', part: 'registry' }
  { name: 'pe-service-bus', of: 'serviceBus', part: 'namespace' }
]
var targetIds = {
  host: hostStorage.outputs.id
  data: dataStorage.outputs.id
  registry: registry.outputs.id
  serviceBus: serviceBus.outputs.id
}

module endpoints 'modules/private-endpoint.bicep' = [
  for target in targets: if (privateNetwork) {
    scope: group
    params: {
      location: location
      tags: tags
      name: target.name
      subnetId: network!.outputs.endpointsSubnetId
      targetId: targetIds[target.of]
      part: target.part
      zoneName: zones[target.part]
    }
    dependsOn: [privateDns]
  }
]

module shardEndpoints 'modules/private-endpoint.bicep' = [
  for i in range(0, modelShards): if (privateNetwork) {
    scope: group
    params: {
      location: location
      tags: tags
      name: 'pe-models-${i}'
      subnetId: network!.outputs.endpointsSubnetId
      targetId: shards[i].outputs.id
      part: 'blob'
      zoneName: zones.blob
    }
    dependsOn: [privateDns]
  }
]

module lakeEndpoint 'modules/private-endpoint.bicep' = if (privateNetwork && dataLake) {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'pe-lake-blob'
    subnetId: network!.outputs.endpointsSubnetId
    targetId: lake!.outputs.id
    part: 'blob'
    zoneName: zones.blob
  }
  dependsOn: [privateDns]
}

module apps 'modules/environment.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    accelerator: accelerator
    subnetId: privateNetwork ? network!.outputs.appsSubnetId : ''
    logsId: monitoring.outputs.logsId
  }
}

module collector 'modules/collector.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.id
    image: collectorImage
    identityName: names.collector
    remoteWriteUrl: monitoring.outputs.remoteWriteUrl
  }
}

module worker 'modules/worker.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.id
    profile: apps.outputs.workerProfile
    accelerator: accelerator
    image: workerImage
    registry: registry.outputs.loginServer
    identityName: names.worker
    gatewayIdentityName: names.gateway
    audience: workerAudience
    key: workerKey
    otherKey: empty(otherWorkerKey) ? workerKey : otherWorkerKey
    blobEndpoint: blobEndpoint
    queueEndpoint: queueEndpoint
    tableEndpoint: tableEndpoint
    modelStore: modelStore
    serviceBusName: serviceBus.outputs.name
    serviceBusHost: serviceBus.outputs.hostName
    preload: preload
    traffic: workerTraffic
    price: prices[?accelerator] ?? {}
    currency: currency
    sampleRatio: sampleRatio
    insightsName: names.insights
    otlpEndpoint: collector.outputs.endpoint
  }
  dependsOn: [dataStorage, shards]
}

module gateway 'modules/gateway.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.id
    image: gatewayImage
    registry: registry.outputs.loginServer
    identityName: names.gateway
    hostStorageName: 'sthost${token}'
    blobEndpoint: blobEndpoint
    queueEndpoint: queueEndpoint
    tableEndpoint: tableEndpoint
    serviceBusHost: serviceBus.outputs.hostName
    workerUrl: worker.outputs.url
    workerAudience: workerAudience
    workerKey: workerKey
    modelStore: modelStore
    maxBodyBytes: maxBodyBytes
    apiKeys: apiKeys
    tenantBudgets: tenantBudgets
    sampleRatio: sampleRatio
    insightsName: names.insights
    otlpEndpoint: collector.outputs.endpoint
  }
  dependsOn: [hostStorage, dataStorage, shards]
}

module maintenance 'modules/maintenance.bicep' = if (!empty(operatorKey)) {
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.id
    image: maintenanceImage
    url: '${gateway.outputs.url}/maintenance'
    schedule: maintenanceSchedule
    operatorKey: operatorKey
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    emails: alertEmails
    metricsId: monitoring.outputs.metricsId
    serviceBusId: serviceBus.outputs.id
    queueNames: map(queues, queue => queue.name)
  }
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0 && !empty(budgetStartDate)) {
  scope: group
  params: {
    name: 'budget-${environmentName}'
    amount: max(budgetAmount, 1)
    startDate: budgetStartDate
    actionGroupId: alerts.outputs.actionGroupId
  }
}

module kubernetes 'modules/kubernetes-identity.bicep' = if (!empty(kubernetesIssuer)) {
  scope: group
  params: { identityName: names.worker, issuer: kubernetesIssuer }
  dependsOn: [identities]
}

@description('Region.')
output AZURE_LOCATION string = location

@description('Resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Registry that images are pushed to.')
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer

@description('Resource id of the Container Apps environment.')
output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = apps.outputs.id

@description('Base URL of the API.')
output INFER_URL string = gateway.outputs.url

@description('Model store, as the infer command takes it.')
output INFER_STORE string = modelStore

@description('Name of Grafana; empty without one.')
output GRAFANA_NAME string = monitoring.outputs.grafanaName

@description('Address of Grafana; empty without one.')
output GRAFANA_URL string = monitoring.outputs.grafanaUrl

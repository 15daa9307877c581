metadata description = 'Logs, traces and metrics, with nothing that takes a key.'

import { deployerType, tagsType } from 'types.bicep'
import { roles } from 'roles.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Token that makes names unique.')
@minLength(13)
@maxLength(13)
param token string

@description('Required. Whether to have a Managed Grafana, which costs when idle.')
param grafanaEnabled bool

@description('Required. Name of Application Insights.')
param insightsName string

@description('Required. Names of the identities that send traces and logs.')
param senderNames string[]

@description('Required. Name of the identity of the collector, which writes metrics.')
param collectorName string

@description('Required. Who administers Grafana.')
param deployer deployerType

resource senders 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in senderNames: {
    name: name
  }
]

resource collector 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: collectorName
}

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    DisableLocalAuth: true
  }
}

resource metrics 'Microsoft.Monitor/accounts@2023-04-03' = {
  name: 'amw-${token}'
  location: location
  tags: tags
}

resource endpoint 'Microsoft.Insights/dataCollectionEndpoints@2024-03-11' = {
  name: 'dce-${token}'
  location: location
  tags: tags
  properties: { networkAcls: { publicNetworkAccess: 'Enabled' } }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2024-03-11' = {
  name: 'dcr-${token}'
  location: location
  tags: tags
  properties: {
    dataCollectionEndpointId: endpoint.id
    dataSources: { prometheusForwarder: [{ name: 'metrics', streams: ['Microsoft-PrometheusMetrics'] }] }
    destinations: { monitoringAccounts: [{ name: 'workspace', accountResourceId: metrics.id }] }
    dataFlows: [{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['workspace'] }]
  }
}

resource grafana 'Microsoft.Dashboard/grafana@2024-10-01' = if (grafanaEnabled) {
  name: 'amg-${token}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  identity: { type: 'SystemAssigned' }
  properties: {
    apiKey: 'Disabled'
    publicNetworkAccess: 'Enabled'
    grafanaIntegrations: { azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: metrics.id }] }
  }
}

resource sendTraces 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in senderNames: {
    name: guid(insights.id, senders[i].id, roles.monitoringMetricsPublisher)
    scope: insights
    properties: {
      principalId: senders[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.monitoringMetricsPublisher
      )
    }
  }
]

resource writeMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(rule.id, collector.id, roles.monitoringMetricsPublisher)
  scope: rule
  properties: {
    principalId: collector.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.monitoringMetricsPublisher
    )
  }
}

resource grafanaReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grafanaEnabled) {
  name: guid(metrics.id, 'grafana-${token}', roles.monitoringDataReader)
  scope: metrics
  properties: {
    principalId: grafana!.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringDataReader)
  }
}

resource grafanaAdmin 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grafanaEnabled && !empty(deployer.principalId)) {
  name: guid('amg-${token}', deployer.principalId, roles.grafanaAdmin)
  scope: grafana
  properties: {
    principalId: deployer.principalId
    principalType: deployer.principalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.grafanaAdmin)
  }
}

@description('Resource id of the Log Analytics workspace.')
output logsId string = logs.id

@description('Resource id of the Azure Monitor workspace, which holds the metrics.')
output metricsId string = metrics.id

@description('Where Prometheus remote write goes.')
output remoteWriteUrl string = '${endpoint.properties.metricsIngestion.endpoint}/dataCollectionRules/${rule.properties.immutableId}/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=2023-04-24'

@description('Name of Grafana; empty without one.')
output grafanaName string = grafanaEnabled ? grafana.name : ''

@description('Address of Grafana; empty without one.')
output grafanaUrl string = grafanaEnabled ? grafana!.properties.endpoint : ''

metadata description = 'Container Apps environment with a profile for each kind of machine.'

import { tagsType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Token that makes names unique.')
@minLength(13)
@maxLength(13)
param token string

@description('Required. What the worker runs on.')
param accelerator 'cpu' | 't4' | 'a100'

@description('Required. Resource id of the subnet; empty for none.')
param subnetId string

@description('Required. Resource id of the Log Analytics workspace.')
param logsId string

var gpuProfiles = {
  t4: 'Consumption-GPU-NC8as-T4'
  a100: 'Consumption-GPU-NC24-A100'
}

resource managed 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    // To Azure Monitor, since sending straight to a workspace takes its key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: false }
    workloadProfiles: concat(
      [{ name: 'Consumption', workloadProfileType: 'Consumption' }],
      accelerator == 'cpu' ? [] : [{ name: 'gpu', workloadProfileType: gpuProfiles[accelerator] }]
    )
  }
}

// The only stable version of this type is of 2016 and lacks category groups.
resource toLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: managed
  properties: {
    workspaceId: logsId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

@description('Resource id.')
output id string = managed.id

@description('Name of the profile of the worker.')
output workerProfile string = accelerator == 'cpu' ? 'Consumption' : 'gpu'

metadata description = 'One identity for each process, so that each has its own roles.'

import { tagsType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Name of the gateway\'s.')
param gatewayName string

@description('Required. Name of the worker\'s, which also asks Service Bus how many messages wait, to scale.')
param workerName string

@description('Required. Name of the OpenTelemetry collector\'s.')
param collectorName string

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: gatewayName
  location: location
  tags: tags
}

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: workerName
  location: location
  tags: tags
}

resource collector 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: collectorName
  location: location
  tags: tags
}

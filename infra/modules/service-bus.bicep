metadata description = 'Work for the worker, in queues.'

import { tagsType } from 'types.bicep'
import { roles } from 'roles.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Token that makes names unique.')
@minLength(13)
@maxLength(13)
param token string

@description('Required. Whether the namespace is reached through private endpoints alone, which takes the Premium tier.')
param private bool

@export()
@description('A queue.')
type queueType = {
  @description('Required. Name.')
  name: string

  @description('Required. Deliveries after which a message is a dead letter.')
  maxDeliveries: int
}

@description('Required. The queues.')
param queues queueType[]

@description('Required. Name of the identity of the gateway: sends work, and looks into the dead letters.')
param gatewayName string

@description('Required. Name of the identity of the worker: receives work, and sends on what it could not finish in time.')
param workerName string

resource principals 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in [gatewayName, workerName]: {
    name: name
  }
]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: 'sb-${token}'
  location: location
  tags: tags
  sku: private ? { name: 'Premium', tier: 'Premium', capacity: 1 } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
  }
}

resource entities 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in queues: {
    parent: namespace
    name: queue.name
    properties: {
      lockDuration: 'PT1M'
      maxDeliveryCount: queue.maxDeliveries
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT5M'
      requiresSession: false
    }
  }
]

// Queue by queue, both sides send and receive: 0 is the gateway, 1 the worker.
var grants = flatten(map(range(0, length(queues)), i => [
  { queue: i, principal: 0, role: roles.serviceBusDataSender }
  { queue: i, principal: 0, role: roles.serviceBusDataReceiver }
  { queue: i, principal: 1, role: roles.serviceBusDataSender }
  { queue: i, principal: 1, role: roles.serviceBusDataReceiver }
]))

resource onQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in grants: {
    name: guid(namespace.id, queues[grant.queue].name, principals[grant.principal].id, grant.role)
    scope: entities[grant.queue]
    properties: {
      principalId: principals[grant.principal].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

@description('Resource id.')
output id string = namespace.id

@description('Name, as the scaler wants it.')
output name string = namespace.name

@description('Host name, as clients want it.')
output hostName string = parseUri(namespace.properties.serviceBusEndpoint).host

metadata description = 'Models, files, jobs, queues and tables. A flat account: blob leases and conditional writes carry the jobs.'

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

@description('Required. Whether the account is reached through private endpoints alone.')
param private bool

@description('Required. Days after which answers, claim checks and files of jobs are deleted.')
@minValue(1)
@maxValue(3650)
param retentionDays int

@description('Required. Name of the identity of the gateway.')
param gatewayName string

@description('Required. Name of the identity of the worker.')
param workerName string

@description('Required. Who pushes models.')
param deployer deployerType

// What expires; models never do.
var expiring = ['batches', 'files', 'inputs', 'results']
var containerNames = concat(['models'], expiring)
// The host creates no trigger's queue. Poison queues would be created by the first poison message; here an alert can name them from the start.
var workQueues = ['batch-events', 'batch-validations', 'batch-webhooks', 'inference-requests']
var queueNames = concat(workQueues, map(workQueues, name => '${name}-poison'))
var tableNames = ['batches', 'costs', 'batchindex', 'files', 'workrates']

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: gatewayName
}

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: workerName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'stdata${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isHnsEnabled: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for name in containerNames: {
    parent: blobs
    name: name
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in queueNames: {
    parent: queueService
    name: name
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for name in tableNames: {
    parent: tableService
    name: name
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        for name in expiring: {
          name: 'expire-${name}'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: retentionDays } } }
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${name}/'] }
          }
        }
      ]
    }
  }
}

resource principals 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in [gatewayName, workerName]: {
    name: name
  }
]

// Who may do what on the whole account: 0 is the gateway, 1 the worker.
var accountGrants = [
  { principal: 0, role: roles.storageBlobDataReader }
  { principal: 0, role: roles.storageQueueDataContributor }
  { principal: 0, role: roles.storageTableDataContributor }
  { principal: 1, role: roles.storageBlobDataReader }
]

resource onAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in accountGrants: {
    name: guid(account.id, principals[grant.principal].id, grant.role)
    scope: account
    properties: {
      principalId: principals[grant.principal].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

resource gatewayWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in expiring: {
    name: guid(account.id, name, gateway.id, roles.storageBlobDataContributor)
    scope: containers[i + 1]
    properties: {
      principalId: gateway.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

// Finished segments of a job and their announcement; answers to single requests.
resource workerWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for name in ['batches', 'results']: {
    name: guid(account.id, name, worker.id, roles.storageBlobDataContributor)
    scope: containers[indexOf(containerNames, name)]
    properties: {
      principalId: worker.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageBlobDataContributor
      )
    }
  }
]

resource workerAnnounces 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, 'batch-events', worker.id, roles.storageQueueDataMessageSender)
  scope: queues[0]
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageQueueDataMessageSender
    )
  }
}

// A shard's epoch, in the row of the shard, and what the replica costs.
resource workerUpdates 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in ['batches', 'costs']: {
    name: guid(account.id, 'table-${name}', worker.id, roles.storageTableDataContributor)
    scope: tables[i]
    properties: {
      principalId: worker.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.storageTableDataContributor
      )
    }
  }
]

resource deployerPushes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployer.principalId)) {
  name: guid(account.id, 'models', deployer.principalId, roles.storageBlobDataContributor)
  scope: containers[0]
  properties: {
    principalId: deployer.principalId
    principalType: deployer.principalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

@description('Resource id.')
output id string = account.id

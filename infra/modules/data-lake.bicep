metadata description = 'Users\' own inputs and outputs, with folders and access lists (hierarchical namespace).'

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

@description('Required. Whether the account is reached through private endpoints alone.')
param private bool

@description('Required. Name of the identity of the gateway, which checks inputs and composes outputs.')
param gatewayName string

@description('Required. Name of the identity of the worker, which reads its part of an input.')
param workerName string

resource principals 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in [gatewayName, workerName]: {
    name: name
  }
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'stlake${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    isHnsEnabled: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource inputs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'inputs'
}

resource outputs 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'outputs'
}

resource readInputs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for i in range(0, 2): {
    name: guid(account.id, 'inputs', principals[i].id, roles.storageBlobDataReader)
    scope: inputs
    properties: {
      principalId: principals[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
    }
  }
]

resource writeOutputs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, 'outputs', principals[0].id, roles.storageBlobDataContributor)
  scope: outputs
  properties: {
    principalId: principals[0].properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles.storageBlobDataContributor
    )
  }
}

@description('Resource id.')
output id string = account.id

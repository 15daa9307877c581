metadata description = 'One more account for contents of models, when reads of many replicas exceed what one account gives.'

import { deployerType, tagsType } from 'types.bicep'
import { roles } from 'roles.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Whether the account is reached through private endpoints alone.')
param private bool

@description('Required. Name of the identity of the worker.')
param workerName string

@description('Required. Name of the identity of the gateway, which checks that the models of a job exist.')
param gatewayName string

@description('Required. Who pushes models.')
param deployer deployerType

resource worker 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: workerName
}

resource gateway 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: gatewayName
}

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
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
}

resource models 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobs
  name: 'models'
}

resource workerReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, worker.id, roles.storageBlobDataReader)
  scope: account
  properties: {
    principalId: worker.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource gatewayReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, gateway.id, roles.storageBlobDataReader)
  scope: account
  properties: {
    principalId: gateway.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource deployerPushes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployer.principalId)) {
  name: guid(account.id, 'models', deployer.principalId, roles.storageBlobDataContributor)
  scope: models
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

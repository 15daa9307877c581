metadata description = 'Container registry. Premium has artifact streaming, which starts a replica before its whole image is there.'

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

@description('Required. Whether the registry is reached through private endpoints alone.')
param private bool

@description('Required. Names of the identities that pull images.')
param pullerNames string[]

resource pullers 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = [
  for name in pullerNames: {
    name: name
  }
]

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'cr${token}'
  location: location
  tags: tags
  sku: { name: 'Premium' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkRuleBypassOptions: 'AzureServices'
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in pullerNames: {
    name: guid(registry.id, pullers[i].id, roles.acrPull)
    scope: registry
    properties: {
      principalId: pullers[i].properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
    }
  }
]

@description('Resource id.')
output id string = registry.id

@description('Where images are pushed to and pulled from.')
output loginServer string = registry.properties.loginServer

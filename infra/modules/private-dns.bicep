metadata description = 'Zones in which the names of private endpoints resolve.'

import { tagsType } from 'types.bicep'

@description('Required. Tags.')
param tags tagsType

@description('Required. Resource id of the virtual network.')
param networkId string

@description('Required. Names of the zones.')
param zoneNames string[]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for name in zoneNames: {
    name: name
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (name, i) in zoneNames: {
    parent: zones[i]
    name: 'network'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

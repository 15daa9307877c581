metadata description = 'OpenTelemetry collector: takes OTLP inside the environment, writes metrics to the Azure Monitor workspace.'

import { tagsType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Resource id of the Container Apps environment.')
param environmentId string

@description('Required. Image of the collector (contrib distribution, 0.132 or newer).')
param image string

@description('Required. Name of its identity.')
param identityName string

@description('Required. Where Prometheus remote write goes.')
param remoteWriteUrl string

var port = 4318

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'collector'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      identitySettings: [{ identity: identity.id, lifecycle: 'Main' }]
      ingress: {
        external: false
        targetPort: port
        transport: 'http'
        allowInsecure: false
        traffic: [{ latestRevision: true, weight: 100 }]
      }
    }
    template: {
      containers: [
        {
          name: 'collector'
          image: image
          args: ['--config=env:COLLECTOR_CONFIG']
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
          env: [
            { name: 'COLLECTOR_CONFIG', value: loadTextContent('../monitoring/collector.yaml') }
            { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
            { name: 'REMOTE_WRITE_URL', value: remoteWriteUrl }
          ]
          probes: [
            { type: 'Liveness', httpGet: { port: 13133, path: '/' }, periodSeconds: 10 }
            { type: 'Readiness', httpGet: { port: 13133, path: '/' }, periodSeconds: 5 }
          ]
        }
      ]
      // Counters live in its memory, between what the processes send: one, and always.
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
}

@description('Where processes send OTLP over HTTP.')
output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'

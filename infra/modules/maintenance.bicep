metadata description = 'A scheduled job that calls the gateway\'s maintenance endpoint: a timer that survives scaling to zero.'

import { tagsType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Resource id of the Container Apps environment.')
param environmentId string

@description('Required. Image with curl.')
param image string

@description('Required. URL of the endpoint.')
param url string

@description('Required. When, as five cron fields in UTC.')
param schedule string

@secure()
@description('Required. An operator\'s key.')
param operatorKey string

resource job 'Microsoft.App/jobs@2025-07-01' = {
  name: 'maintenance'
  location: location
  tags: tags
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Schedule'
      scheduleTriggerConfig: { cronExpression: schedule, parallelism: 1, replicaCompletionCount: 1 }
      replicaTimeout: 240
      replicaRetryLimit: 1
      secrets: [{ name: 'operator-key', value: operatorKey }]
    }
    template: {
      containers: [
        {
          name: 'maintenance'
          image: image
          // The key comes from standard input: arguments can be read by other processes.
          command: ['/bin/sh', '-c']
          args: [
            'printf \'header = "Authorization: Bearer %s"\' "$OPERATOR_KEY" | curl --fail-with-body --silent --show-error --max-time 200 --request POST --config - "$MAINTENANCE_URL"'
          ]
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
          env: [
            { name: 'MAINTENANCE_URL', value: url }
            { name: 'OPERATOR_KEY', secretRef: 'operator-key' }
          ]
        }
      ]
    }
  }
}

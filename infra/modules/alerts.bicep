metadata description = 'Who is paged for what. Prometheus rules are those of monitoring/rules, which promtool tests.'

import { tagsType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Token that makes names unique.')
@minLength(13)
@maxLength(13)
param token string

@description('Required. Addresses that get mail; none for no mail.')
param emails string[]

@description('Required. Resource id of the Azure Monitor workspace.')
param metricsId string

@description('Required. Resource id of the Service Bus namespace.')
param serviceBusId string

@description('Required. Queues that are watched.')
param queueNames string[]

var groups = concat(
  loadYamlContent('../monitoring/rules/recording.yml').groups,
  loadYamlContent('../monitoring/rules/alerts.yml').groups
)
var severityOf = { page: 1, ticket: 3 }

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'inference'
    enabled: true
    emailReceivers: [
      for (email, i) in emails: {
        name: 'mail-${i}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.AlertsManagement/prometheusRuleGroups@2023-03-01' = [
  for group in groups: {
    name: '${group.name}-${token}'
    location: location
    tags: tags
    properties: {
      enabled: true
      interval: 'PT1M'
      scopes: [metricsId]
      rules: map(
        group.rules,
        rule =>
          contains(rule, 'record')
            ? { record: rule.record, expression: rule.expr, enabled: true }
            : {
                alert: rule.alert
                expression: rule.expr
                for: 'PT${toUpper(rule.for)}'
                labels: rule.labels
                annotations: rule.annotations
                severity: severityOf[rule.labels.severity]
                enabled: true
                actions: [{ actionGroupId: people.id }]
                resolveConfiguration: { autoResolved: true, timeToResolve: 'PT10M' }
              }
      )
    }
  }
]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages were given up. See docs/deploy.md, "When it pages".'
    severity: 1
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [{ name: 'EntityName', operator: 'Include', values: queueNames }]
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

// Service Bus has no metric for the age of its oldest message. A queue that is not empty once in an hour holds one that is old.
resource oldMessages 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'queue-age-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A queue was not empty for an hour. See docs/deploy.md, "When it pages".'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'waiting'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'ActiveMessages'
          timeAggregation: 'Minimum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [{ name: 'EntityName', operator: 'Include', values: queueNames }]
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

@description('Resource id of the action group.')
output actionGroupId string = people.id

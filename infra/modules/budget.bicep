metadata description = 'What a month may cost before somebody hears of it. A budget warns; it stops nothing.'

@description('Required. Name.')
param name string

@description('Required. Amount of a month, in the subscription\'s currency.')
@minValue(1)
param amount int

@description('Required. First day of the month from which on it counts, such as 2026-01-01.')
param startDate string

@description('Required. Resource id of the action group that hears of it.')
param actionGroupId string

var thresholds = [
  { name: 'actual50', type: 'Actual', percentage: 50 }
  { name: 'actual90', type: 'Actual', percentage: 90 }
  { name: 'actual100', type: 'Actual', percentage: 100 }
  { name: 'forecast100', type: 'Forecasted', percentage: 100 }
]

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: toObject(thresholds, t => t.name, t => {
      enabled: true
      operator: 'GreaterThanOrEqualTo'
      threshold: t.percentage
      thresholdType: t.type
      contactEmails: []
      contactGroups: [actionGroupId]
    })
  }
}

metadata description = 'Types that several modules share.'

@export()
@description('Tags of a resource.')
type tagsType = {
  @description('A tag by its name.')
  *: string
}

@export()
@description('The person or pipeline that deploys, who may push models and administer Grafana. An empty id gives nobody a role.')
type deployerType = {
  @description('Required. Object id.')
  principalId: string

  @description('Required. What it is.')
  principalType: 'User' | 'ServicePrincipal' | 'Group'
}

@export()
@description('A share of the requests for one revision.')
type trafficType = {
  @description('Optional. Name of the revision; leave it out together with latestRevision set.')
  revisionName: string?

  @description('Optional. Whether this is whatever was deployed last.')
  latestRevision: bool?

  @description('Required. Percentage of the requests; all of an app add up to 100.')
  @minValue(0)
  @maxValue(100)
  weight: int

  @description('Optional. Label, which gives the revision an address of its own.')
  label: string?
}

@export()
@description('A caller of the API. Only the hash of its key is known here.')
type apiKeyType = {
  @description('Required. Who holds the key; appears in metrics.')
  name: string

  @description('Required. SHA-256 of the key, 64 hexadecimal digits.')
  @minLength(64)
  @maxLength(64)
  sha256: string

  @description('Required. Whether it may read metrics and list, load and unload models.')
  operator: bool
}

@export()
@description('What one second costs, as decimal numbers such as 0.000024: Bicep knows none.')
type priceType = {
  @description('Optional. Of a GPU.')
  gpuSecond: string?

  @description('Optional. Of a virtual processor.')
  vcpuSecond: string?

  @description('Optional. Of a GiB of memory.')
  giBSecond: string?
}

@export()
@description('Prices by what the worker runs on.')
type pricesType = {
  @description('Optional. Of a replica without a GPU.')
  cpu: priceType?

  @description('Optional. Of a replica with a T4.')
  t4: priceType?

  @description('Optional. Of a replica with an A100.')
  a100: priceType?
}

@export()
@description('What a tenant may spend, in the currency of prices, as decimal numbers such as 2.5.')
type tenantBudgetType = {
  @description('Required. Name of the tenant, which is that of its key.')
  tenant: string

  @description('Optional. For a day of UTC; no limit unless given.')
  daily: string?

  @description('Optional. For a month of UTC; no limit unless given.')
  monthly: string?

  @description('Optional. The part from which answers and metrics tell of it; 0.8 unless given.')
  alertAt: string?
}

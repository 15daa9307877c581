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

metadata description = 'The worker: ONNX Runtime behind an ingress that only this environment reaches.'

import { priceType, tagsType, trafficType } from 'types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags tagsType

@description('Required. Resource id of the Container Apps environment.')
param environmentId string

@description('Required. Name of its workload profile.')
param profile string

@description('Required. What it runs on.')
param accelerator 'cpu' | 't4' | 'a100'

@description('Required. Image; empty before the first one is pushed.')
param image string

@description('Required. Registry of the image.')
param registry string

@description('Required. Name of its identity, also for pulling images and asking how long the queue is.')
param identityName string

@description('Required. Name of the gateway\'s identity.')
param gatewayIdentityName string

@description('Required. App registration that tokens for the worker are for; empty to know the gateway by its key.')
param audience string

@secure()
@description('Required. Key that the gateway signs with; unused with an audience.')
param key string

@secure()
@description('Required. A second key that is taken too, or the same.')
param otherKey string

@description('Required. URL of the account\'s blobs.')
param blobEndpoint string

@description('Required. URL of the account\'s queues.')
param queueEndpoint string

@description('Required. URL of the account\'s tables.')
param tableEndpoint string

@description('Required. Containers of models, with ; between them.')
param modelStore string

@description('Required. Name of the Service Bus namespace.')
param serviceBusName string

@description('Required. Host name of the Service Bus namespace.')
param serviceBusHost string

@description('Required. Models to load at start.')
param preload string[]

@description('Required. Shares of revisions; empty for all to the latest.')
param traffic trafficType[]

@description('Required. What a second of its resources costs; empty for costs that are off.')
param price priceType

@description('Required. Currency of the price.')
param currency string

@description('Required. Part of the traces that begin here to be sampled.')
param sampleRatio string

@description('Required. Name of Application Insights.')
param insightsName string

@description('Required. Where OTLP goes.')
param otlpEndpoint string

var scale = loadJsonContent('../scale.json').worker

// 15 s to tell callers, seal shards and close connections, and 5 s to spare, are inside of the grace period.
var drainSeconds = scale.terminationGraceSeconds - 20
var drainTime = '00:${padLeft(drainSeconds / 60, 2, '0')}:${padLeft(drainSeconds % 60, 2, '0')}'
var port = 8080
var metricsPort = 8081
var deployed = !empty(image)

// Half of the machine's processors is no use to whoever has its only GPU, so a replica takes the profile whole.
var machines = {
  cpu: {
    gpus: '0'
    cpu: '4'
    memory: '8Gi'
    memoryBudget: '5368709120'
    cache: '5368709120'
    requireGpu: 'false'
    providers: ['cpu']
  }
  t4: {
    gpus: '1'
    cpu: '8'
    memory: '56Gi'
    memoryBudget: '12884901888'
    cache: '6442450944'
    requireGpu: 'true'
    providers: ['cuda', 'cpu']
  }
  a100: {
    gpus: '1'
    cpu: '24'
    memory: '220Gi'
    memoryBudget: '68719476736'
    cache: '6442450944'
    requireGpu: 'true'
    providers: ['cuda', 'cpu']
  }
}
var machine = machines[accelerator]

// A replica costs what it was given, whether it uses it or not.
var costs = empty(price)
  ? []
  : [
      { name: 'Worker__Costs__Pool', value: accelerator }
      { name: 'Worker__Costs__Currency', value: currency }
      { name: 'Worker__Costs__GpuSecond', value: price.?gpuSecond ?? '0' }
      { name: 'Worker__Costs__VcpuSecond', value: price.?vcpuSecond ?? '0' }
      { name: 'Worker__Costs__GiBSecond', value: price.?giBSecond ?? '0' }
      { name: 'Worker__Costs__Gpus', value: machine.gpus }
      { name: 'Worker__Costs__Vcpus', value: machine.cpu }
      { name: 'Worker__Costs__MemoryGiB', value: replace(machine.memory, 'Gi', '') }
    ]

// A key that is missing is an error here and at the worker's start; the network is never trusted in its place.
var secrets = empty(audience) ? [{ name: 'gateway-key', value: key }, { name: 'other-gateway-key', value: otherKey }] : []

var settings = concat(
  [
    { name: 'Storage__blobServiceUri', value: blobEndpoint }
    { name: 'Storage__queueServiceUri', value: queueEndpoint }
    { name: 'Storage__tableServiceUri', value: tableEndpoint }
    { name: 'Storage__clientId', value: identity.properties.clientId }
    { name: 'ServiceBus__fullyQualifiedNamespace', value: serviceBusHost }
    { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
    { name: 'Worker__Url', value: 'http://0.0.0.0:${port}' }
    { name: 'Worker__MetricsUrl', value: 'http://0.0.0.0:${metricsPort}' }
    { name: 'Worker__ModelStore', value: modelStore }
    { name: 'Worker__RequireGpu', value: machine.requireGpu }
    { name: 'Worker__MemoryBudgetBytes', value: machine.memoryBudget }
    { name: 'Worker__CacheFolder', value: '/cache/models' }
    { name: 'Worker__CacheBytes', value: machine.cache }
    { name: 'Worker__DrainTime', value: drainTime }
    { name: 'ORT_DISABLE_TELEMETRY', value: '1' }
  ],
  map(
    range(0, length(machine.providers)),
    i => { name: 'Worker__ExecutionProviders__${i}', value: machine.providers[i] }
  ),
  empty(audience)
    ? [
        { name: 'Worker__GatewayKeys__0', secretRef: 'gateway-key' }
        { name: 'Worker__GatewayKeys__1', secretRef: 'other-gateway-key' }
        // A changed secret makes no new revision, and replicas that run keep the old one; this does.
        { name: 'WORKER_KEY_VERSION', value: uniqueString(key, otherKey) }
      ]
    : [
        {
          name: 'Worker__EntraAuthority'
          value: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        { name: 'Worker__EntraAudience', value: audience }
        { name: 'Worker__EntraGateway', value: gatewayIdentity.properties.principalId }
      ],
  map(range(0, length(preload)), i => { name: 'Worker__Preload__${i}', value: preload[i] }),
  costs,
  [
    { name: 'Telemetry__SampleRatio', value: sampleRatio }
    { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
    {
      name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
      value: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    }
    { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: otlpEndpoint }
    { name: 'OTEL_EXPORTER_OTLP_PROTOCOL', value: 'http/protobuf' }
  ]
)

var probes = [
  {
    // Listens before models load; a GPU's driver takes its time.
    type: 'Startup'
    httpGet: { port: port, path: '/v2/health/live' }
    initialDelaySeconds: 1
    periodSeconds: 1
    failureThreshold: 120
  }
  {
    type: 'Liveness'
    httpGet: { port: port, path: '/v2/health/live' }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 6
  }
  {
    // Not ready until what is to be preloaded was tried.
    type: 'Readiness'
    httpGet: { port: port, path: '/v2/health/ready' }
    periodSeconds: 2
    timeoutSeconds: 2
    failureThreshold: 3
  }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource gatewayIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: gatewayIdentityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'worker'
  location: location
  tags: union(tags, { 'azd-service-name': 'worker' })
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: profile
    configuration: {
      // One revision at a time, unless a canary takes its share: every active revision also takes from the queue.
      activeRevisionsMode: empty(traffic) ? 'Single' : 'Multiple'
      identitySettings: [{ identity: identity.id, lifecycle: 'Main' }]
      registries: [{ server: registry, identity: identity.id }]
      secrets: secrets
      ingress: {
        external: false
        targetPort: port
        transport: 'auto'
        allowInsecure: false
        traffic: empty(traffic) ? [{ latestRevision: true, weight: 100 }] : traffic
      }
    }
    template: {
      terminationGracePeriodSeconds: scale.terminationGraceSeconds
      containers: [
        {
          name: 'worker'
          // Listens on the same port, so that the first image can take its place without another change.
          image: deployed ? image : 'mcr.microsoft.com/dotnet/samples:aspnetapp'
          resources: { cpu: json(machine.cpu), memory: machine.memory }
          env: settings
          probes: deployed
            ? probes
            : [{ type: 'Startup', tcpSocket: { port: port }, periodSeconds: 1, failureThreshold: 120 }]
          volumeMounts: [{ volumeName: 'cache', mountPath: '/cache' }, { volumeName: 'temporary', mountPath: '/tmp' }]
        }
      ]
      volumes: [{ name: 'cache', storageType: 'EmptyDir' }, { name: 'temporary', storageType: 'EmptyDir' }]
      scale: {
        minReplicas: scale.minReplicas
        maxReplicas: scale.maxReplicas
        pollingInterval: scale.pollingIntervalSeconds
        cooldownPeriod: scale.cooldownSeconds
        rules: concat(
          [{ name: 'http', http: { metadata: { concurrentRequests: string(scale.httpConcurrency) } } }],
          map(items(scale.queues), queue => {
            name: 'queue-${queue.key}'
            custom: {
              type: 'azure-servicebus'
              identity: identity.id
              metadata: {
                namespace: serviceBusName
                queueName: queue.key
                messageCount: string(queue.value.messagesPerReplica)
                activationMessageCount: string(queue.value.activation)
              }
            }
          }),
          map(range(0, length(scale.preWarm)), i => {
            name: 'prewarm-${i}'
            custom: {
              type: 'cron'
              metadata: {
                timezone: scale.preWarm[i].timezone
                start: scale.preWarm[i].start
                end: scale.preWarm[i].end
                desiredReplicas: string(scale.preWarm[i].replicas)
              }
            }
          })
        )
      }
    }
  }
}

@description('URL inside the environment.')
output url string = 'https://${app.properties.configuration.ingress.fqdn}'

using '../main.bicep'

// The first `azd provision` of somebody who sets nothing: placeholder images, a T4, and the key that the hook makes.
param environmentName = 'first'
param location = 'swedencentral'
param workerKey = readEnvironmentVariable('SNAPSHOT_WORKER_KEY', 'not-a-key')

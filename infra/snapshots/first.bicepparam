using '../main.bicep'

// The first `azd provision` of somebody who sets nothing: placeholder images, a T4.
param environmentName = 'first'
param location = 'swedencentral'

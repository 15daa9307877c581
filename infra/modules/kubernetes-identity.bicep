metadata description = 'Lets pods of a Kubernetes cluster act as the worker\'s identity, without a key.'

@description('Required. Name of the identity.')
param identityName string

@description('Required. Issuer of the cluster\'s tokens.')
param issuer string

// KEDA's operator asks for the length of the queue under the same identity.
var subjects = [
  { name: 'worker', subject: 'system:serviceaccount:inference:worker' }
  { name: 'keda', subject: 'system:serviceaccount:keda:keda-operator' }
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// One at a time: the service refuses them side by side.
@batchSize(1)
resource credentials 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = [
  for subject in subjects: {
    parent: identity
    name: subject.name
    properties: {
      issuer: issuer
      subject: subject.subject
      audiences: ['api://AzureADTokenExchange']
    }
  }
]

using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Serverless.Contracts.Configuration;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Jobs;

/// <summary>The Service Bus namespace of the configuration.</summary>
internal static class ServiceBusAccount
{
    /// <summary>A client of it.</summary>
    /// <exception cref="InvalidOperationException">None is configured.</exception>
    public static ServiceBusClient CreateClient(IConfiguration configuration)
    {
        if (configuration[Settings.ServiceBus] is { Length: > 0 } connectionString)
            return new ServiceBusClient(connectionString);
        return configuration[$"{Settings.ServiceBus}:fullyQualifiedNamespace"] is { Length: > 0 } host
            ? new ServiceBusClient(host, StorageAccount.CreateCredential(configuration))
            : throw new InvalidOperationException(
                $"No Service Bus is configured: set {Settings.ServiceBus} to a connection string, or {Settings.ServiceBus}:fullyQualifiedNamespace.");
    }
}

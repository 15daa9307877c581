using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Serverless.Contracts.Configuration;

namespace Serverless.Worker.Jobs;

/// <summary>
/// The Service Bus in the configuration: <c>ServiceBus</c> holds a connection string (emulators), or
/// <c>ServiceBus:fullyQualifiedNamespace</c> its host name, used with the process's identity (<c>ServiceBus:clientId</c> picks one).
/// </summary>
internal static class ServiceBusAccount
{
    // An emulator or a namespace that is away is waited for by the processor; one operation should not hold a settlement for minutes.
    private static readonly ServiceBusClientOptions Options = new()
    {
        RetryOptions = new ServiceBusRetryOptions { MaxRetries = 5, MaxDelay = TimeSpan.FromSeconds(4), TryTimeout = TimeSpan.FromSeconds(15) },
    };

    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[Settings.ServiceBus]) || !string.IsNullOrEmpty(Namespace(configuration));

    public static ServiceBusClient Create(IConfiguration configuration)
    {
        if (configuration[Settings.ServiceBus] is { Length: > 0 } connectionString)
            return new ServiceBusClient(connectionString, Options);
        var clientId = configuration[$"{Settings.ServiceBus}:clientId"];
        var credential = string.IsNullOrEmpty(clientId)
            ? new DefaultAzureCredential()
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
        return new ServiceBusClient(Namespace(configuration), credential, Options);
    }

    private static string? Namespace(IConfiguration configuration) => configuration[$"{Settings.ServiceBus}:fullyQualifiedNamespace"];
}

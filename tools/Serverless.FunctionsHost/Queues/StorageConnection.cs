using Azure.Identity;
using Azure.Storage.Queues;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Queues;

/// <summary>
/// Turns a binding's <c>Connection</c> into a client, as the Functions host does: a connection string in the setting itself, or an
/// identity with <c>queueServiceUri</c> (or <c>accountName</c>) below it. <c>AzureWebJobsStorage</c> when the binding names none.
/// </summary>
internal static class StorageConnection
{
    public const string DefaultName = "Storage";

    public static QueueServiceClient Open(AppSettings settings, string? connection)
    {
        var name = string.IsNullOrEmpty(connection) ? DefaultName : settings.Substitute(connection);

        // The prefix is put before every name that is looked up, so a binding that spells it out must not get it twice.
        const string prefix = "AzureWebJobs";
        if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) name = name[prefix.Length..];
        var section = settings.Connection(name) ?? throw Missing(name);
        if (section.Value is { Length: > 0 } connectionString) return new QueueServiceClient(connectionString);
        if (section["queueServiceUri"] is { Length: > 0 } uri) return new QueueServiceClient(new Uri(uri), Credential(section));
        if (section["accountName"] is { Length: > 0 } account)
            return new QueueServiceClient(new Uri($"https://{account}.queue.core.windows.net"), Credential(section));
        throw Missing(name);
    }

    private static DefaultAzureCredential Credential(IConfigurationSection section) =>
        new(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });

    private static HostConfigurationException Missing(string name) =>
        new($"No storage connection \"{name}\": set {(name == DefaultName ? "AzureWebJobsStorage" : name)} to a connection string, "
            + $"or {(name == DefaultName ? "AzureWebJobsStorage" : name)}__queueServiceUri.");
}

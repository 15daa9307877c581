using Azure.Core;
using Azure.Identity;

namespace Serverless.Telemetry;

/// <summary>Reads <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>, whose form is the Functions host's: one setting serves both.</summary>
internal static class AzureMonitorCredential
{
    /// <summary>The credential that <paramref name="text"/> asks for; none when it is empty.</summary>
    /// <exception cref="FormatException">It is not <c>Authorization=AAD</c>, with <c>ClientId=…</c> or without.</exception>
    public static TokenCredential? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .ToLookup(part => part[0], part => part.Length == 2 ? part[1] : "", StringComparer.OrdinalIgnoreCase);
        if (!string.Equals(parts["Authorization"].SingleOrDefault(), "AAD", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException(
                $"APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be 'Authorization=AAD' or 'Authorization=AAD;ClientId=…', not '{text}'.");
        }

        return parts["ClientId"].SingleOrDefault() is { Length: > 0 } clientId
            ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
            : new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned);
    }
}

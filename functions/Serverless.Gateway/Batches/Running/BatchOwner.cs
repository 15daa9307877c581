using Microsoft.Extensions.Options;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Authentication.Keys;

namespace Serverless.Gateway.Batches.Running;

/// <summary>Whether whoever created a batch is still let in.</summary>
internal sealed class BatchOwner(KeyTable keys, IOptions<ApiKeyOptions> configured)
{
    /// <summary>
    /// Why the batch may not go on; null when it may. A key that has expired since, or was rotated, was good when the batch was created; what is
    /// revoked is to stop. Who came with a token of Entra ID cannot be asked about.
    /// </summary>
    public async Task<string?> FindObjectionAsync(BatchRow batch, CancellationToken cancellationToken)
    {
        if (batch.Credential == Caller.Configured)
        {
            return configured.Value.ApiKeys.Any(key => key.Name == batch.CallerName)
                ? null
                : $"The key of '{batch.CallerName}', which created the batch, is no longer in the configuration.";
        }

        if (batch.Credential?.StartsWith(ApiKeyRow.IdPrefix, StringComparison.Ordinal) != true)
            return null;
        return await keys.FindAsync(batch.Credential, cancellationToken) is { RevokedAt: null }
            ? null
            : $"The key '{batch.Credential}', which created the batch, was revoked.";
    }
}

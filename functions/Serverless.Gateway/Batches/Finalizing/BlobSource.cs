using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace Serverless.Gateway.Batches.Finalizing;

/// <summary>
/// Lets the storage service read a blob on our behalf: by a signed URL where there is an account key (emulators), with the process's
/// identity in Azure.
/// </summary>
internal sealed class BlobSource(Lazy<TokenCredential> credential, TimeProvider time)
{
    private static readonly TimeSpan Validity = TimeSpan.FromHours(1);
    private static readonly TokenRequestContext Scope = new(["https://storage.azure.com/.default"]);

    /// <summary>Stages a range of a blob as a block of another blob, without its bytes passing through here.</summary>
    public async Task StageAsync(
        BlockBlobClient target, string block, BlobClient source, HttpRange range, CancellationToken cancellationToken)
    {
        var options = new StageBlockFromUriOptions { SourceRange = range };
        var uri = source.Uri;
        if (source.CanGenerateSasUri)
        {
            uri = source.GenerateSasUri(BlobSasPermissions.Read, time.GetUtcNow() + Validity);
        }
        else
        {
            var token = await credential.Value.GetTokenAsync(Scope, cancellationToken);
            options.SourceAuthentication = new HttpAuthorization("Bearer", token.Token);
        }

        await target.StageBlockFromUriAsync(uri, block, options, cancellationToken);
    }
}

using Azure.Storage.Blobs;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Storage;

public sealed class BlobAliasTests(AzuriteFixture azurite) : AliasContract, IClassFixture<AzuriteFixture>
{
    private readonly BlobContainerClient _container =
        new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"models-{Guid.NewGuid():N}");

    private protected override IObjectStorage Storage => new BlobObjectStorage(_container);
}

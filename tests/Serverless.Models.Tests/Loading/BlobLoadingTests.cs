using Azure.Storage.Blobs;
using Serverless.Models.Storage;
using Serverless.TestKit;

namespace Serverless.Models.Tests.Loading;

public sealed class BlobLoadingTests(AzuriteFixture azurite) : LoadingContract, IClassFixture<AzuriteFixture>
{
    private readonly BlobContainerClient _container =
        new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient($"models-{Guid.NewGuid():N}");

    private protected override IObjectStorage Storage => new BlobObjectStorage(_container);
}

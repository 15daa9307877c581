using Serverless.Models.Storage;
using Serverless.Models.Tests.Storage;

namespace Serverless.Models.Tests.Loading;

public sealed class S3LoadingTests(S3Fixture s3) : LoadingContract, IClassFixture<S3Fixture>
{
    private readonly string _bucket = $"models-{Guid.NewGuid():N}";

    private protected override IObjectStorage Storage => new S3ObjectStorage(s3.Client, _bucket, "below/");
}

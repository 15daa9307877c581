using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Storage;

public sealed class S3AliasTests(S3Fixture s3) : AliasContract, IClassFixture<S3Fixture>
{
    private readonly string _bucket = $"models-{Guid.NewGuid():N}";

    private protected override IObjectStorage Storage => new S3ObjectStorage(s3.Client, _bucket, "below/");
}

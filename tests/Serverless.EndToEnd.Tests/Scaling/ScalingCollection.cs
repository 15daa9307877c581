namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>Tests that share one platform whose worker scales.</summary>
[CollectionDefinition(Name)]
public sealed class ScalingCollection : ICollectionFixture<ScalingFixture>
{
    public const string Name = "scaling";
}

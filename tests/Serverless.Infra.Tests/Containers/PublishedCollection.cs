namespace Serverless.Infra.Tests.Containers;

/// <summary>One published platform for all tests that need one.</summary>
[CollectionDefinition(Name)]
public sealed class PublishedCollection : ICollectionFixture<PublishedPlatform>
{
    public const string Name = "published platform";
}

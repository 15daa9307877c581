using Serverless.EndToEnd.Tests.Console;

namespace Serverless.EndToEnd.Tests;

/// <summary>Tests that share one running platform, and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<PlatformFixture>, ICollectionFixture<BrowserFixture>
{
    public const string Name = "platform";
}

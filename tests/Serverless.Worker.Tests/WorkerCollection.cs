namespace Serverless.Worker.Tests;

/// <summary>The tests that share one worker.</summary>
[CollectionDefinition(Name)]
public sealed class WorkerCollection : ICollectionFixture<WorkerFixture>
{
    public const string Name = "worker";
}

namespace Serverless.Worker.Tests.Jobs;

/// <summary>The tests that share one storage emulator and one Service Bus emulator.</summary>
[CollectionDefinition(Name)]
public sealed class JobCollection : ICollectionFixture<JobFixture>
{
    public const string Name = "jobs";
}

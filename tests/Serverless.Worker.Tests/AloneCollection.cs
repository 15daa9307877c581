namespace Serverless.Worker.Tests;

/// <summary>Tests that measure time, and have the machine to themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

namespace Serverless.FunctionsHost.Tests.Running;

/// <summary>Tests over real processes run one after another: some of them kill the worker that the others call.</summary>
[CollectionDefinition(Name)]
public sealed class HostCollection : ICollectionFixture<HostFixture>
{
    public const string Name = "host";
}

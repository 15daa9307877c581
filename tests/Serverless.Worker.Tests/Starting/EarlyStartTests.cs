using Serverless.TestKit;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Tests.Starting;

public sealed class EarlyStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Begin_NothingPreloaded_OpensNothing() =>
        Assert.Null(EarlyStart.Begin(Settings(("Worker:ModelStore", _folder.File("store")))));

    [Fact]
    public void Begin_Preload_OpensTheConfiguredStore()
    {
        var store = EarlyStart.Begin(Settings(("Worker:ModelStore", _folder.File("store")), ("Worker:Preload:0", "m")));

        Assert.Equal(_folder.File("store"), store?.Location);
    }

    [Fact]
    public void Begin_StoreThatCannotBeOpened_IsLeftToWhoeverNeedsIt() =>
        Assert.Null(EarlyStart.Begin(Settings(("Worker:ModelStore", "s3://"), ("Worker:Preload:0", "m"))));

    public void Dispose() => _folder.Dispose();

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value)).Build();
}

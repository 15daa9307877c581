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

    [Theory]
    [InlineData("Worker:ModelStore", "s3://")]
    [InlineData("Worker:Preload:0", "no such name!")]
    [InlineData("Worker:IntraOpThreads", "many")]
    public void Begin_SettingThatCannotBe_IsLeftToWhoeverNeedsIt(string name, string value)
    {
        var settings = Settings(("Worker:ModelStore", _folder.File("store")), ("Worker:Preload:0", "m"), (name, value));

        Assert.Null(Record.Exception(() => EarlyStart.Begin(settings)));
    }

    public void Dispose() => _folder.Dispose();

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(setting => setting.Name)
            .ToDictionary(group => group.Key, string? (group) => group.Last().Value)).Build();
}

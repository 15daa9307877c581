using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Worker;

namespace Serverless.FunctionsHost.Tests.Settings;

public sealed class LocalSettingsTests
{
    [Fact]
    public void Parse_Values_AreRead() =>
        Assert.Equal("1", LocalSettings.Parse("""{"Values":{"A":1}}""", "f")["A"]);

    [Theory]
    [InlineData("""{"IsEncrypted":true,"Values":{}}""", "IsEncrypted is true")]
    [InlineData("""{"Values":[]}""", "must be an object")]
    [InlineData("nothing", "must be an object")]
    public void Parse_Wrong_SaysSo(string json, string expected) =>
        AssertFails(expected, () => LocalSettings.Parse(json, "f"));

    [Fact]
    public void WorkerEnvironment_VariableExists_WinsOverLocalSettings()
    {
        var environment = new Dictionary<string, string?> { ["A"] = "own", ["ASPNETCORE_URLS"] = "http://*:80" };
        WorkerEnvironment.Apply(environment, Settings(new() { ["A"] = "file", ["B:C"] = "file" }), "localhost:7071");

        Assert.Equal("own", environment["A"]);
        Assert.Equal("file", environment["B__C"]);
        Assert.Equal("/app", environment["FUNCTIONS_APPLICATION_DIRECTORY"]);
        Assert.Equal("localhost:7071", environment["WEBSITE_HOSTNAME"]);
        Assert.DoesNotContain("ASPNETCORE_URLS", environment.Keys);
    }

    [Fact]
    public void HostSettings_NoApp_SaysWhatIsWanted() =>
        AssertFails("--app DIR is required", () => HostSettings.Read(null));

    [Fact]
    public void HostSettings_FolderWithoutHostJson_NamesIt() =>
        AssertFails("/nowhere holds no host.json", () => HostSettings.Read("/nowhere"));

    private static void AssertFails(string expected, Func<object> read) =>
        Assert.Contains(expected, Assert.Throws<HostConfigurationException>(read).Message, StringComparison.Ordinal);

    private static HostSettings Settings(Dictionary<string, string> local) =>
        new("/app", new HostJson(), local, AppSettings.From(local), 1);
}

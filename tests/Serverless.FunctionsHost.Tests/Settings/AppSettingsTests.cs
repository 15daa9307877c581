using Serverless.FunctionsHost.Queues;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Tests.Settings;

public sealed class AppSettingsTests
{
    private const string Emulator =
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:1/a;";

    [Theory]
    [InlineData("%Queue%", "work")]
    [InlineData("a-%Queue%-%Nested__Name%", "a-work-deep")]
    [InlineData("%Nested:Name%", "deep")]
    [InlineData("plain", "plain")]
    public void Substitute_Placeholders_AreReplaced(string text, string expected) =>
        Assert.Equal(expected, Create(("Queue", "work"), ("Nested__Name", "deep")).Substitute(text));

    [Fact]
    public void Substitute_UnknownSetting_NamesIt()
    {
        var error = Assert.Throws<HostConfigurationException>(() => Create().Substitute("%Missing%"));
        Assert.Equal("The setting Missing, named in \"%Missing%\", has no value.", error.Message);
    }

    [Fact]
    public void Indexer_EnvironmentHasValueToo_EnvironmentWins()
    {
        const string name = "FunctionsHostTestsSetting";
        Environment.SetEnvironmentVariable(name, "from environment");
        Assert.Equal("from environment", Create((name, "from file"))[name]);
        Environment.SetEnvironmentVariable(name, null);
    }

    [Theory]
    [InlineData(null, "AzureWebJobsStorage")]
    [InlineData("AzureWebJobsStorage", "AzureWebJobsStorage")]
    [InlineData("Other", "Other")]
    [InlineData("Other", "AzureWebJobsOther")]
    [InlineData("Other", "ConnectionStrings__Other")]
    public void Connection_ConnectionString_IsFoundUnderItsNames(string? connection, string setting) =>
        Assert.Equal("http://127.0.0.1:1/a", $"{StorageConnection.Open(Create((setting, Emulator)), connection).Uri}");

    [Theory]
    [InlineData("Other__queueServiceUri", "https://x.queue.core.windows.net/", "https://x.queue.core.windows.net/")]
    [InlineData("Other__accountName", "y", "https://y.queue.core.windows.net/")]
    public void Connection_Identity_UsesTheServicesAddress(string setting, string value, string expected) =>
        Assert.Equal(expected, $"{StorageConnection.Open(Create((setting, value)), "Other").Uri}");

    [Fact]
    public void Connection_Missing_SaysWhatToSet()
    {
        var error = Assert.Throws<HostConfigurationException>(() => StorageConnection.Open(Create(), "Nowhere"));
        Assert.Equal(
            "No storage connection \"Nowhere\": set Nowhere to a connection string, or Nowhere__queueServiceUri.", error.Message);
    }

    private static AppSettings Create(params (string Name, string Value)[] values) =>
        AppSettings.From(values.ToDictionary(v => v.Name, v => v.Value));
}

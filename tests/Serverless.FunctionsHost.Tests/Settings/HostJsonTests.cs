using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Tests.Settings;

public sealed class HostJsonTests
{
    [Fact]
    public void Parse_Empty_HasTheFunctionsHostsDefaults()
    {
        var host = HostJson.Parse("{}", "host.json");
        Assert.Equal("api", host.RoutePrefix);
        Assert.False(host.OpenTelemetry);
        Assert.Equal(
            (16, 8 * Environment.ProcessorCount, 5, TimeSpan.Zero, TimeSpan.FromMinutes(1), QueueMessageFormat.Base64),
            (host.Queues.BatchSize, host.Queues.NewBatchThreshold, host.Queues.MaxDequeueCount, host.Queues.VisibilityTimeout,
                host.Queues.MaxPollingInterval, host.Queues.Encoding));
    }

    [Fact]
    public void Parse_Full_ReadsEverySetting()
    {
        var host = HostJson.Parse(
            """
            {
              // comments are allowed
              "version": "2.0", "telemetryMode": "OpenTelemetry",
              "logging": { "logLevel": { "default": "Warning" } },
              "extensions": {
                "http": { "routePrefix": "" },
                "queues": { "batchSize": 4, "newBatchThreshold": 1, "maxDequeueCount": 2, "visibilityTimeout": "00:00:05",
                            "maxPollingInterval": "00:00:02", "messageEncoding": "none" }
              },
            }
            """,
            "host.json");
        Assert.Equal("", host.RoutePrefix);
        Assert.True(host.OpenTelemetry);
        Assert.Equal("Warning", host.LogLevels["default"]);
        Assert.Equal(
            new QueueSettings
            {
                BatchSize = 4,
                NewBatchThreshold = 1,
                MaxDequeueCount = 2,
                VisibilityTimeout = TimeSpan.FromSeconds(5),
                MaxPollingInterval = TimeSpan.FromSeconds(2),
                Encoding = QueueMessageFormat.None,
            },
            host.Queues);
    }

    [Theory]
    [InlineData("""{"extensions":{"queues":{"batchSize":33}}}""", "extensions.queues.batchSize must be a whole number from 1 to 32")]
    [InlineData("""{"extensions":{"queues":{"maxPollingInterval":"soon"}}}""", "extensions.queues.maxPollingInterval must be a time")]
    [InlineData("""{"extensions":{"queues":{"messageEncoding":"utf7"}}}""", "messageEncoding must be \"base64\" or \"none\"")]
    [InlineData("""{"extensions":{"http":{"routePrefix":5}}}""", "extensions.http.routePrefix must be a string")]
    [InlineData("""{"extensions":[]}""", "extensions must be an object")]
    [InlineData("[]", "the file must be an object")]
    [InlineData("{", "not valid JSON")]
    public void Parse_Wrong_NamesFilePlaceAndRule(string json, string expected)
    {
        var error = Assert.Throws<HostConfigurationException>(() => HostJson.Parse(json, "app/host.json"));
        Assert.StartsWith("app/host.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}

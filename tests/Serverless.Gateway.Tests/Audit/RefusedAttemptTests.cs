using System.Net;
using Microsoft.Extensions.Logging.Testing;
using Serverless.Gateway.Audit;
using Serverless.Gateway.Tests.Forwarding;

namespace Serverless.Gateway.Tests.Audit;

/// <summary>What is noted of those who try what only operators may.</summary>
public sealed class RefusedAttemptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/v2/repository/models/m/load")]
    [InlineData("PATCH", "/v2/repository/models/m/settings")]
    [InlineData("GET", "/v1/warm")]
    public async Task Attempt_WithATenantsKey_IsAWarningThatSaysWhoWhatAndFromWhere(string method, string path)
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var log = new FakeLoggerProvider();
        gateway.Get<ILoggerFactory>().AddProvider(log);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path + "?secret=1");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        using var answer = await client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var record = Assert.Single(log.Collector.GetSnapshot(), record => record.Category == typeof(AuditLog).FullName);
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.Equal($"test (configuration) tried {method} {path} from 203.0.113.7, which is for operators", record.Message);
        Assert.Empty(worker.Bodies);
    }

    [Fact]
    public async Task Attempt_WithoutAKey_IsNobodysAndNotNoted()
    {
        await using var worker = await ScriptedWorker.StartAsync(200, "{}");
        await using var gateway = await GatewayFixture.StartAsync(worker.Url);
        using var log = new FakeLoggerProvider();
        gateway.Get<ILoggerFactory>().AddProvider(log);
        using var client = new HttpClient { BaseAddress = gateway.Url };

        using var answer = await client.PostAsync("/v2/repository/models/m/load", null, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(log.Collector.GetSnapshot(), record => record.Category == typeof(AuditLog).FullName);
    }
}

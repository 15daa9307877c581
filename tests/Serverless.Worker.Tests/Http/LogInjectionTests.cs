using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Testing;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Http;

/// <summary>What callers write begins no line in the worker's log, and commands no terminal.</summary>
public sealed class LogInjectionTests
{
    // A line's end, a line of its own, a colour, and a turn of the direction: as a path has them, and as JSON.
    private const string InPath = "a%0D%0Awarn:%20forged%1B%5B31m%E2%80%AE";
    private const string InJson = "a\\r\\nwarn: forged\\u001b[31m\\u202e";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_AfterHostileRequests_HasNoLineOfTheirs()
    {
        await using var worker = await RunningWorker.StartAsync("--Logging:LogLevel:Default=Information");
        using var log = new FakeLoggerProvider();
        worker.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await worker.PushAsync("scale", OnnxGraphs.Scale(2));

        foreach (var path in new[]
        {
            $"/v2/models/{InPath}/infer", $"/v2/models/scale/versions/{InPath}/infer", "/v2/models/scale/infer", $"/{InPath}", "/v1/embeddings",
            "/v1/chat/completions",
        })
        {
            using var answer = await SendAsync(worker.Client, path);
            Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        }

        using var unknown = await CallAsync(worker, $"/{InPath}/{InPath}");
        using var unknownMethod = await CallAsync(worker, $"/inference.GRPCInferenceService/{InPath}");

        var lines = log.Collector.GetSnapshot().Select(record => record.Message).ToList();
        // Something is in it, so that this looks at the log.
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.DoesNotContain(line, letter => char.IsControl(letter) || letter == '\u202e'));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"id":"{{InJson}}","model":"{{InJson}}","{{InJson}}":1}""", Encoding.UTF8, "application/json"),
        };
        // A line's end cannot be sent in a header; the rest can.
        request.Headers.TryAddWithoutValidation("X-Request-Id", "\u001b[31mforged");
        return await client.SendAsync(request, Token);
    }

    private static async Task<HttpResponseMessage> CallAsync(RunningWorker worker, string method)
    {
        using var client = new HttpClient { BaseAddress = worker.GrpcUrl };
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        return await client.SendAsync(request, Token);
    }
}

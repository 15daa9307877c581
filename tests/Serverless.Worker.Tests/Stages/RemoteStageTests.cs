using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.Worker.Tests.Authentication;

namespace Serverless.Worker.Tests.Stages;

/// <summary>A worker whose model has its second stage elsewhere: at another worker, or at what answers as none should.</summary>
public sealed class RemoteStageTests : IAsyncDisposable
{
    private const string Model = "staged";

    // Of all of the body.
    private const string Length = "Inference-Header-Content-Length: {0}\r\n";

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _parts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Store => _folder.File("store");

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Infer_StageAtAnotherWorker_AnswersAsTheWholeAndTheOtherLoadsItsStageAlone(int maxBatch)
    {
        await PushAsync(maxBatch);
        var second = await StartAsync();
        var here = await StartAsync();
        var first = await StartAsync(SecondAt(second));

        var answer = await InferAsync(first, rows: 40);

        var whole = await InferAsync(here, rows: 40);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(120, answer.Numbers.Length);
        Assert.All(answer.Numbers.Zip(whole.Numbers), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(["staged.stage-2:1"], await LoadedAsync(second));
        Assert.Equal(["staged:1"], await LoadedAsync(first));
        Assert.Equal(["staged.stage-2:1", "staged:1"], await LoadedAsync(here));
    }

    [Fact]
    public async Task Infer_StageAtAWorkerThatKnowsItsGateway_ShowsTheTokenOfTheSameTenant()
    {
        await PushAsync();
        var second = await StartAsync($"--Worker:GatewayKeys:0={Tokens.Key}");
        var first = await StartAsync(SecondAt(second), $"--Worker:GatewayKeys:0={Tokens.Key}");
        var stranger = await StartAsync(SecondAt(second));

        var (status, _, _, _) = await InferAsync(first, token: Tokens.Good("team"));
        var refused = await InferAsync(stranger);

        Assert.Equal(HttpStatusCode.OK, status);
        var devices = second.Services.GetRequiredService<Serverless.Inference.Accounting.DeviceTimes>();
        Assert.Contains(devices.Take(), share => share.Model == "staged.stage-2" && share.Tenant == "team");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("both need the same Worker:GatewayKeys", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_NobodyThere_Is503NamingTheStage()
    {
        await PushAsync();
        var first = await StartAsync(SecondAt($"http://127.0.0.1:{Topology.Processes.FreePorts.Pick(1)[0]}"));

        var answer = await InferAsync(first);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("The stage staged.stage-2:1 cannot be reached: the workers 'second'", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Infer_ConnectionsThatAreClosedUnanswered_AreTriedOnceMoreAndNoMore()
    {
        await PushAsync();
        await using var listener = new StageListener("");
        var first = await StartAsync(SecondAt(listener.Url));

        var answer = await InferAsync(first);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(2, listener.Connections);
    }

    [Fact]
    public async Task Infer_WorkerThatStops_IsAskedOnceMore()
    {
        await PushAsync();
        await using var listener = new StageListener(
            Answer("503 Service Unavailable", """{"error":"The worker is stopping."}""", "X-Inference-Refused: stopping\r\nConnection: close\r\n"),
            Answer("429 Too Many Requests", """{"error":"The queue is full."}""", "Retry-After: 7\r\nConnection: close\r\n"));
        var first = await StartAsync(SecondAt(listener.Url));

        var answer = await InferAsync(first);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Contains("Stage staged.stage-2:1 at 'second': The queue is full.", answer.Text, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.RetryAfter);
    }

    [Theory]
    [InlineData("200 OK", "{}", "", 500, "no Inference-Header-Content-Length")]
    [InlineData("200 OK", "{}", Length, 500, "its JSON is not that of the protocol")]
    [InlineData("200 OK", """{"outputs":[]}""", Length, 500, "it has other outputs than were asked for")]
    [InlineData("200 OK", """{"outputs":[{"name":"y","datatype":"FP32","shape":[1,3],"parameters":{"binary_data_size":4}}]}""",
        Length, 500, "the size of its output 'y' is not that of its shape")]
    [InlineData("200 OK", """{"outputs":[{"name":"y","datatype":"FP32","shape":[1,3],"parameters":{"binary_data_size":12}}]}""",
        Length, 503, "cannot be reached")]
    [InlineData("404 Not Found", """{"error":"No such model."}""", "", 503, "No such model.")]
    [InlineData("400 Bad Request", """{"error":"Too long."}""", "", 400, "Too long.")]
    [InlineData("418 I am a teapot", "<html>", "", 503, "it answered 418")]
    public async Task Infer_AnswerThatIsNone_SaysWhatIsWrongWithIt(string status, string body, string headers, int expected, string message)
    {
        await PushAsync();
        await using var listener = new StageListener(Answer(status, body, headers + "Connection: close\r\n"));
        var first = await StartAsync(SecondAt(listener.Url));

        var answer = await InferAsync(first);

        Assert.Equal(expected, (int)answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_StageThatDoesNotAnswerInTime_IsEndedAtTheDeadline()
    {
        await PushAsync();
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var first = await StartAsync(SecondAt($"http://{silent.LocalEndpoint}"), "--Worker:RequestTimeout=00:00:01");

        var answer = await InferAsync(first);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DisposeAsync();
        _folder.Dispose();
    }

    private static string SecondAt(RunningWorker worker) => SecondAt(worker.Client.BaseAddress!.ToString());

    private static string SecondAt(string url) => $"--Worker:Stages:0:Name={StagedModel.Place} --Worker:Stages:0:Url={url}";

    private static string Answer(string status, string body, string headers) =>
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\n{headers.Replace("{0}", $"{body.Length}", StringComparison.Ordinal)}\r\n{body}");

    private Task PushAsync(int maxBatch = 1) => StagedModel.PushSmallAsync(ModelStores.InFolder(Store), Model, maxBatch);

    private async Task<RunningWorker> StartAsync(params string[] settings)
    {
        var worker = await RunningWorker.StartAsync([$"--Worker:ModelStore={Store}", .. settings.SelectMany(setting => setting.Split(' '))]);
        _parts.Insert(0, worker);
        return worker;
    }

    private static async Task<string[]> LoadedAsync(RunningWorker worker)
    {
        using var index = await worker.Client.PostAsync(
            "/v2/repository/index", new StringContent("""{"ready":true}""", Encoding.UTF8, "application/json"), Token);
        var models = await RunningWorker.ReadAsync(index);
        return [.. models.EnumerateArray().Select(model => $"{model.GetProperty("name")}:{model.GetProperty("version")}").Order(StringComparer.Ordinal)];
    }

    private static async Task<(HttpStatusCode Status, string Text, float[] Numbers, TimeSpan? RetryAfter)> InferAsync(
        RunningWorker worker, int rows = 1, string? token = null)
    {
        var data = string.Join(',', Enumerable.Range(0, rows * 4).Select(i => (i % 7).ToString(CultureInfo.InvariantCulture)));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{Model}/infer")
        {
            Content = new StringContent(
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[" + rows + ",4],\"datatype\":\"FP32\",\"data\":[" + data + "]}]}", Encoding.UTF8, "application/json"),
        };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await worker.Client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        using var json = JsonDocument.Parse(text);
        float[] numbers = json.RootElement.TryGetProperty("outputs", out var outputs)
            ? [.. outputs[0].GetProperty("data").EnumerateArray().Select(number => number.GetSingle())]
            : [];
        if (json.RootElement.TryGetProperty("error", out var error))
            text = error.GetString()!;
        return (response.StatusCode, text, numbers, response.Headers.RetryAfter?.Delta);
    }
}

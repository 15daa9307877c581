using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Starting;

public sealed class StartReportTests
{
    private const string Scale = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    [Fact]
    public async Task ServerTiming_OfTheWorkersFirstAnswer_HasTheStagesOfItsStart()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("a", OnnxGraphs.Scale(2));
        await worker.PushAsync("b", OnnxGraphs.Scale(3));

        var first = await TimingAsync(worker, "a");
        var second = await TimingAsync(worker, "a");
        var other = await TimingAsync(worker, "b");

        Assert.Contains("process;dur=", first, StringComparison.Ordinal);
        Assert.Contains("host;dur=", first, StringComparison.Ordinal);
        Assert.Contains("session;dur=", first, StringComparison.Ordinal);
        Assert.DoesNotContain("host;dur=", second, StringComparison.Ordinal);
        Assert.DoesNotContain("host;dur=", other, StringComparison.Ordinal);
        Assert.Contains("session;dur=", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AfterTheFirstAnswer_HaveEveryStageOfTheStart()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("a", OnnxGraphs.Scale(2));
        await TimingAsync(worker, "a");

        var metrics = await worker.Client.GetStringAsync(worker.MetricsUrl, TestContext.Current.CancellationToken);

        foreach (var stage in new[] { "process", "host", "model", "answer" })
            Assert.Contains($"serverless_worker_start_duration{{stage=\"{stage}\"}}", metrics, StringComparison.Ordinal);
    }

    private static async Task<string> TimingAsync(RunningWorker worker, string model) =>
        (await worker.PostAsync($"/v2/models/{model}/infer", Scale)).Response.Headers.GetValues("Server-Timing").Single();
}

using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Serverless.Inference.Diagnostics;
using static Serverless.Inference.Tests.Generation.TinyGenerator;

namespace Serverless.Inference.Tests.Generation;

public sealed class GenerationMetricsTests
{
    [Fact]
    public async Task Generate_TwoRequests_AreCountedUnderBothNames()
    {
        await using var tiny = new TinyGenerator();
        using var first = new MetricCollector<double>(tiny.Meters, InferenceTelemetry.Name, "vllm:time_to_first_token_seconds");
        using var between = new MetricCollector<double>(tiny.Meters, InferenceTelemetry.Name, "gen_ai.server.time_per_output_token");
        using var output = new MetricCollector<long>(tiny.Meters, InferenceTelemetry.Name, "vllm:generation_tokens_total");
        using var input = new MetricCollector<long>(tiny.Meters, InferenceTelemetry.Name, "serverless.generation.tokens.input");
        using var hits = new MetricCollector<long>(tiny.Meters, InferenceTelemetry.Name, "vllm:prefix_cache_hits_total");
        using var finished = new MetricCollector<long>(tiny.Meters, InferenceTelemetry.Name, "vllm:request_success_total");
        using var duration = new MetricCollector<double>(tiny.Meters, InferenceTelemetry.Name, "gen_ai.server.request.duration");
        using var tokens = new MetricCollector<int>(tiny.Meters, InferenceTelemetry.Name, "gen_ai.client.token.usage");
        using var running = new MetricCollector<int>(tiny.Meters, InferenceTelemetry.Name, "vllm:num_requests_running");
        int[] prompt = [.. Enumerable.Range(0, 70)];

        await ReadAsync(tiny.Start(Ask(5, prompt) with { Choices = 2 }));
        await ReadAsync(tiny.Start(Ask(5, prompt)));

        await Until.TrueAsync(() => running.LastMeasurement?.Value == 0);
        Assert.Equal(2, first.GetMeasurementSnapshot().Count);
        Assert.Equal(12, between.GetMeasurementSnapshot().Count);
        Assert.Equal(15, output.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.Equal(140, input.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.Equal(64, hits.GetMeasurementSnapshot().Sum(measurement => measurement.Value));
        Assert.All(finished.GetMeasurementSnapshot(), measurement => Assert.Equal("length", measurement.Tags["finished_reason"]));
        Assert.Equal(3, finished.GetMeasurementSnapshot().Count);
        // Texts of one request that end together are one request.
        Assert.Equal(2, duration.GetMeasurementSnapshot().Count);
        Assert.All(duration.GetMeasurementSnapshot(), measurement => Assert.Equal(
            ("text_completion", "tiny", "tiny:1"),
            (measurement.Tags["gen_ai.operation.name"], measurement.Tags["gen_ai.request.model"], measurement.Tags["gen_ai.response.model"])));
        Assert.Equal(
            [("input", 70), ("output", 10), ("input", 70), ("output", 5)],
            tokens.GetMeasurementSnapshot().Select(measurement => ((string?)measurement.Tags["gen_ai.token.type"], measurement.Value)));
    }
}

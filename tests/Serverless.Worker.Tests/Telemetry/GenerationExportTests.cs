using System.Text;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Telemetry;

namespace Serverless.Worker.Tests.Telemetry;

/// <summary>What leaves the worker over OTLP about generated text, by the semantic conventions for generative AI.</summary>
public sealed class GenerationExportTests
{
    private const string Marker = "m4rk3r";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Otlp_AfterTexts_HasTheirSpansByTheConventions()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(receiver);

        var chat = Assert.Single(receiver.Spans, span => span.Span.Name == "chat writer");
        Assert.Equal(
            ("chat", "serverless", "writer", "writer:1", "0", "4"),
            (chat["gen_ai.operation.name"], chat["gen_ai.provider.name"], chat["gen_ai.request.model"], chat["gen_ai.response.model"],
                chat["gen_ai.request.temperature"], chat["gen_ai.request.max_tokens"]));
        Assert.Equal(("4", "length"), (chat["gen_ai.usage.output_tokens"], chat["gen_ai.response.finish_reasons"]));
        Assert.True(int.Parse(chat["gen_ai.usage.input_tokens"]!, System.Globalization.CultureInfo.InvariantCulture) > Marker.Length);
        Assert.Contains(
            $"{chat.Parent} POST /v1/chat/completions, 200",
            receiver.Spans.Where(span => span.Trace == chat.Trace)
                .Select(span => $"{span.Id} {span["http.request.method"]} {span["http.route"]}, {span["http.response.status_code"]}"));

        // Two prompts with two continuations each, of one version by its number, as a stream.
        var completion = Assert.Single(receiver.Spans, span => span.Span.Name == "text_completion writer:1");
        Assert.Equal(
            ("text_completion", "2", "12", "length,length,length,length"),
            (completion["gen_ai.operation.name"], completion["gen_ai.request.choice.count"], completion["gen_ai.usage.output_tokens"],
                completion["gen_ai.response.finish_reasons"]));
        Assert.DoesNotContain(
            receiver.Received, entry => Encoding.Latin1.GetString(entry.Body).Contains(Marker, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Otlp_AfterTexts_HasTheirMetricsWithExemplars()
    {
        await using var receiver = await TelemetryReceiver.StartAsync();
        await RunAsync(receiver);

        const string Of = "gen_ai.provider.name=serverless, gen_ai.request.model=writer, gen_ai.response.model=writer:1";
        foreach (var (name, chat, completion) in new[]
        {
            ("gen_ai.server.time_to_first_token", 1UL, 2UL), ("gen_ai.server.time_per_output_token", 3UL, 8UL), ("gen_ai.server.request.duration", 1UL, 2UL),
        })
        {
            var points = receiver.Histogram(name).ToDictionary(point => point.Labels);
            Assert.Equal(chat, points[$"gen_ai.operation.name=chat, {Of}"].Point.Count);
            Assert.Equal(completion, points[$"gen_ai.operation.name=text_completion, {Of}"].Point.Count);
            var traces = receiver.Spans.Select(span => span.Trace).ToHashSet();
            Assert.All(points.Values, point => Assert.NotEmpty(point.Traces));
            Assert.All(points.Values.SelectMany(point => point.Traces), trace => Assert.Contains(trace, traces));
        }

        var tokens = receiver.Histogram("gen_ai.client.token.usage").ToDictionary(point => point.Labels, point => point.Point.Sum);
        Assert.Equal(4, tokens[$"gen_ai.operation.name=chat, {Of}, gen_ai.token.type=output"]);
        Assert.Equal(12, tokens[$"gen_ai.operation.name=text_completion, {Of}, gen_ai.token.type=output"]);
        Assert.Equal(2 * 6, tokens[$"gen_ai.operation.name=text_completion, {Of}, gen_ai.token.type=input"]);
    }

    /// <summary>Writes a message and four continuations, and stops: what is left is sent then.</summary>
    private static async Task RunAsync(TelemetryReceiver receiver)
    {
        await using var worker = await RunningWorker.StartAsync(
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--Telemetry:SampleRatio=1");
        using var folder = new TemporaryFolder();
        await worker.PushAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.File("decoder"), DecoderShape.Tiny));
        // The worker is in this process: its client's spans are none of the worker's.
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = worker.Client.BaseAddress };
        await PostAsync(client, "/v1/chat/completions", $$"""
            {"model":"writer","messages":[{"role":"user","content":"{{Marker}}"}],"max_tokens":4,"temperature":0,"ignore_eos":true}
            """);
        await PostAsync(client, "/v1/completions", $$"""
            {"model":"writer:1","prompt":["{{Marker}}","{{Marker}}"],"n":2,"max_tokens":3,"ignore_eos":true,"stream":true}
            """);
        await worker.StopAsync();
    }

    private static async Task PostAsync(HttpClient client, string path, string json)
    {
        using var response = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, text);
    }
}

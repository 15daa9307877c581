using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serverless.Cli.Api;
using Serverless.Cli.Inference;

namespace Serverless.Cli.Demo;

/// <summary>The demo's HTTP requests: the first one from cold, an Open Inference Protocol one, and fifty warm ones.</summary>
internal static class HttpDemo
{
    private const int WarmRequests = 50;

    public static async Task RunAsync(DemoLog log, ApiClient api, CancellationToken cancellationToken)
    {
        var request = new { model = DemoSentences.Model, input = DemoSentences.Texts };
        var first = await log.StepAsync(
            "First request: four embeddings from zero (a replica started, the model loaded from Blob)",
            () => api.PostAsync("/v1/embeddings", request, cancellationToken),
            answer => string.Join(", ", answer.ServerTiming));
        var embeddings = Embeddings.Read(first.Body);
        log.CheckCosines("HTTP, OpenAI API", embeddings);

        var tensors = await log.StepAsync(
            "Open Inference Protocol: the first sentence as tokens",
            () => api.PostAsync($"/v2/models/{DemoSentences.Model}/infer", TokenRequest(), cancellationToken));
        log.Check("HTTP, Open Inference Protocol", "cosine of pooled tensor and embedding", 1, Embeddings.Cosine(Pool(tensors.Body), embeddings[0]));

        await WarmAsync(log, api, new { model = DemoSentences.Model, input = DemoSentences.Texts[0] }, cancellationToken);
    }

    private static async Task WarmAsync(DemoLog log, ApiClient api, object request, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>(WarmRequests);
        for (var i = 0; i < WarmRequests; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await api.PostAsync("/v1/embeddings", request, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        log.Add(new DemoTiming(
            "Warm request, one sentence (p50)",
            times[WarmRequests / 2],
            string.Create(CultureInfo.InvariantCulture, $"p95 {times[WarmRequests * 95 / 100].TotalMilliseconds:0.0} ms of {WarmRequests}")));
    }

    private static object TokenRequest()
    {
        var tokens = DemoSentences.FirstTokens;
        long[] shape = [1, tokens.Length];
        var ones = Enumerable.Repeat(1L, tokens.Length);
        var zeros = Enumerable.Repeat(0L, tokens.Length);
        return new
        {
            id = "demo",
            inputs = new object[]
            {
                new { name = "input_ids", shape, datatype = "INT64", data = tokens },
                new { name = "attention_mask", shape, datatype = "INT64", data = ones },
                new { name = "token_type_ids", shape, datatype = "INT64", data = zeros },
            },
            outputs = new[] { new { name = "last_hidden_state" } },
        };
    }

    /// <summary>Mean over the tokens; the cosine does not mind that it is not normalised.</summary>
    private static float[] Pool(JsonElement answer)
    {
        var output = answer.GetProperty("outputs")[0];
        var tokens = output.GetProperty("shape")[1].GetInt32();
        var dimensions = output.GetProperty("shape")[2].GetInt32();
        var pooled = new float[dimensions];
        var index = 0;
        foreach (var value in output.GetProperty("data").EnumerateArray())
            pooled[index++ % dimensions] += value.GetSingle() / tokens;
        return pooled;
    }
}

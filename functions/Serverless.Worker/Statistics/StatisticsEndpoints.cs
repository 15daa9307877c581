using System.Globalization;
using System.Text.Json;
using Serverless.Inference.Execution.Statistics;
using Serverless.Worker.Http;

namespace Serverless.Worker.Statistics;

/// <summary>The protocol's statistics extension over HTTP.</summary>
internal static class StatisticsEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2/models/stats", GetAsync);
        app.MapGet("/v2/models/{model}/stats", GetAsync);
        app.MapGet("/v2/models/{model}/versions/{version}/stats", GetAsync);
    }

    private static async Task GetAsync(HttpContext context, StatisticsCalls statistics)
    {
        var route = context.Request.RouteValues;
        var rows = await statistics.ListAsync((string?)route["model"], (string?)route["version"], context.RequestAborted);
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("model_stats");
        foreach (var row in rows)
            Write(answer.Json, row);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        await answer.CompleteAsync();
    }

    private static void Write(Utf8JsonWriter json, ModelRow row)
    {
        var statistics = row.Statistics;
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("version", row.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("last_inference", statistics.LastInference);
        json.WriteNumber("inference_count", statistics.InferenceCount);
        json.WriteNumber("execution_count", statistics.ExecutionCount);
        json.WriteStartObject("inference_stats");
        Write(json, "success", statistics.Success);
        Write(json, "fail", statistics.Fail);
        Write(json, "queue", statistics.Queue);
        Write(json, "compute_input", statistics.ComputeInput);
        Write(json, "compute_infer", statistics.ComputeInfer);
        Write(json, "compute_output", statistics.ComputeOutput);
        Write(json, "cache_hit", statistics.CacheHit);
        Write(json, "cache_miss", statistics.CacheMiss);
        json.WriteEndObject();
        json.WriteStartArray("batch_stats");
        foreach (var batch in statistics.Batches)
        {
            json.WriteStartObject();
            json.WriteNumber("batch_size", batch.Rows);
            Write(json, "compute_input", batch.ComputeInput);
            Write(json, "compute_infer", batch.ComputeInfer);
            Write(json, "compute_output", batch.ComputeOutput);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DurationStatistic duration)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", duration.Count);
        json.WriteNumber("ns", duration.Nanoseconds);
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Shadowing;
using Serverless.Models.Catalog;
using Serverless.Worker.Http;

namespace Serverless.Worker.Shadowing;

/// <summary>How the answers of shadow versions compare. The gateway lets only operators through to it.</summary>
internal static class ShadowEndpoints
{
    public static void MapShadows(this IEndpointRouteBuilder app) => app.MapGet("/v2/repository/models/{model}/shadow", GetAsync);

    private static async Task GetAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry)
    {
        var reference = ModelReference.Parse((string)context.Request.RouteValues["model"]!);
        if (reference.Version is not null || reference.Alias is not null)
            throw new InferenceException(ErrorKind.InvalidRequest, "The reports of a model are told together: name no version.", "model");
        if ((await catalog.GetVersionsAsync(reference.Name, context.RequestAborted)).Count == 0)
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference.Name}' does not exist.", "model");
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        answer.Json.WriteStartObject();
        answer.Json.WriteString("model", reference.Name);
        answer.Json.WriteStartArray("shadows");
        foreach (var report in registry.Shadows.Where(report => report.Model == reference.Name))
            Write(answer.Json, report);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        await answer.CompleteAsync();
    }

    private static void Write(Utf8JsonWriter json, ShadowReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("version", report.Version);
        json.WriteNumber("shadow_version", report.Shadow);
        json.WriteNumber("compared", report.Compared);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("dropped", report.Dropped);
        Write(json, "max_error", report.MaxError);
        Write(json, "mean_cosine", report.MeanCosine);
        Write(json, "worst_cosine", report.WorstCosine);
        Write(json, "top1", report.Top1);
        json.WriteNumber("mean_run_ms", report.MeanRun.TotalMilliseconds);
        json.WriteNumber("mean_shadow_run_ms", report.MeanShadowRun.TotalMilliseconds);
        json.WriteString("last_failure", report.LastFailure);
        json.WriteEndObject();
    }

    // Answers may hold NaN or infinities, of which JSON knows nothing.
    private static void Write(Utf8JsonWriter json, string name, double? figure)
    {
        if (figure is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}

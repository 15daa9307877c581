using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Catalog;

namespace Serverless.Worker.Serving;

/// <summary>How a model is served, to be read and changed while it serves. The gateway lets only operators through to it.</summary>
internal static class ServingSettingsEndpoints
{
    private const string Path = "/v2/repository/models/{model}/settings";
    private const int LargestBody = 16 * 1024;

    public static void MapServingSettings(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, GetAsync);
        app.MapPatch(Path, ChangeAsync);
    }

    private static async Task GetAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry)
    {
        var name = await NameAsync(context, catalog);
        await WriteAsync(context, registry.SettingsOf(name));
    }

    private static async Task ChangeAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry)
    {
        var name = await NameAsync(context, catalog);
        await WriteAsync(context, registry.Change(name, await ReadAsync(context)));
    }

    private static async Task<string> NameAsync(HttpContext context, ModelCatalog catalog)
    {
        var reference = ModelReference.Parse((string)context.Request.RouteValues["model"]!);
        if (reference.Version is not null || reference.Alias is not null)
            throw new InferenceException(ErrorKind.InvalidRequest, "Settings hold for all versions of a model: name no version.", "model");
        return (await catalog.GetVersionsAsync(reference.Name, context.RequestAborted)).Count > 0
            ? reference.Name
            : throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference.Name}' does not exist.", "model");
    }

    private static async Task<ServingChange> ReadAsync(HttpContext context)
    {
        var body = new byte[LargestBody + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > LargestBody)
            throw new InferenceException(ErrorKind.PayloadTooLarge, $"Settings are larger than the {LargestBody} bytes allowed.");
        try
        {
            return JsonSerializer.Deserialize(body.AsSpan(0, length), ServingSettingsJson.Default.ServingChange)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, $"The settings cannot be read: {error.Message}", inner: error);
        }
    }

    private static Task WriteAsync(HttpContext context, ServingSettings settings)
    {
        var whole = new ServingChange
        {
            Instances = settings.Instances,
            MaxBatch = settings.MaxBatch,
            MaxElements = settings.MaxElements,
            MaxWaste = settings.MaxWaste,
            MaxDelayMicroseconds = (long)settings.MaxDelay.TotalMicroseconds,
            PreferredBatches = settings.PreferredBatches,
            QueueRows = settings.QueueRows,
            QueueBytes = settings.QueueBytes,
            CacheBytes = settings.CacheBytes,
        };
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(
            context.Response.Body, whole, ServingSettingsJson.Default.ServingChange, context.RequestAborted);
    }
}

using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;
using Serverless.Models.Catalog;
using Serverless.Worker.Http;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Repository;

/// <summary>
/// The protocol's model repository extension. The gateway lets only operators through to it; the worker itself is reached through the
/// gateway alone.
/// </summary>
internal static class RepositoryEndpoints
{
    public static void MapRepository(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v2/repository/index", ListAsync);
        app.MapPost("/v2/repository/models/{model}/load", LoadAsync);
        app.MapPost("/v2/repository/models/{model}/unload", UnloadAsync);
    }

    private static async Task ListAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry)
    {
        var readyOnly = await ReadAsync(context, RepositoryRequests.ReadIndex);
        await RepositoryIndex.WriteAsync(context, catalog, registry, readyOnly);
    }

    private static async Task LoadAsync(HttpContext context, ModelCalls calls)
    {
        await ReadAsync(context, RepositoryRequests.ReadLoad);
        await calls.LoadAsync(context, Reference(context));
    }

    private static async Task UnloadAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry)
    {
        await ReadAsync(context, RepositoryRequests.ReadUnload);
        var reference = Reference(context);
        // That a model is not in memory is what the caller wants; that there is none of that name is a mistake.
        if (!registry.Unload(reference) && (await catalog.GetVersionsAsync(reference.Name, context.RequestAborted)).Count == 0)
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference}' does not exist.", "model");
    }

    private static async Task<bool> ReadAsync(HttpContext context, RequestReader read)
    {
        // All three take an empty body.
        if (context.Request.ContentLength is null or 0 && !context.Request.Headers.ContainsKey("Transfer-Encoding"))
            return false;
        using TensorBuffer body = await JsonBody.ReadAsync(context, context.RequestAborted);
        return read(body.Span);
    }

    private static ModelReference Reference(HttpContext context) => ModelReference.Parse((string)context.Request.RouteValues["model"]!);

    private delegate bool RequestReader(ReadOnlySpan<byte> body);
}

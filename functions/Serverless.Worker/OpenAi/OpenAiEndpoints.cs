using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Aliases;
using Serverless.Models.Catalog;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.Worker.Http;
using Serverless.Worker.Serving;

namespace Serverless.Worker.OpenAi;

/// <summary>The part of OpenAI's API that this worker speaks.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/models", ListModelsAsync);
        app.MapGet("/v1/models/{model}", GetModelAsync);
        app.MapPost("/v1/embeddings", EmbedAsync);
    }

    private static async Task ListModelsAsync(HttpContext context, ModelCatalog catalog)
    {
        var manifests = new List<ModelManifest>();
        foreach (var name in await catalog.GetModelsAsync(context.RequestAborted))
        {
            if (await catalog.FindNewestAsync(name, context.RequestAborted) is { } manifest)
                manifests.Add(manifest);
        }

        await ModelObjects.WriteListAsync(context, manifests);
    }

    private static async Task GetModelAsync(HttpContext context, ModelCatalog catalog, IModelStore store)
    {
        var reference = ModelReference.Parse((string)context.Request.RouteValues["model"]!);
        var manifest = reference switch
        {
            { Version: { } version } => await catalog.FindManifestAsync(reference.Name, version, context.RequestAborted),
            { Alias: null or "latest" } => await catalog.FindNewestAsync(reference.Name, context.RequestAborted),
            { Alias: { } alias } => await FindByAliasAsync(store, catalog, reference.Name, alias, context.RequestAborted),
        };
        if (manifest is null)
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference}' does not exist.", "model");
        await ModelObjects.WriteAsync(context, manifest, reference.ToString());
    }

    private static async Task<ModelManifest?> FindByAliasAsync(
        IModelStore store, ModelCatalog catalog, string name, string alias, CancellationToken cancellationToken)
    {
        ModelAlias? found;
        try
        {
            found = await store.FindAliasAsync(name, alias, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new InferenceException(ErrorKind.ModelUnavailable, "The model store cannot be read.", "model", error);
        }

        return found is null ? null : await catalog.FindManifestAsync(name, found.Version, cancellationToken);
    }

    private static async Task EmbedAsync(HttpContext context, ModelCalls calls)
    {
        EmbeddingRequest request;
        using (var body = await JsonBody.ReadAsync(context, context.RequestAborted))
            request = EmbeddingRequestReader.Read(body.Span);
        await calls.InferAsync(context, ModelReference.Parse(request.Model), async (_, lease, terms, cancellation) =>
        {
            var embedder = lease.Embedder ?? throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"Model '{request.Model}' does not embed texts: its task is {lease.Manifest.Task ?? ModelTasks.Generic}, not {ModelTasks.TextEmbedding}.",
                "model");
            var outcome = await embedder.EmbedAsync(lease, request.Inputs, terms, cancellation);
            ServerTiming.Write(context, lease, outcome.Queue, outcome.Run, outcome.Device);
            AskedUsage.Write(context, outcome.Tokens);
            await EmbeddingResponseWriter.WriteAsync(context, request, outcome, cancellation);
        });
    }
}

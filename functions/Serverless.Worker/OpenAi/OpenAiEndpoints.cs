using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Catalog;
using Serverless.Models.Manifest;
using Serverless.Worker.Costs;
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

        await using var answer = new JsonAnswer(context, context.RequestAborted);
        ModelObject.WriteList(answer.Json, manifests);
        await answer.CompleteAsync();
    }

    private static async Task GetModelAsync(HttpContext context, ModelCatalog catalog)
    {
        var reference = ModelReference.Parse((string)context.Request.RouteValues["model"]!);
        var manifest = await catalog.GetAsync(reference, context.RequestAborted);
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        ModelObject.Write(answer.Json, manifest, reference.ToString());
        await answer.CompleteAsync();
    }

    private static async Task EmbedAsync(HttpContext context, ModelCalls calls)
    {
        EmbeddingRequest request;
        using (var body = await JsonBody.ReadAsync(context, context.RequestAborted))
            request = EmbeddingRequestReader.Read(body.Span);
        var price = AskedCost.Of(context);
        await calls.InferAsync(context, ModelReference.Parse(request.Model), async (_, lease, terms, cancellation) =>
        {
            var embedder = lease.Embedder ?? throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"Model '{request.Model}' does not embed texts: its task is {lease.Manifest.Task ?? ModelTasks.Generic}, not {ModelTasks.TextEmbedding}.",
                "model");
            var outcome = await embedder.EmbedAsync(lease, request.Inputs, terms, cancellation);
            ServerTiming.Write(context, lease, outcome.Queue, outcome.Run, outcome.Device);
            AskedUsage.Write(context, outcome.Tokens);
            await EmbeddingResponseWriter.WriteAsync(context, request, outcome, price, cancellation);
        });
    }
}

using Serverless.Inference.Tensors;
using Serverless.Worker.Http;

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

    private static async Task ListAsync(HttpContext context, RepositoryCalls repository)
    {
        var readyOnly = await ReadAsync(context, RepositoryRequests.ReadIndex);
        var rows = await repository.ListAsync(readyOnly, context.RequestAborted);
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        answer.Json.WriteStartArray();
        foreach (var row in rows)
        {
            answer.Json.WriteStartObject();
            answer.Json.WriteString("name", row.Name);
            answer.Json.WriteString("version", row.Version);
            answer.Json.WriteString("state", row.State);
            answer.Json.WriteString("reason", row.Reason);
            answer.Json.WriteEndObject();
        }

        answer.Json.WriteEndArray();
        await answer.CompleteAsync();
    }

    private static async Task LoadAsync(HttpContext context, RepositoryCalls repository)
    {
        await ReadAsync(context, RepositoryRequests.ReadLoad);
        await repository.LoadAsync(context, Model(context));
    }

    private static async Task UnloadAsync(HttpContext context, RepositoryCalls repository)
    {
        await ReadAsync(context, RepositoryRequests.ReadUnload);
        await repository.UnloadAsync(Model(context), context.RequestAborted);
    }

    private static async Task<bool> ReadAsync(HttpContext context, RequestReader read)
    {
        // All three take an empty body.
        if (context.Request.ContentLength is null or 0 && !context.Request.Headers.ContainsKey("Transfer-Encoding"))
            return false;
        using TensorBuffer body = await JsonBody.ReadAsync(context, context.RequestAborted);
        return read(body.Span);
    }

    private static string Model(HttpContext context) => (string)context.Request.RouteValues["model"]!;

    private delegate bool RequestReader(ReadOnlySpan<byte> body);
}

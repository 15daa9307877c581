using Serverless.Contracts.Models;
using Serverless.Worker.Generation.Chat;
using Serverless.Worker.Generation.Completions;
using Serverless.Worker.Generation.OpenInference;
using Serverless.Worker.Http;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Generation;

/// <summary>Text from decoders, in OpenAI's API and in the Open Inference Protocol's extension.</summary>
internal static class GenerationEndpoints
{
    // The longest prompts that models take are a few megabytes; what is read is tokenized before its length is known.
    private const long LargestBody = 16 << 20;

    public static void MapGeneration(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/completions", CompleteAsync);
        app.MapPost("/v1/chat/completions", ChatAsync);
        foreach (var model in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            app.MapPost(
                model + "/generate", static (HttpContext context, GenerationHandler handler) => GenerateAsync(context, handler, stream: false));
            app.MapPost(
                model + "/generate_stream", static (HttpContext context, GenerationHandler handler) => GenerateAsync(context, handler, stream: true));
        }
    }

    private static async Task CompleteAsync(HttpContext context, GenerationHandler handler)
    {
        CompletionDraft draft;
        using (var body = await JsonBody.ReadAsync(context, context.RequestAborted, LargestBody))
            draft = CompletionRequestReader.Read(body.Span);
        await handler.ServeAsync(context, ModelReference.Parse(draft.Model!), new CompletionCall(draft));
    }

    private static async Task ChatAsync(HttpContext context, GenerationHandler handler)
    {
        ChatDraft draft;
        using (var body = await JsonBody.ReadAsync(context, context.RequestAborted, LargestBody))
            draft = ChatRequestReader.Read(body.Span);
        await handler.ServeAsync(context, ModelReference.Parse(draft.Model!), new ChatCall(draft));
    }

    private static async Task GenerateAsync(HttpContext context, GenerationHandler handler, bool stream)
    {
        var route = context.Request.RouteValues;
        var reference = ModelPath.Reference((string)route["model"]!, (string?)route["version"]);
        GenerateDraft draft;
        using (var body = await JsonBody.ReadAsync(context, context.RequestAborted, LargestBody))
            draft = GenerateRequestReader.Read(body.Span, stream);
        await handler.ServeAsync(context, reference, new GenerateCall(draft));
    }
}

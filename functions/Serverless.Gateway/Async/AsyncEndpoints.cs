using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Contracts.Queues;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Async;

/// <summary><c>/v1/async</c>: single requests that are answered later.</summary>
internal sealed class AsyncEndpoints(AsyncSubmission submission, OperationStore store, OperationNotices notices)
{
    private const string Operations = "/v1/async/operations/";
    private const string PollSeconds = "1";

    public Task HandleAsync(HttpContext context, Caller caller, string[] path) => path switch
    {
        ["operations", var id] when context.Request.Method == "GET" => AnswerAsync(context, caller, id),
        ["operations", var id] when context.Request.Method == "DELETE" => CancelAsync(context, caller, id),
        ["operations", _] => throw Methods.NotAllowed(context, "GET, DELETE"),
        ["operations", var id, "cancel"] when context.Request.Method == "POST" => CancelAsync(context, caller, id),
        ["operations", _, "cancel"] => throw Methods.NotAllowed(context, "POST"),
        _ when context.Request.Method == "POST" => SubmitAsync(context, caller, EndpointOf(path)),
        _ => throw Methods.NotAllowed(context, "POST"),
    };

    /// <summary>Whether a request to a usual path asks for an answer later (RFC 7240).</summary>
    public static bool IsPreferred(HttpRequest request) =>
        request.Method == "POST"
        && request.Headers["Prefer"].Any(value => value is not null
            && value.Split(',').Any(preference => preference.Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Takes a request to <paramref name="endpoint"/> and answers 202 with where to ask for its answer.</summary>
    public async Task SubmitAsync(HttpContext context, Caller caller, string endpoint)
    {
        var row = await submission.SubmitAsync(context, caller, endpoint);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.Headers["Operation-Location"] = Operations + row.Id;
        response.Headers.Location = Operations + row.Id;
        response.Headers["Preference-Applied"] = "respond-async";
        response.Headers.RetryAfter = PollSeconds;
        await WriteAsync(context, row, null);
    }

    private static string EndpointOf(string[] path) =>
        path is ["v2", ..] ? "/" + string.Join('/', path) : "/v1/" + string.Join('/', path);

    private async Task AnswerAsync(HttpContext context, Caller caller, string id)
    {
        var row = await GetAsync(caller, id, context.RequestAborted);
        var result = await store.FindResultAsync(row.Id, context.RequestAborted);
        if (result is null)
            context.Response.Headers.RetryAfter = PollSeconds;
        await WriteAsync(context, row, result);
    }

    private async Task CancelAsync(HttpContext context, Caller caller, string id)
    {
        var row = await GetAsync(caller, id, context.RequestAborted);
        await store.TryAnswerAsync(row.Id, new InferenceError(ErrorKind.Cancelled, "The operation was cancelled."), row.Endpoint, context.RequestAborted);
        await notices.HandleAsync(new BatchEvent(row.Id, BatchEventKind.Answered, Owner: row.PartitionKey), context.RequestAborted);
        await WriteAsync(context, row, await store.FindResultAsync(row.Id, context.RequestAborted));
    }

    private async Task<OperationRow> GetAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        id.StartsWith(AsyncOperations.IdPrefix, StringComparison.Ordinal) && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        && await store.FindAsync(Tenant.Of(caller), id, cancellationToken) is { } row
            ? row
            : throw new InferenceException(ErrorKind.NotFound, "There is no such operation, or its time is over.");

    private static async Task WriteAsync(HttpContext context, OperationRow row, BinaryData? result)
    {
        using var answer = result is null ? null : JsonDocument.Parse(result.ToMemory());
        await ListJson.AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", row.Id);
            json.WriteString("object", "async.operation");
            json.WriteString("endpoint", row.Endpoint);
            json.WriteString("status", answer is null ? OperationStatus.Queued : OperationStatus.Of(answer.RootElement.GetProperty("status").GetInt32()));
            json.WriteNumber("created_at", row.CreatedAt.ToUnixTimeSeconds());
            json.WriteNumber("expires_at", row.ExpiresAt.ToUnixTimeSeconds());
            if (answer is not null)
            {
                json.WritePropertyName("result");
                answer.RootElement.WriteTo(json);
            }

            json.WriteEndObject();
        });
    }
}

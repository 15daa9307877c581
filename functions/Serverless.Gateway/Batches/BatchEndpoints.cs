using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Batches;

/// <summary><c>/v1/batches</c>.</summary>
internal sealed class BatchEndpoints(JobStorage storage, BatchTable batches, BatchIndex index, BatchCreation creation, BatchActions actions)
{
    private const int LongestPage = 100;
    private const int UsualPage = 20;
    private const int MaxBody = 64 << 10;

    public async Task HandleAsync(HttpContext context, Caller caller, string[] path)
    {
        await storage.ReadyAsync();
        await (path switch
        {
            [] when Is(context, "POST") => CreateAsync(context, caller),
            [] when Is(context, "GET") => ListAsync(context, caller),
            [] => throw Methods.NotAllowed(context, "GET, POST"),
            [var id] when Is(context, "GET") => GetAsync(context, caller, id),
            [_] => throw Methods.NotAllowed(context, "GET"),
            [var id, "cancel"] when Is(context, "POST") => ActAsync(context, caller, id, actions.CancelAsync),
            [var id, "redrive"] when Is(context, "POST") => ActAsync(context, caller, id, actions.RedriveAsync),
            [_, "cancel" or "redrive"] => throw Methods.NotAllowed(context, "POST"),
            _ => throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path."),
        });
    }

    private static bool Is(HttpContext context, string method) => context.Request.Method == method;

    private async Task CreateAsync(HttpContext context, Caller caller)
    {
        context.Request.Body = new LimitedBody(context.Request.Body, MaxBody);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var row = await creation.CreateAsync(BatchRequest.Read(body.GetBuffer().AsSpan(0, (int)body.Length)), caller, context.RequestAborted);
        await AnswerAsync(context, row);
    }

    private async Task ListAsync(HttpContext context, Caller caller)
    {
        var page = PageQuery.From(context.Request.Query, LongestPage, UsualPage, JobIds.IsBatch);
        var (rows, more) = await index.ListAsync(Tenant.Of(caller), page.After, page.Limit, context.RequestAborted);
        foreach (var row in rows)
            await CountAsync(row, context.RequestAborted);
        await ListJson.AnswerPageAsync(context, rows, more, row => row.Id, BatchJson.Write);
    }

    private async Task GetAsync(HttpContext context, Caller caller, string id) =>
        await AnswerAsync(context, await batches.GetAsync(Tenant.Of(caller), id, context.RequestAborted));

    private async Task ActAsync(HttpContext context, Caller caller, string id, Func<string, CancellationToken, Task<BatchRow>> act)
    {
        await batches.GetAsync(Tenant.Of(caller), id, context.RequestAborted);
        await AnswerAsync(context, await act(id, context.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext context, BatchRow row)
    {
        await CountAsync(row, context.RequestAborted);
        await ListJson.AnswerAsync(context, json => BatchJson.Write(json, row));
    }

    /// <summary>While shards are worked on, their rows are the counts; at the end the batch has its own.</summary>
    private async Task CountAsync(BatchRow row, CancellationToken cancellationToken)
    {
        if (row.Shards == 0 || row.State is not (BatchStatus.InProgress or BatchStatus.Finalizing or BatchStatus.Cancelling))
            return;
        var shards = await batches.ListShardsAsync(row.Id, cancellationToken);
        row.Completed = shards.Sum(shard => shard.Completed);
        row.Failed = shards.Sum(shard => shard.Failed);
        row.InputTokens = shards.Sum(shard => shard.InputTokens);
        row.OutputTokens = shards.Sum(shard => shard.OutputTokens);
    }
}

using Azure;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Authentication;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Jobs;

namespace Serverless.Gateway.Files;

/// <summary><c>/v1/files</c>.</summary>
internal sealed class FileEndpoints(JobStorage storage, FileTable files, FileUpload upload, BatchIndex batches)
{
    private const int LongestPage = 10_000;

    public async Task HandleAsync(HttpContext context, Caller caller, string[] path)
    {
        await storage.ReadyAsync();
        var tenant = Tenant.Of(caller);
        await (path switch
        {
            [] when Is(context, "POST") => UploadAsync(context, tenant),
            [] when Is(context, "GET") => ListAsync(context, tenant),
            [] => throw Methods.NotAllowed(context, "GET, POST"),
            [var id] when Is(context, "GET") => GetAsync(context, tenant, id),
            [var id] when Is(context, "DELETE") => DeleteAsync(context, tenant, id),
            [_] => throw Methods.NotAllowed(context, "GET, DELETE"),
            [var id, "content"] when Is(context, "GET") => ContentAsync(context, tenant, id),
            [_, "content"] => throw Methods.NotAllowed(context, "GET"),
            _ => throw new InferenceException(ErrorKind.NotFound, "There is nothing at this path."),
        });
    }

    private static bool Is(HttpContext context, string method) => context.Request.Method == method;

    private async Task UploadAsync(HttpContext context, string tenant)
    {
        var row = await upload.ReceiveAsync(context, tenant);
        await ListJson.AnswerAsync(context, json => FileJson.Write(json, row));
    }

    private async Task ListAsync(HttpContext context, string tenant)
    {
        var query = context.Request.Query;
        var page = PageQuery.From(query, LongestPage, LongestPage, JobIds.IsFile);
        var newestFirst = query["order"].ToString() switch
        {
            "" or "desc" => true,
            "asc" => false,
            _ => throw new InferenceException(ErrorKind.InvalidRequest, "'order' must be 'asc' or 'desc'.", "order"),
        };
        var purpose = query["purpose"].ToString() is { Length: > 0 } text ? text : null;
        var (rows, more) = await files.ListAsync(tenant, purpose, page.After, newestFirst, page.Limit, context.RequestAborted);
        await ListJson.AnswerPageAsync(context, rows, more, row => row.RowKey, FileJson.Write);
    }

    private async Task GetAsync(HttpContext context, string tenant, string id)
    {
        var row = await files.GetAsync(tenant, id, context.RequestAborted);
        await ListJson.AnswerAsync(context, json => FileJson.Write(json, row));
    }

    private async Task DeleteAsync(HttpContext context, string tenant, string id)
    {
        await files.GetAsync(tenant, id, context.RequestAborted);
        if (await batches.FindReaderAsync(tenant, id, context.RequestAborted) is { } batch)
            throw new InferenceException(ErrorKind.Conflict, $"The file is the input of '{batch}', which is not finished: cancel that first.");
        await files.DeleteAsync(tenant, id, context.RequestAborted);
        await ListJson.AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("object", "file");
            json.WriteBoolean("deleted", true);
            json.WriteEndObject();
        });
    }

    private async Task ContentAsync(HttpContext context, string tenant, string id)
    {
        var row = await files.GetAsync(tenant, id, context.RequestAborted);
        try
        {
            using var content = (await storage.Files.GetBlobClient(id).DownloadStreamingAsync(cancellationToken: context.RequestAborted)).Value;
            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = row.Bytes;
            await content.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            throw new InferenceException(ErrorKind.NotFound, "There is no such file.", "file_id", exception);
        }
    }
}
